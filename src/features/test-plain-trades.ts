// For tests only: what features that look back a day or a month are by definition, from trades one by one and plain arrays.
import type { Trades } from "../store/tables.js";
import { sum } from "./test-plain-book.js";

/** Consecutive bars. */
export interface Bars {
  /** Begin of the first, µs. */
  readonly fromUs: number;
  readonly barUs: number;
  readonly count: number;
}

const DAY_US = 864e8;

/** Indexes of the trades of each bar. */
export function tradesByBar(
  { localTimestampUs }: Trades,
  { fromUs, barUs, count }: Bars,
): number[][] {
  const byBar: number[][] = Array.from({ length: count }, () => []);
  localTimestampUs.forEach((timeUs, i) => {
    byBar[Math.floor((timeUs - fromUs) / barUs)]!.push(i);
  });
  return byBar;
}

/** Features 31–33: the sum of a day's squared returns, ranked by counting among those of the 30 days before. */
export function plainRegimes(
  trades: Trades,
  bars: Bars,
): Readonly<Record<"vol_regime_low" | "vol_regime_normal" | "vol_regime_high", number[]>> {
  const day = DAY_US / bars.barUs;
  let close = Number.NaN;
  const squares = tradesByBar(trades, bars).map((list) => {
    const before = close;
    close = list.length > 0 ? trades.price[list.at(-1)!]! : close;
    return Math.log(close / before) ** 2;
  });
  const volatility = squares.map((_, k) =>
    k < day - 1 ? Number.NaN : Math.sqrt(sum(squares.slice(k - day + 1, k + 1))),
  );
  // Twice the mid-rank and three times a share are whole numbers: a rank of just a third cannot be rounded.
  const isIn = (test: (rank: number, n: number) => boolean): number[] =>
    volatility.map((now, k) => {
      const before = volatility.slice(Math.max(0, k - 30 * day), k).filter((x) => !Number.isNaN(x));
      if (Number.isNaN(now) || before.length < day) return Number.NaN;
      const twice = sum(before.map((x) => (x < now ? 2 : x === now ? 1 : 0)));
      return Number(test(3 * twice, 2 * before.length));
    });
  return {
    vol_regime_low: isIn((rank, n) => rank < n),
    vol_regime_normal: isIn((rank, n) => rank >= n && rank <= 2 * n),
    vol_regime_high: isIn((rank, n) => rank > 2 * n),
  };
}

/** Sizes of the orders among some trades: neighbours of one exchange time and side. */
function orderSizes({ timestampUs, side, amount }: Trades, list: readonly number[]): number[] {
  const sizes: number[] = [];
  list.forEach((i, n) => {
    const before = list[n - 1];
    const goesOn =
      before !== undefined && timestampUs[i] === timestampUs[before] && side[i] === side[before];
    if (goesOn) sizes[sizes.length - 1]! += amount[i]!;
    else sizes.push(amount[i]!);
  });
  return sizes;
}

/** Feature 42: all orders of the day before are sorted for each bar. */
export function plainLargeShare(trades: Trades, bars: Bars): number[] {
  const day = DAY_US / bars.barUs;
  const sizes = tradesByBar(trades, bars).map((list) => orderSizes(trades, list));
  return sizes.map((own, k) => {
    const before = sizes.slice(Math.max(0, k - day), k).flat();
    if (k < day || before.length === 0 || own.length === 0) return Number.NaN;
    before.sort((a, b) => a - b);
    const large = before[Math.ceil((19 * before.length) / 20) - 1]!;
    return sum(own.filter((size) => size >= large)) / sum(own);
  });
}

/**
 * Feature 43: every trade by itself is poured into buckets. All volumes are whole numbers of fiftieths of the smallest unit,
 * so a bucket is full or it is not.
 *
 * @param unitsPerOne - every amount is a whole number of units of which so many make 1
 */
export function plainVpin(trades: Trades, bars: Bars, unitsPerOne: number): number[] {
  const day = DAY_US / bars.barUs;
  const units = trades.amount.map((amount) => amount * unitsPerOne);
  if (!units.every(Number.isInteger)) throw new Error("amounts are to be whole units");
  const byBar = tradesByBar(trades, bars);
  const volumes = byBar.map((list) => sum(list.map((i) => units[i]!)));
  const completed: { readonly imbalance: number; readonly size: number }[] = [];
  let open = { size: 0, left: 0, signed: 0 };
  return byBar.map((list, k) => {
    // A fiftieth of the day's volume, in fiftieths.
    const fresh = k < day ? 0 : sum(volumes.slice(k - day, k));
    for (const i of list) {
      for (let left = 50 * units[i]!; left > 0; ) {
        if (open.left === 0) {
          // Without a day's volume there is no bucket to pour into.
          if (fresh === 0) break;
          open = { size: fresh, left: fresh, signed: 0 };
        }
        const taken = Math.min(left, open.left);
        left -= taken;
        open.left -= taken;
        open.signed += trades.side[i]! * taken;
        if (open.left > 0) continue;
        completed.push({ imbalance: Math.abs(open.signed), size: open.size });
      }
    }
    const last = completed.slice(-50);
    if (last.length < 50) return Number.NaN;
    return sum(last.map(({ imbalance }) => imbalance)) / sum(last.map(({ size }) => size));
  });
}
