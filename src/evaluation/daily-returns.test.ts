import fc from "fast-check";
import { expect, test } from "vitest";
import { DAY_US, dayStartUs, HOUR_US } from "../core/time.js";
import { dailyReturns } from "./daily-returns.js";
import { equitySeries } from "./equity-series.js";

/** A row of hourly bars, the hour counted from the start of 2024, and what it earned. */
interface Row {
  readonly hour: number;
  readonly net: number;
  readonly isPriced?: boolean;
  readonly isAsked?: boolean;
}

const START = dayStartUs("2024-01-01");

/** Daily returns of rows of hourly bars; of several symbols, each ascending. */
function returnsOf(rows: readonly Row[]) {
  const barEndUs = Float64Array.from(rows, ({ hour }) => START + (hour + 1) * HOUR_US);
  const entryPrice = Float64Array.from(rows, (row) => (row.isPriced === false ? Number.NaN : 100));
  const net = Float64Array.from(rows, (row) => row.net);
  const gross = net.map((value) => value + 1);
  const dataset = { barEndUs, entryPrice, barUs: HOUR_US };
  const equity = equitySeries(barEndUs, { gross, net, turnover: gross.map(Math.abs) });
  const probability = rows.map((row) => (row.isAsked === false ? Number.NaN : 0.5));
  return dailyReturns({ dataset, rows: Uint32Array.from(rows.keys()), probability }, equity);
}

/** So many hours of a day of 2024 from 0, earning 1 each. */
function hours(day: number, count: number, isPriced = true): readonly Row[] {
  return Array.from({ length: count }, (_, i) => ({ hour: 24 * day + i, net: 1, isPriced }));
}

function shown(rows: readonly Row[]) {
  return returnsOf(rows).map(({ date, net }) => [date, net]);
}

test("a day on which no model could be asked is no tested day: what it earned is part of the next", () => {
  const silent = hours(0, 24).map((row) => ({ ...row, isAsked: false }));
  expect(shown([...silent, ...hours(1, 24)])).toEqual([["2024-01-02", 48]]);
});

test("four days of data a month apart are four daily returns", () => {
  const days = [0, 31, 60, 91].flatMap((day) => hours(day, 24));
  expect(shown(days)).toEqual([
    ["2024-01-01", 24],
    ["2024-02-01", 24],
    ["2024-03-01", 24],
    ["2024-04-01", 24],
  ]);
});

test("half of a day's bars make it a tested one, and a day without a position counts", () => {
  const idle = hours(1, 24).map((row) => ({ ...row, net: 0 }));
  expect(shown([...hours(0, 12), ...idle, ...hours(2, 12)])).toEqual([
    ["2024-01-01", 12],
    ["2024-01-02", 0],
    ["2024-01-03", 12],
  ]);
});

test("less than half of a day is part of the next tested day, at the end of the last", () => {
  const rows = [...hours(0, 11), ...hours(3, 24), ...hours(4, 2), ...hours(9, 24), ...hours(10, 3)];
  expect(shown(rows)).toEqual([
    ["2024-01-04", 35],
    ["2024-01-10", 29],
  ]);
  expect(shown(hours(0, 11))).toEqual([]);
});

test("bars of which no symbol has a price are not tested, and those of two symbols count once", () => {
  expect(shown([...hours(0, 24, false), ...hours(1, 24)])).toEqual([["2024-01-02", 48]]);
  expect(shown([...hours(0, 8), ...hours(0, 11)])).toEqual([]);
  const evening = hours(0, 12).map((row) => ({ ...row, hour: row.hour + 12 }));
  expect(shown([...hours(0, 12, false), ...evening, ...hours(0, 12)])).toEqual([
    ["2024-01-01", 36],
  ]);
});

test("daily returns add up to the whole, and their number is that of the tested days", () => {
  const days = fc.array(
    fc.record({ after: fc.integer({ min: 1, max: 40 }), bars: fc.integer({ min: 1, max: 24 }) }),
    { minLength: 1, maxLength: 12 },
  );
  fc.assert(
    fc.property(
      days,
      fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 7 }),
      (all, earned) => {
        let day = 0;
        const rows = all.flatMap(({ after, bars }) => {
          day += after;
          return hours(day, bars);
        });
        const paid = rows.map((row, i) => ({ ...row, net: earned[i % earned.length]! }));
        const daily = returnsOf(paid);
        expect(daily).toHaveLength(all.filter(({ bars }) => bars >= 12).length);
        if (daily.length === 0) return;
        const total = paid.reduce((sum, { net }) => sum + net, 0);
        expect(daily.reduce((sum, { net }) => sum + net, 0)).toBe(total);
        expect(daily.reduce((sum, { gross }) => sum + gross, 0)).toBe(total + rows.length);
        const times = daily.map(({ date }) => dayStartUs(date));
        times.slice(1).forEach((time, i) => {
          expect(time - times[i]!).toBeGreaterThanOrEqual(DAY_US);
        });
      },
    ),
    { seed: 81 },
  );
});
