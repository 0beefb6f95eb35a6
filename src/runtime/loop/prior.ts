// What did an earlier process of the run write down that this one is about to decide again?
import type { DecisionRecord, OrderEndRecord } from "../records.js";

/** Decisions and withdrawn orders of the time that is gone through again. */
export interface Prior {
  readonly decision: (symbol: string, barEndUs: number) => DecisionRecord | undefined;
  readonly withdrawn: (orderId: string) => OrderEndRecord | undefined;
}

/** Nothing: a run that begins. */
export const NO_PRIOR: Prior = { decision: () => undefined, withdrawn: () => undefined };

/** Puts what was written down in order. */
export function priorOf(
  decisions: readonly DecisionRecord[],
  ends: readonly OrderEndRecord[],
): Prior {
  const key = (symbol: string, barEndUs: number): string => `${symbol} ${barEndUs}`;
  const byBar = new Map(decisions.map((one) => [key(one.symbol, one.barEndUs), one]));
  const withdrawn = new Map(
    ends.filter(({ status }) => status === "withdrawn").map((end) => [end.orderId, end]),
  );
  return {
    decision: (symbol, barEndUs) => byBar.get(key(symbol, barEndUs)),
    withdrawn: (orderId) => withdrawn.get(orderId),
  };
}

/** What a decision says where people or machines outside of the market decided: a second look cannot find that again. */
export const OUTSIDE = "outside: ";
