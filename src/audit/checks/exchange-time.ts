// Which messages say nothing of when they left the exchange?
import { counted } from "../../core/counted.js";
import type { AuditedType } from "../../store/audited-types.js";
import { type CheckResult, CLEAN } from "../finding.js";
import { hourOf } from "../measuring/hours.js";
import type { MessageBatch, MessageCheck } from "../measuring/messages.js";
import { Stretches } from "../measuring/stretches.js";

/**
 * Messages without an exchange time. Nothing is wrong with them but that their delay and the exchange's order are not known:
 * the checks of both leave them out.
 */
export function exchangeTime(type: AuditedType): MessageCheck {
  const stretches = new Stretches();
  const hours = new Set<number>();
  let messages = 0;
  let fromUs = Number.NaN;
  let lastUs = Number.NaN;
  const end = (): void => {
    if (!Number.isNaN(fromUs)) stretches.add(fromUs, lastUs);
    fromUs = Number.NaN;
  };
  return {
    update: ({ localUs, exchangeUs, count, continues }: MessageBatch) => {
      for (let m = 0; m < count; m++) {
        if (!Number.isNaN(exchangeUs[m]!)) {
          end();
          continue;
        }
        lastUs = localUs[m]!;
        if (Number.isNaN(fromUs)) fromUs = lastUs;
        hours.add(hourOf(lastUs));
        if (!(m === 0 && continues)) messages++;
      }
    },
    finish: (): CheckResult => {
      end();
      if (messages === 0) return CLEAN;
      const finding = {
        check: "clock-offset",
        type,
        count: messages,
        firstUs: stretches.firstUs,
        isFatal: false,
        value: messages,
        unit: "messages",
        detail: `${counted(messages, "message has", "messages have")} no exchange time, so their delay is not known`,
        spans: stretches.spans(),
      } as const;
      const reason = "no exchange time";
      const marks = [...hours].map((hourUs) => ({ hourUs, verdict: "usable", reason }) as const);
      return { findings: [finding], marks };
    },
  };
}
