// Do both clocks run forward?
import { counted } from "../../core/counted.js";
import { secondsText } from "../../core/seconds-text.js";
import { SECOND_US } from "../../core/time.js";
import type { AuditedType } from "../../store/audited-types.js";
import type { CheckResult, Finding } from "../finding.js";
import type { MessageBatch, MessageCheck } from "../measuring/messages.js";
import { Stretches } from "../measuring/stretches.js";
import type { AuditSettings } from "../settings.js";

/** Steps back of one clock. */
interface StepsBack {
  readonly places: Stretches;
  largestUs: number;
}

/**
 * Arrival times must never step back: features would see the future, so it is fatal. The exchange's own times may jitter;
 * larger steps back are a finding.
 */
export function order(
  type: AuditedType,
  { exchangeBackSeconds }: AuditSettings["order"],
): MessageCheck {
  const arrival: StepsBack = { places: new Stretches(), largestUs: 0 };
  const exchange: StepsBack = { places: new Stretches(), largestUs: 0 };
  const toleratedUs = exchangeBackSeconds * SECOND_US;
  let lastLocalUs = Number.NEGATIVE_INFINITY;
  let lastExchangeUs = Number.NEGATIVE_INFINITY;
  return {
    update: ({ localUs: localsUs, exchangeUs: exchangesUs, count }: MessageBatch) => {
      for (let m = 0; m < count; m++) {
        const localUs = localsUs[m]!;
        const exchangeUs = exchangesUs[m]!;
        if (localUs < lastLocalUs) note(arrival, localUs, lastLocalUs - localUs);
        lastLocalUs = localUs;
        // Beside the message before, not the latest of all: one time far ahead is one fault and not the rest of the day's.
        const backUs = lastExchangeUs - exchangeUs;
        if (backUs > toleratedUs) note(exchange, localUs, backUs);
        // One that is absent is no time to step back from.
        if (!Number.isNaN(exchangeUs)) lastExchangeUs = exchangeUs;
      }
    },
    finish: () => join(result(type, arrival, "arrival"), result(type, exchange, "exchange")),
  };
}

function note(steps: StepsBack, localUs: number, backUs: number): void {
  steps.places.add(localUs, localUs);
  steps.largestUs = Math.max(steps.largestUs, backUs);
}

function result(
  type: AuditedType,
  { places, largestUs }: StepsBack,
  clock: "arrival" | "exchange",
): CheckResult {
  if (places.count === 0) return { findings: [], marks: [] };
  const isFatal = clock === "arrival";
  const seconds = largestUs / 1e6;
  const finding: Finding = {
    check: "order",
    type,
    count: places.count,
    firstUs: places.firstUs,
    isFatal,
    value: seconds,
    unit: "s",
    detail: `${counted(places.count, "message")} with an ${clock} time before an earlier one's, by up to ${secondsText(seconds)}`,
    spans: places.spans(),
  };
  const verdict = isFatal ? "bad" : "usable";
  const reason = `${clock} time steps back`;
  return {
    findings: [finding],
    marks: places.hours().map((hourUs) => ({ hourUs, verdict, reason })),
  };
}

function join(a: CheckResult, b: CheckResult): CheckResult {
  return { findings: [...a.findings, ...b.findings], marks: [...a.marks, ...b.marks] };
}
