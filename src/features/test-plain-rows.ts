// For tests only: what every feature of the book is by definition, bar after bar, from plain lists of states and trades.
import type { BookRow } from "../market/test-snapshots.js";
import type { Trades } from "../store/tables.js";
import type { PlainColumns } from "./test-agreement.js";
import {
  average,
  type Flow,
  flows,
  imbalance,
  isValid,
  midOf,
  type Stretch,
  sum,
} from "./test-plain-book.js";
import type { Bars } from "./test-plain-trades.js";

interface Trade {
  readonly timeUs: number;
  readonly side: number;
  readonly price: number;
  readonly amount: number;
}

/** What happened in a bar and shortly before it. */
interface Around {
  readonly endUs: number;
  readonly barUs: number;
  readonly staleUs: number;
  readonly states: readonly BookRow[];
  readonly flow: readonly Flow[];
  readonly trades: readonly Trade[];
}

/** What lies in a stretch of a list in order of time. */
function during<Event extends { readonly timeUs: number }>(
  list: readonly Event[],
  stretch: Stretch,
): readonly Event[] {
  const [from, to] = stretch.map((timeUs) => {
    let [low, high] = [0, list.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (list[middle]!.timeUs < timeUs) low = middle + 1;
      else high = middle;
    }
    return low;
  });
  return list.slice(from, to);
}

/** Every feature of one bar that needs the book in it and no other, by its definition; `levels` are shown. */
function barFeatures(
  { endUs, barUs, staleUs, states, flow, trades }: Around,
  levels: number,
): Record<string, number> {
  const bar = [endUs - barUs, endUs] as const;
  const last = states.at(-1);
  const isThere = last !== undefined && endUs - last.timeUs <= staleUs && isValid(last);
  const at = isThere ? last : undefined;
  const averageOf = (value: (state: BookRow) => number): number =>
    average(states, bar, { staleUs, value });
  const costs = trades.flatMap(({ timeUs, side, price, amount }) => {
    let n = states.length - 1;
    while (n >= 0 && !(states[n]!.timeUs < timeUs && isValid(states[n]!))) n--;
    const before = states[n];
    if (side === 0 || before === undefined || timeUs - before.timeUs > staleUs) return [];
    const mid = midOf(before);
    return [{ amount, cost: (amount * 2e4 * side * (price - mid)) / mid }];
  });
  const ofAt = (value: (state: BookRow) => number): number => (at ? value(at) : Number.NaN);
  const decay = (state: BookRow): number => {
    const mid = midOf(state);
    return imbalance(state, 20, (price) => Math.exp(-(Math.abs(price - mid) / mid) * 2000));
  };
  return {
    mid: ofAt(midOf),
    obi_l1: ofAt((state) => imbalance(state, 1)),
    obi_l5: ofAt((state) => imbalance(state, 5)),
    obi_l20_decay: levels < 20 ? Number.NaN : ofAt(decay),
    obi_twa_l5: averageOf((state) => imbalance(state, 5)),
    ofi_norm:
      sum(flow.map(({ amount }) => amount)) /
      averageOf(({ bids, asks }) => (bids[0]![1] + asks[0]![1]) / 2),
    quoted_spread_bps: averageOf(
      (state) => (1e4 * (state.asks[0]![0] - state.bids[0]![0])) / midOf(state),
    ),
    effective_spread_bps: sum(costs.map(({ cost }) => cost)) / sum(costs.map((c) => c.amount)),
  };
}

/** ln of the spread against the 60 bars before: half of them at least, sample deviation at least 0.05, clipped to ±8. */
function spreadScores(spreads: readonly number[]): number[] {
  const logs = spreads.map(Math.log);
  return logs.map((now, i) => {
    const before = logs.slice(Math.max(0, i - 60), i).filter((x) => !Number.isNaN(x));
    if (before.length < 30) return Number.NaN;
    const mean = sum(before) / before.length;
    const deviation = Math.sqrt(sum(before.map((x) => (x - mean) ** 2)) / (before.length - 1));
    return Math.min(8, Math.max(-8, (now - mean) / Math.max(deviation, 0.05)));
  });
}

/** Least-squares slope of y on x; NaN where all x are equal. */
function slopeOf(points: readonly { readonly x: number; readonly y: number }[]): number {
  const meanX = sum(points.map(({ x }) => x)) / points.length;
  const meanY = sum(points.map(({ y }) => y)) / points.length;
  const products = sum(points.map(({ x, y }) => (x - meanX) * (y - meanY)));
  return products / sum(points.map(({ x }) => (x - meanX) ** 2));
}

/**
 * Slopes of the mid's move (bps) on signed notional (million) over 60 sixths of a bar, at the end of each bar. Half of the
 * sixths at least must have a valid mid at both ends.
 */
function impactSlopes(
  states: readonly BookRow[],
  trades: readonly Trade[],
  { fromUs, barUs, count, staleUs }: Bars & { readonly staleUs: number },
): number[] {
  let next = 0;
  const mids = Array.from({ length: 6 * count + 1 }, (_, part) => {
    const endUs = fromUs + (part * barUs) / 6;
    while (next < states.length && states[next]!.timeUs < endUs) next++;
    const last = states[next - 1];
    const isFresh = last !== undefined && Math.ceil(endUs) - last.timeUs <= staleUs;
    return isFresh && isValid(last) ? midOf(last) : Number.NaN;
  });
  const parts = mids.slice(1).map((mid, part) => {
    return { x: 0, y: (1e4 * (mid - mids[part]!)) / mids[part]! };
  });
  for (const { timeUs, side, price, amount } of trades) {
    parts[Math.floor((6 * (timeUs - fromUs)) / barUs)]!.x += (side * price * amount) / 1e6;
  }
  return Array.from({ length: count }, (_, bar) => {
    const last = parts.slice(Math.max(0, 6 * bar - 54), 6 * bar + 6);
    const there = last.filter(({ y }) => !Number.isNaN(y));
    return last.length < 60 || there.length < 30 ? Number.NaN : slopeOf(there);
  });
}

/**
 * The mid and features 34–38 and 49–52 of every bar.
 *
 * @param options.levels - how many of the book its source shows
 * @param options.staleUs - a state is valid for so long
 */
export function plainBookColumns(
  states: readonly BookRow[],
  columns: Trades,
  options: Bars & { readonly staleUs: number; readonly levels: number },
): PlainColumns {
  const { fromUs, barUs, count, staleUs, levels } = options;
  const flow = flows(states, staleUs);
  const trades = Array.from(columns.price, (price, i) => ({
    timeUs: columns.localTimestampUs[i]!,
    side: columns.side[i]!,
    price,
    amount: columns.amount[i]!,
  }));
  const rows = Array.from({ length: count }, (_, bar) => {
    const beginUs = fromUs + bar * barUs;
    const endUs = beginUs + barUs;
    const around = {
      endUs,
      barUs,
      staleUs,
      // The state in force at the bar's begin came before it, and one older than that says nothing.
      states: during(states, [beginUs - staleUs, endUs]),
      flow: during(flow, [beginUs, endUs]),
      trades: during(trades, [beginUs, endUs]),
    };
    return barFeatures(around, levels);
  });
  const names = Object.keys(rows[0]!);
  const plain = Object.fromEntries(names.map((name) => [name, rows.map((row) => row[name]!)]));
  return {
    ...plain,
    spread_z: spreadScores(plain["quoted_spread_bps"]!),
    kyle_lambda: impactSlopes(states, trades, options),
  };
}
