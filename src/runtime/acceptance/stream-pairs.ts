// How close is what a run logged of one symbol's stream to what the store's data gives? Arrival times differ, so bits cannot be equal.
import { textToNumbers } from "../../core/exact-numbers.js";
import { standardDeviation } from "../../core/statistics.js";
import { FEATURES } from "../../features/catalogue.js";
import type { FeatureRow } from "../../features/feature-rows.js";
import { LEFT_OUT_CAUSES } from "../../features/row-rule.js";
import type { DecisionRecord } from "../records.js";
import type { Signal } from "../signal/signal.js";
import { circumstanceOf, type ParityDifference } from "./compare-bars.js";

/** Of the values that both know, the share beyond which a row lies apart. */
export const APART_SHARE: number = 1 / 4;

/** What of a symbol's bars can be compared at all. */
export interface StreamCounts {
  /** Values that the store has. */
  readonly known: number;
  /** Of these, those that the run had not: its stream began cold, or was lost. */
  readonly lacking: number;
  /** Bars that run or store take a side on, where both had what the model needs. */
  readonly staked: number;
}

/** A bar with what differs in it. */
export interface StreamBar {
  readonly logged: Pick<DecisionRecord, "side" | "reason">;
  readonly differences: readonly ParityDifference[];
}

interface Pair {
  readonly barEndUs: number;
  readonly side: DecisionRecord["side"];
  readonly reason: string;
  readonly logged: Float64Array;
  readonly stored: Float64Array;
  readonly signal: Signal;
}

/** Where data was lacking, silence says nothing of the code. */
const LACKS: ReadonlySet<string> = new Set([
  ...LEFT_OUT_CAUSES,
  ...["feed", "short window", "bad data"],
]);

/** Bars of one symbol that both have. */
export class StreamPairs {
  private readonly symbol: string;
  private readonly pairs: Pair[] = [];

  constructor(symbol: string) {
    this.symbol = symbol;
  }

  /** @returns the logged values */
  add(logged: DecisionRecord, row: FeatureRow, signal: Signal): Float64Array {
    const { barEndUs, side, reason } = logged;
    const values = textToNumbers(logged.features);
    this.pairs.push({ barEndUs, side, reason, logged: values, stored: row.values, signal });
    return values;
  }

  counts(): StreamCounts {
    let [known, lacking, staked] = [0, 0, 0];
    for (const { logged, stored, ...pair } of this.pairs) {
      for (const [i, value] of stored.entries()) {
        if (Number.isNaN(value)) continue;
        known++;
        if (Number.isNaN(logged[i]!)) lacking++;
      }
      if (hasSide(pair) && (pair.side !== 0 || pair.signal.side !== 0)) staked++;
    }
    return { known, lacking, staked };
  }

  /** In the order in which they were added. */
  bars(): readonly StreamBar[] {
    const scales = FEATURES.map((_, i) => this.scale(i));
    return this.pairs.map((pair) => ({
      logged: pair,
      differences: [...this.rowDifference(pair, scales), ...this.sideDifference(pair)],
    }));
  }

  /** Standard deviation of a feature: of the logged values where the stored ones do not move. */
  private scale(i: number): number {
    const of = (which: "logged" | "stored"): number => {
      const values = this.pairs.map((pair) => pair[which][i]!);
      return standardDeviation(values.filter((value) => !Number.isNaN(value)));
    };
    const stored = of("stored");
    if (stored > 0) return stored;
    return of("logged") || 0;
  }

  private rowDifference(pair: Pair, scales: readonly number[]): readonly ParityDifference[] {
    const { barEndUs, logged, stored } = pair;
    let [both, apart, most, worst] = [0, 0, 0, 0];
    for (const [i, scale] of scales.entries()) {
      const gap = Math.abs(logged[i]! - stored[i]!);
      if (Number.isNaN(gap)) continue;
      both++;
      if (gap <= scale) continue;
      apart++;
      if (gap / scale <= most) continue;
      most = gap / scale;
      worst = i;
    }
    if (apart <= APART_SHARE * both) return [];
    const told = (values: Float64Array): string =>
      `${FEATURES[worst]!.name} ${values[worst]} (of ${apart} values apart)`;
    const place = { symbol: this.symbol, barEndUs };
    return [{ ...place, part: "features", logged: told(logged), computed: told(stored) }];
  }

  private sideDifference(pair: Pair): readonly ParityDifference[] {
    const { barEndUs, side, signal } = pair;
    if (!hasSide(pair) || side === signal.side) return [];
    const sides = { logged: String(side), computed: String(signal.side) };
    return [{ symbol: this.symbol, barEndUs, part: "side", ...sides }];
  }
}

/** Whether the side followed from the signal alone, and both had what the model needs. */
function hasSide({ side, reason, signal }: Pick<Pair, "side" | "reason" | "signal">): boolean {
  if (LACKS.has(reason) || LACKS.has(signal.reason)) return false;
  return circumstanceOf({ side, reason }) === undefined;
}
