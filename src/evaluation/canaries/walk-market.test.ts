import { expect, test } from "vitest";
import { seededRandom } from "../../core/random.js";
import { mean, standardDeviation } from "../../core/statistics.js";
import { MINUTE_US } from "../../core/time.js";
import type { SymbolSeries } from "../../dataset/symbol-series.js";
import { COINS } from "../../market/contract.js";
import { persistentMarket } from "../test-persistent-market.js";
import { eventSeries, type SeriesSettings } from "./event-series.js";
import { walkMarket, walkSpan } from "./walk-market.js";
import { walkPath } from "./walk-path.js";

const LATENCY_US = 500_000;
const NAMES = ["close", "volume_ratio_60", "obi_l20_decay", "ofi_norm", "tfi"];
const SETTINGS: SeriesSettings = {
  names: NAMES,
  barUs: MINUTE_US,
  staleAfterUs: MINUTE_US - 1,
  latencyUs: LATENCY_US,
  horizonUs: 5 * MINUTE_US,
  contract: COINS,
};

/** A market with bars missing, and without a price at some places. */
const dataset = (() => {
  const market = persistentMarket(0, 8);
  const entryPrice = market.entryPrice.slice();
  entryPrice.fill(Number.NaN, 700, 701).fill(Number.NaN, 1200, 1206).fill(Number.NaN, 4000, 4002);
  // An hour is missing in the first symbol.
  const barEndUs = market.barEndUs.map((endUs, row) =>
    row >= 1500 && row < 3000 ? endUs + 60 * MINUTE_US : endUs,
  );
  return { ...market, entryPrice, barEndUs };
})();

async function walked(seed: number): Promise<readonly SymbolSeries[]> {
  const { events } = walkMarket(dataset, walkSpan(dataset), seed);
  return await Promise.all(events.map((runs) => eventSeries(runs, SETTINGS)));
}

test("a walk has the market's bars, and a price where the market has one and nowhere else", async () => {
  const series = await walked(1);
  const { hasPrice } = walkMarket(dataset, walkSpan(dataset), 1);
  series.forEach(({ barEndUs, entryPrice, mid }, s) => {
    const own = { from: 3000 * s, to: 3000 * (s + 1) };
    expect(barEndUs).toEqual(dataset.barEndUs.slice(own.from, own.to));
    for (let row = 0; row < 3000; row++) {
      const isEnd = barEndUs[row + 1] !== barEndUs[row]! + MINUTE_US;
      // Behind the end of the data nobody knows the price.
      const expected = !isEnd && hasPrice[own.from + row] === 1;
      expect([row, !Number.isNaN(entryPrice[row]!)]).toEqual([row, expected]);
    }
    expect(mid.filter((value) => !Number.isNaN(value)).length).toBeGreaterThan(2900);
  });
  const isSilent = (row: number): boolean => hasPrice[row] === 0;
  expect([700, 1200, 1205, 4000, 4001].every(isSilent)).toBe(true);
  // Some gaps more are planted, so that every walk has any.
  const silent = hasPrice.filter((has) => has === 0).length;
  expect(silent).toBeGreaterThan(9 + 4);
  expect(silent).toBeLessThan(9 + 60);
});

test("each bar of a walk moves as far as the market did, to half a tick, and a coin says which way", () => {
  const path = walkPath(dataset, 0, 1500, seededRandom(1));
  const { late, early, tick } = path;
  const ups: number[] = [];
  let wasPrice = dataset.entryPrice[0]!;
  for (let row = 1; row < 1500; row++) {
    const price = dataset.entryPrice[row]!;
    if (Number.isNaN(price)) continue;
    const size = Math.abs(Math.log(price / wasPrice));
    wasPrice = price;
    const last = late[row - 1]!;
    const allowed = 1.1 / last;
    expect(Math.abs(Math.abs(Math.log(late[row]! / last)) - size)).toBeLessThan(allowed);
    expect(Math.abs(Math.abs(Math.log(early[row]! / last)) - size / 4)).toBeLessThan(allowed);
    ups.push(late[row]! > last ? 1 : 0);
  }
  expect(Number.isInteger(Math.log2(tick))).toBe(true);
  expect(Math.abs(mean(ups) - 0.5)).toBeLessThan((4 * 0.5) / Math.sqrt(ups.length));
  const repeats = ups.slice(1).map((up, i) => Number(up === ups[i]));
  expect(Math.abs(mean(repeats) - 0.5)).toBeLessThan((4 * 0.5) / Math.sqrt(ups.length));
});

