// Is a comparison of a run with the store good enough, symbol by symbol?
import { wilsonInterval } from "../../core/wilson-interval.js";
import type { Parity } from "./parity.js";
import type { SymbolParity } from "./parity-findings.js";
import { APART_SHARE, type StreamCounts } from "./stream-pairs.js";

/**
 * How far a stream may be from the store's days, as ratios of one symbol's bars. Arrival times that are some tenths of a second
 * off move what stands at a bar's end, such as the imbalance of the best level, and leave what is summed over a bar where it was.
 * Of rows that have nothing to do with each other half of the values lie over a deviation apart, so that a row is apart where a
 * quarter does. Scores that correlate by 0.98 differ in side on 14 to 32 % of the bars that one of them stakes on (80 to 5 % of
 * all bars staked), scores that do not correlate on 67 to 99 %.
 */
export const STREAM_BOUNDS = {
  /** Bars that only one has, and those whose rows lie apart. */
  rows: 0.05,
  /** Staked bars with another side, by the lower end of Wilson's 95 % interval. */
  sides: 0.4,
  /** Values that the store has and the run had not. */
  lacking: 0.5,
} as const;

/** A symbol's figures that are held against the bounds, as ratios; NaN where there is nothing to tell of. */
export interface StreamShares {
  readonly rows: number;
  readonly sides: number;
  /** Of `sides`. */
  readonly sidesLower: number;
  readonly lacking: number;
}

/** Shares of one symbol's stream. */
export function streamShares({
  bars,
  differences,
  stream,
}: SymbolParity & { readonly stream: StreamCounts }): StreamShares {
  const { known, lacking, staked } = stream;
  const { estimate, lower } = wilsonInterval(differences.side, staked);
  return {
    rows: rowsApart(differences) / bars,
    ...{ sides: estimate, sidesLower: lower, lacking: lacking / known },
  };
}

/** Bars that only one has, and those whose rows lie apart. */
export function rowsApart(differences: SymbolParity["differences"]): number {
  return differences["decision missing"] + differences["stored row missing"] + differences.features;
}

/** The bounds in words. */
export function boundText(): string {
  const { rows, sides, lacking } = STREAM_BOUNDS;
  return (
    `a stream's arrival times are not the vendor's, so bits are not compared; of each symbol at most ${percent(rows)} of the bars may be apart ` +
    `(only run or store has them, or more than ${percent(APART_SHARE)} of the values that both have lie over one standard deviation apart), ` +
    `${percent(sides)} of the staked bars may have another side (by the lower end of the 95 % interval), ` +
    `and ${percent(lacking)} of the store's values may be unknown to the run`
  );
}

/** Why it is not good enough, a sentence a fault; none where it is. Where nothing of a symbol was compared, nothing is known of it. */
export function parityFaults({ symbols }: Pick<Parity, "symbols">): readonly string[] {
  return symbols.flatMap((one) => symbolFaults(one).map((fault) => `${one.symbol}: ${fault}`));
}

/** The same of one symbol. */
export function symbolFaults(one: SymbolParity): readonly string[] {
  const { bars, differentBars, stream } = one;
  if (bars === 0) return ["no bar was compared"];
  if (stream === null) return differentBars === 0 ? [] : ["bars differ"];
  const { rows, sidesLower, lacking } = streamShares({ ...one, stream });
  return [
    ...(rows > STREAM_BOUNDS.rows ? ["too many bars are apart"] : []),
    ...(sidesLower > STREAM_BOUNDS.sides ? ["too many sides are others"] : []),
    ...(lacking > STREAM_BOUNDS.lacking ? ["too many values were unknown to the run"] : []),
  ];
}

function percent(ratio: number): string {
  return `${Math.round(100 * ratio)} %`;
}
