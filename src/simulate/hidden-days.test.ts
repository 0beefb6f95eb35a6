import { expect, test } from "vitest";
import { mean } from "../core/statistics.js";
import { MINUTE_US } from "../core/time.js";
import { type HiddenDay, hiddenDays } from "./hidden-days.js";
import { DAY_MINUTES, SYMBOL_COUNT } from "./settings.js";

function firstDays(count: number, edge: "informative" | "none" = "informative"): HiddenDay[] {
  const source = hiddenDays({ seed: 3, edge, from: "2024-01-01" });
  return Array.from({ length: count }, () => source.next().value);
}

const days = firstDays(15, "none");

function correlation(a: readonly number[], b: readonly number[]): number {
  const [ma, mb] = [mean(a), mean(b)];
  const cov = mean(a.map((x, i) => (x - ma) * (b[i]! - mb)));
  const variance = (v: readonly number[], m: number): number => mean(v.map((x) => (x - m) ** 2));
  return cov / Math.sqrt(variance(a, ma) * variance(b, mb));
}

/** Bytes of a column; comparing them is far quicker than comparing numbers one by one. */
function bytes(column: Float64Array | Int16Array | Int8Array): Buffer {
  return Buffer.from(column.buffer, column.byteOffset, column.byteLength);
}

test("the same settings give the same days, and another seed others", () => {
  const [again] = firstDays(1, "none");
  const other = hiddenDays({ seed: 4, edge: "none", from: "2024-01-01" }).next().value;
  const columns = ({ moveTimeUs, moveMagnitude, moveSign, symbols }: HiddenDay): Buffer[] => [
    ...[moveTimeUs, moveMagnitude, moveSign].map(bytes),
    ...symbols.flatMap((row) => [row.pressure, row.filtered, row.bookFlow].map(bytes)),
  ];
  columns(days[0]!).forEach((column, i) => {
    expect(column.equals(columns(again!)[i]!)).toBe(true);
    expect(column.equals(columns(other)[i]!)).toBe(false);
  });
});

test("the edge changes signs and flows, never times or magnitudes of moves", () => {
  const [informative] = firstDays(1, "informative");
  const same = (name: "moveTimeUs" | "moveMagnitude" | "moveSign"): boolean =>
    bytes(informative![name]).equals(bytes(days[0]![name]));
  expect([same("moveTimeUs"), same("moveMagnitude"), same("moveSign")]).toEqual([
    true,
    true,
    false,
  ]);
});

test("a day begins where the day before ended", () => {
  for (let d = 1; d < days.length; d++) {
    for (let s = 0; s < SYMBOL_COUNT; s++) {
      const before = days[d - 1]!.symbols[s]!;
      const now = days[d]!.symbols[s]!;
      const net = before.move.reduce((sum, move) => sum + move, 0);
      expect(now.startHalfTicks).toBe(before.startHalfTicks + net);
      const trades = before.tradeCount.reduce((sum, count) => sum + count, 0);
      expect(now.startTrades).toBe(before.startTrades + trades);
    }
  }
});

test("no move lies on a minute boundary, and times never fall", () => {
  for (const { moveTimeUs } of days) {
    expect(moveTimeUs.every((time) => time % MINUTE_US > 0)).toBe(true);
    expect(moveTimeUs.every((time, i) => i === 0 || time >= moveTimeUs[i - 1]!)).toBe(true);
  }
});

test("returns look like a market's: fat tails, clustered sizes, a daily rhythm, common moves", () => {
  const column = (s: number): number[] => days.flatMap((day) => [...day.symbols[s]!.move]);
  for (let s = 0; s < SYMBOL_COUNT; s++) {
    const returns = column(s);
    const square = mean(returns.map((r) => r ** 2));
    const kurtosis = mean(returns.map((r) => r ** 4)) / square ** 2;
    expect(kurtosis).toBeGreaterThan(5);
    const size = returns.map(Math.abs);
    for (const lag of [1, 5, 30]) {
      expect(correlation(size.slice(lag), size.slice(0, -lag))).toBeGreaterThan(0.1);
    }
    // Signs carry nothing of the kind.
    expect(Math.abs(correlation(returns.slice(1), returns.slice(0, -1)))).toBeLessThan(0.05);
    const around = (minute: number): number =>
      mean(size.filter((_, i) => Math.abs((i % DAY_MINUTES) - minute) < 60));
    expect(around(870)).toBeGreaterThan(1.3 * around(240));
  }
  expect(correlation(column(0), column(1))).toBeGreaterThan(0.25);
});

test("pressures have unit variance, their half-life, and the stated correlation", () => {
  const x = firstDays(20).map((day) => day.symbols.map((row) => [...row.pressure]));
  const [a, b] = [0, 1].map((s) => x.flatMap((day) => day[s]!));
  expect(mean(a!.map((v) => v * v))).toBeCloseTo(1, 0);
  // Some 450 independent stretches: standard errors near 0.05.
  expect(correlation(a!.slice(45), a!.slice(0, -45))).toBeGreaterThan(0.35);
  expect(correlation(a!.slice(45), a!.slice(0, -45))).toBeLessThan(0.65);
  expect(correlation(a!, b!)).toBeGreaterThan(0.2);
  expect(correlation(a!, b!)).toBeLessThan(0.6);
});
