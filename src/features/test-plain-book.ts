// For tests only: what features of the book are by definition, computed slowly and plainly from a list of its states.
import type { BookRow, Levels } from "../market/test-snapshots.js";

/** From one time to before another, µs. */
export type Stretch = readonly [fromUs: number, toUs: number];

/** Sum of a list. */
export const sum = (values: readonly number[]): number => values.reduce((all, x) => all + x, 0);

/** Whether both sides are there and do not cross. */
export const isValid = ({ bids, asks }: BookRow): boolean =>
  bids.length > 0 && asks.length > 0 && bids[0]![0] < asks[0]![0];

/** Mean of the best prices. */
export const midOf = ({ bids, asks }: BookRow): number => (bids[0]![0] + asks[0]![0]) / 2;

/** Σ w(qᵇ − qᵃ)/Σ w(qᵇ + qᵃ) over the best n levels. */
export function imbalance(
  { bids, asks }: BookRow,
  n: number,
  weight: (price: number) => number = () => 1,
): number {
  const side = (levels: Levels): number =>
    sum(levels.slice(0, n).map(([price, amount]) => amount * weight(price)));
  return (side(bids) - side(asks)) / (side(bids) + side(asks));
}

/** eₙ of Cont, Kukanov & Stoikov (2014), from one state to the next. */
function flow(before: BookRow, after: BookRow): number {
  const [[p0, q0], [p1, q1]] = [before.bids[0]!, after.bids[0]!];
  const [[r0, s0], [r1, s1]] = [before.asks[0]!, after.asks[0]!];
  return (
    Number(p1 >= p0) * q1 - Number(p1 <= p0) * q0 + Number(r1 >= r0) * s0 - Number(r1 <= r0) * s1
  );
}

/** Order flow by the arrival time of the later state. */
export interface Flow {
  readonly timeUs: number;
  readonly amount: number;
}

/**
 * The differences between valid states that are order flow: not those into a snapshot, nor the first after one, nor the
 * first that the states tell of a UTC day.
 *
 * @param staleUs - a state is valid for so long
 */
export function flows(states: readonly BookRow[], staleUs: number): readonly Flow[] {
  const counted: Flow[] = [];
  let isFirst = true;
  for (let n = 1; n < states.length; n++) {
    const [a, b] = [states[n - 1]!, states[n]!];
    if (b.isSnapshot || Math.floor(a.timeUs / 864e8) !== Math.floor(b.timeUs / 864e8)) {
      isFirst = true;
    }
    if (b.isSnapshot || !isValid(a) || !isValid(b) || b.timeUs - a.timeUs > staleUs) continue;
    if (!isFirst) counted.push({ timeUs: b.timeUs, amount: flow(a, b) });
    isFirst = false;
  }
  return counted;
}

/** Time average over the valid part of a stretch. */
export function average(
  states: readonly BookRow[],
  [fromUs, toUs]: Stretch,
  { staleUs, value }: { readonly staleUs: number; readonly value: (state: BookRow) => number },
): number {
  const pieces = states.flatMap((state, n) => {
    const nextUs = states[n + 1]?.timeUs ?? Number.POSITIVE_INFINITY;
    const begin = Math.max(state.timeUs, fromUs);
    const end = Math.min(nextUs, toUs, state.timeUs + staleUs);
    return isValid(state) && end > begin ? [{ length: end - begin, value: value(state) }] : [];
  });
  return sum(pieces.map((piece) => piece.value * piece.length)) / sum(pieces.map((p) => p.length));
}