test("the walk's features know what has happened and nothing of what is to come", async () => {
  const correlation = (a: readonly number[], b: readonly number[]): number => {
    const scaled = (x: readonly number[]): number[] => {
      const [center, deviation] = [mean(x), standardDeviation(x)];
      return x.map((value) => (value - center) / deviation);
    };
    const right = scaled(b);
    return mean(scaled(a).map((value, i) => value * right[i]!));
  };
  const now: Record<string, number[]> = { move: [], ofi_norm: [], obi_l20_decay: [], tfi: [] };
  const next: number[] = [];
  for (const { entryPrice, values, mid } of await walked(2)) {
    for (let row = 1; row < 2999; row++) {
      const later = Math.log(entryPrice[row + 1]! / entryPrice[row]!);
      const move = Math.log(mid[row]! / mid[row - 1]!);
      const features = ["ofi_norm", "obi_l20_decay", "tfi"].map((name) => values[name]![row]!);
      if ([later, move, ...features].some(Number.isNaN)) continue;
      next.push(later);
      now["move"]!.push(move);
      ["ofi_norm", "obi_l20_decay", "tfi"].forEach((name, i) => {
        now[name]!.push(features[i]!);
      });
    }
  }
  expect(next.length).toBeGreaterThan(5500);
  const limit = 4 / Math.sqrt(next.length);
  for (const [name, values] of Object.entries(now)) {
    expect([name, Math.abs(correlation(values, next)) < limit]).toEqual([name, true]);
  }
  // That there is something to know: order flow follows the move of its own bar.
  expect(correlation(now["move"]!, now["ofi_norm"]!)).toBeGreaterThan(0.5);
});

test("symbols walk apart, another seed walks another way, and the same one the same", async () => {
  const [one, again, other] = [await walked(3), await walked(3), await walked(4)];
  expect(again).toEqual(one);
  const moves = ({ mid }: SymbolSeries): number[] =>
    Array.from({ length: 600 }, (_, row) => Math.sign(mid[row + 1]! - mid[row]!));
  const agree = (a: SymbolSeries, b: SymbolSeries): number => {
    const right = moves(b);
    return mean(moves(a).map((sign, i) => Number(sign === right[i])));
  };
  for (const share of [agree(one[0]!, one[1]!), agree(one[0]!, other[0]!)]) {
    expect(Math.abs(share - 0.5)).toBeLessThan((4 * 0.5) / Math.sqrt(600));
  }
});

test("a market without a book gives a walk of trades alone, whose closes do not bounce", async () => {
  const tape = { ...dataset, labelKind: "close" as const, latencyUs: 0 };
  const { events } = walkMarket(tape, walkSpan(tape), 1);
  const { entryPrice, mid, values } = await eventSeries(events[1]!, SETTINGS);
  expect(mid.every(Number.isNaN)).toBe(true);
  expect(entryPrice).toEqual(values["close"]);
  const path = walkPath(tape, 3000, 6000, seededRandom(1, "coins of ETHUSDT at 3000"));
  expect(entryPrice).toEqual(path.late.map((ticks) => ticks * path.tick));
});

test("a horizon of a part of a bar is priced between bars", async () => {
  const { events } = walkMarket(dataset, walkSpan(dataset), 1);
  const horizonUs = 1.5 * MINUTE_US;
  const { exitPrice, entryPrice } = await eventSeries(events[1]!, { ...SETTINGS, horizonUs });
  // Half a bar after an entry the late move has not come yet: the price is that of the next bar's entry.
  for (let row = 10; row < 500; row++) expect(exitPrice![row]).toBe(entryPrice[row + 1]);
});

test("a long dataset is walked over its last part, of at most three symbols", () => {
  const rows = 40_000;
  const symbols = ["A", "B", "C", "D"];
  const long = {
    ...dataset,
    ...{
      rows,
      symbols,
      symbolIndex: new Uint8Array(rows).map((_, row) => Math.floor(row / 10_000)),
    },
  };
  expect(walkSpan(long)).toEqual({
    symbols: ["A", "B", "C"],
    rows: [
      [2000, 10_000],
      [12_000, 20_000],
      [22_000, 30_000],
    ],
    bars: 24_000,
  });
  expect(walkSpan(dataset)).toMatchObject({ symbols: dataset.symbols, bars: 6000 });
  // Where a symbol needs more bars than its share there are fewer, and of one alone as many as it needs.
  const shares = [8000, 9000, 13_000].map((least) => walkSpan(long, least));
  expect(shares.map(({ symbols: of }) => of.length)).toEqual([3, 2, 1]);
  expect(shares.map(({ bars }) => bars)).toEqual([24_000, 20_000, 10_000]);
  const one = { ...long, symbols: ["A"], symbolIndex: new Uint8Array(rows) };
  expect(walkSpan(one, 9000)).toMatchObject({ rows: [[16_000, 40_000]] });
  expect(walkSpan(one, 30_000)).toMatchObject({ rows: [[10_000, 40_000]] });
});
