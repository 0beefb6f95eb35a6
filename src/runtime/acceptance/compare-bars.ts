// Is what was written down of a symbol's bars what a second computation gives?
import { numbersToText, numberToText, textToNumbers } from "../../core/exact-numbers.js";
import { FEATURES } from "../../features/catalogue.js";
import type { FeatureRow } from "../../features/feature-rows.js";
import { OUTSIDE } from "../loop/prior.js";
import type { DecisionRecord } from "../records.js";
import { ABSTENTIONS, type Signal } from "../signal/signal.js";

/** What of a bar is compared. */
export const COMPARED = [
  "decision missing",
  "stored row missing",
  "features",
  "mask",
  "mid",
  "probability",
  "side",
  "reason",
] as const;

/** One of them. */
export type ComparedPart = (typeof COMPARED)[number];

/** A difference with its place. */
export interface ParityDifference {
  readonly symbol: string;
  readonly barEndUs: number;
  readonly part: ComparedPart;
  /** What the journal holds, and what the computation gave; of features the first that differs. */
  readonly logged: string;
  readonly computed: string;
}

const FROM_SIGNALS: ReadonlySet<string> = new Set(ABSTENTIONS);

/** Differences of features, mask and mid of a bar. */
export function rowDifferences(
  logged: DecisionRecord,
  row: FeatureRow,
): readonly ParityDifference[] {
  const { symbol, barEndUs } = logged;
  const found: ParityDifference[] = [];
  const add = (part: ComparedPart, was: string, computed: string): void => {
    if (was !== computed) found.push({ symbol, barEndUs, part, logged: was, computed });
  };
  if (logged.features !== numbersToText(row.values)) {
    const values = textToNumbers(logged.features);
    const at = FEATURES.findIndex((_, i) => !Object.is(values[i], row.values[i]));
    const told = (value: number | undefined): string =>
      `${FEATURES[at]?.name ?? "length"} ${value}`;
    add("features", told(values[at]), told(row.values[at]));
  }
  add("mask", logged.valid, row.valid.toString());
  add("mid", numberToText(logged.mid), numberToText(row.mid));
  return found;
}

/**
 * Differences of the decision on a bar. What account, limits and people decided is not computed again: such a bar must have the
 * same probability, and a side where the signal has that.
 */
export function signalDifferences(
  logged: DecisionRecord,
  signal: Signal,
): readonly ParityDifference[] {
  const { symbol, barEndUs, reason, side } = logged;
  const found: ParityDifference[] = [];
  const add = (part: ComparedPart, was: string, computed: string): void => {
    if (was !== computed) found.push({ symbol, barEndUs, part, logged: was, computed });
  };
  add("probability", numberToText(logged.probability), numberToText(signal.probability));
  if (side !== 0 || isSignals(logged)) add("side", String(side), String(signal.side));
  // What people said is told before whatever the signal says; account and limits are asked only where it has nothing to say.
  if (!reason.startsWith(OUTSIDE)) add("reason", isSignals(logged) ? reason : "", signal.reason);
  return found;
}

/** Whether the decision follows from the signal alone. */
function isSignals({ side, reason }: Pick<DecisionRecord, "side" | "reason">): boolean {
  return FROM_SIGNALS.has(reason) || (reason === "" && side !== 0);
}

/** What decided besides the signal; undefined where nothing did. */
export function circumstanceOf(
  logged: Pick<DecisionRecord, "side" | "reason">,
): string | undefined {
  const { reason } = logged;
  if (reason === "feed") return reason;
  if (isSignals(logged)) return undefined;
  return reason === "" ? "nothing to order" : reason;
}
