import { expect, test } from "vitest";
import { DAY_US } from "../core/time.js";
import { columnOf } from "./test-agreement.js";
import { featureRows, tradeColumns } from "./test-market.js";

const MIDNIGHT_US = 19_000 * DAY_US;
/** Half an hour: a day is 48 bars, the first 30 of which have no value. */
const BAR_US = DAY_US / 48;

test("the session's VWAP knows nothing of the day before: it begins anew at 00:00 UTC, to the µs", async () => {
  const trade = (timeUs: number, price: number, amount: number) => {
    return { timeUs: MIDNIGHT_US + timeUs, side: 1 as const, price, amount };
  };
  const firstDay = Array.from({ length: 48 }, (_, k) => trade(k * BAR_US, 100, 50));
  const trades = [
    ...firstDay,
    trade(DAY_US - 1, 900, 1000), // of the first day
    trade(DAY_US, 200, 1), // of the second
    trade(DAY_US + 29 * BAR_US, 230, 2),
    trade(DAY_US + 31 * BAR_US, 260, 1),
  ];
  const rows = await featureRows({ trades: tradeColumns(trades) }, { barUs: BAR_US });
  const values = columnOf(rows, "vwap_dev_session");
  expect(values).toHaveLength(48 + 32);
  expect(values.map((value, k) => (Number.isNaN(value) ? k : -1)).filter((k) => k >= 0)).toEqual([
    ...Array.from({ length: 30 }, (_, k) => k),
    ...Array.from({ length: 30 }, (_, k) => 48 + k),
  ]);
  expect(values.slice(30, 47)).toEqual(Array(17).fill(0));
  const ofFirst = (48 * 50 * 100 + 1000 * 900) / (48 * 50 + 1000);
  expect(values[47]).toBeCloseTo((1e4 * (900 - ofFirst)) / ofFirst, 9);
  // The 31st bar of the second day is silent: its close is 230, the VWAP (200 + 2·230)/3 = 220.
  expect(values[78]).toBeCloseTo((1e4 * (230 - 220)) / 220, 9);
  // (200 + 460 + 260)/4 = 230.
  expect(values[79]).toBeCloseTo((1e4 * (260 - 230)) / 230, 9);
});
