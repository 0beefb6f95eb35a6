// Do both clocks run forward?
import type {
  AuditedType,
  CheckResult,
  Finding,
  HourMark,
  RowCheck,
  TimedRows,
} from "./finding.js";
import { hourOf } from "./finding.js";
import type { AuditSettings } from "./settings.js";

/** Steps back of one clock. */
interface StepsBack {
  count: number;
  firstUs: number;
  largestUs: number;
  readonly hours: Set<number>;
}

/**
 * Arrival times must never step back: features would see the future, so it is fatal. The exchange's own times may jitter;
 * larger steps back are a finding.
 */
export function order(type: AuditedType, { exchangeClockBackUs }: AuditSettings): RowCheck {
  const arrival: StepsBack = stepsBack();
  const exchange: StepsBack = stepsBack();
  let lastLocalUs = Number.NEGATIVE_INFINITY;
  let latestExchangeUs = Number.NEGATIVE_INFINITY;
  return {
    update: ({ localTimestampUs, timestampUs }: TimedRows) => {
      for (let i = 0; i < localTimestampUs.length; i++) {
        const localUs = localTimestampUs[i]!;
        const exchangeUs = timestampUs[i]!;
        if (localUs < lastLocalUs) note(arrival, localUs, lastLocalUs - localUs);
        lastLocalUs = localUs;
        const back = latestExchangeUs - exchangeUs;
        if (back > exchangeClockBackUs) note(exchange, localUs, back);
        if (exchangeUs > latestExchangeUs) latestExchangeUs = exchangeUs;
      }
    },
    finish: () => join(result(type, arrival, "arrival"), result(type, exchange, "exchange")),
  };
}

function stepsBack(): StepsBack {
  return { count: 0, firstUs: Number.NaN, largestUs: 0, hours: new Set() };
}

function note(steps: StepsBack, localUs: number, backUs: number): void {
  if (steps.count === 0) steps.firstUs = localUs;
  steps.count++;
  steps.largestUs = Math.max(steps.largestUs, backUs);
  steps.hours.add(hourOf(localUs));
}

function result(type: AuditedType, steps: StepsBack, clock: "arrival" | "exchange"): CheckResult {
  if (steps.count === 0) return { findings: [], marks: [] };
  const isFatal = clock === "arrival";
  const seconds = steps.largestUs / 1e6;
  const finding: Finding = {
    check: "order",
    type,
    count: steps.count,
    firstUs: steps.firstUs,
    isFatal,
    value: seconds,
    unit: "s",
    detail: `${steps.count} rows with an ${clock} time before an earlier row's, by up to ${seconds} s`,
  };
  const marks: HourMark[] = [...steps.hours].map((hourUs) => ({
    hourUs,
    verdict: isFatal ? "bad" : "usable",
    reason: `${clock} time steps back`,
  }));
  return { findings: [finding], marks };
}

function join(a: CheckResult, b: CheckResult): CheckResult {
  return { findings: [...a.findings, ...b.findings], marks: [...a.marks, ...b.marks] };
}
