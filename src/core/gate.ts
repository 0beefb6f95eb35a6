import type { Interval } from "./interval.js";

/** How a gate came out; what cannot be measured is undecided, never a pass. */
export type GateVerdict = "pass" | "fail" | "undecided";

/** One condition of a promotion, or of a run, with what was measured. */
export interface Gate {
  readonly name: string;
  readonly rule: string;
  /** NaN where it could not be measured. */
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
  /** How far the value is on the right side of the rule's limit; negative on the wrong one. */
  readonly margin: number;
  readonly verdict: GateVerdict;
  /** Why it is undecided or failed, where the figures alone do not say. */
  readonly reason?: string;
  /** What to read the value beside. */
  readonly beside?: string;
}

/** A gate on a figure with an interval; undecided where either is not known. */
export function measured(
  name: string,
  rule: string,
  { estimate, lower, upper }: Interval,
  margin: number,
  decide: () => GateVerdict,
): Gate {
  const isKnown = [estimate, lower, upper, margin].every(Number.isFinite);
  const verdict = isKnown ? decide() : "undecided";
  return { name, rule, value: estimate, lower, upper, margin, verdict };
}

/** A figure without scatter that must equal a limit. */
export function plain(name: string, rule: string, value: number, limit: number): Gate {
  const verdict = Number.isNaN(value) ? "undecided" : value === limit ? "pass" : "fail";
  return {
    name,
    rule,
    value,
    lower: value,
    upper: value,
    margin: -Math.abs(value - limit),
    verdict,
  };
}

/** Fail when one fails, pass when all pass, else undecided; no gates at all are undecided. */
export function gatesVerdict(gates: readonly Gate[]): GateVerdict {
  if (gates.some(({ verdict }) => verdict === "fail")) return "fail";
  const allPass = gates.length > 0 && gates.every(({ verdict }) => verdict === "pass");
  return allPass ? "pass" : "undecided";
}
