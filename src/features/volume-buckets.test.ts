// VPIN worked by hand: a day of 100 makes buckets of 2.
import { expect, test } from "vitest";
import { type HourTrade, halfDays } from "./test-half-days.js";

const DAY: readonly HourTrade[] = [
  [1, 1, 50],
  [13, -1, 50],
];
const vpin = (trades: readonly HourTrade[]): Promise<number[]> =>
  halfDays("vpin", [...DAY, ...trades]);
const { NaN: missing } = Number;

test("an order that overfills a bucket is divided over as many as it fills; 50 must be full", async () => {
  // One bucket of a sell and a buy, 49 of buys.
  expect(
    await vpin([
      [25, -1, 1],
      [26, 1, 99],
    ]),
  ).toEqual([missing, missing, 98 / 100]);
  expect(
    await vpin([
      [25, -1, 1],
      [26, 1, 98.9],
    ]),
  ).toEqual([missing, missing, missing]);
});

test("of an order that fills sixty buckets at once the last fifty count, and what is over stays in the open one", async () => {
  const sixty: HourTrade[] = [
    [25, -1, 1],
    [26, 1, 1 + 120 + 1],
  ];
  expect(await vpin(sixty)).toEqual([missing, missing, 1]);
  // A unit of the open bucket is a buy. The next opens in a bar with a day of 50 + 123 before it: 3.46 each, here 24 of them.
  const [, , , next] = await vpin([...sixty, [37, 0, 1 + 24 * 3.46]]);
  expect(next).toBeCloseTo((25 * 2 + 1) / (26 * 2 + 24 * 3.46), 12);
});

test("a bucket keeps the size that it opened with, though the day before it is another by now", async () => {
  // Opened by a buy of 1, when the day was 100; the day before the next bar is 51, so the others hold 1.02.
  const [, , , value] = await vpin([
    [25, 1, 1],
    [37, 1, 1],
    [38, 0, 49 * 1.02],
  ]);
  expect(value).toBeCloseTo(2 / (2 + 49 * 1.02), 12);
});

test("a bucket opens with the first volume in it: one that was filled to the brim opens no other", async () => {
  // 50 full ones. The day before the next bar is 150.
  const [, , full, next] = await vpin([
    [25, 1, 100],
    [37, 0, 25 * 3],
  ]);
  expect([full, next]).toEqual([1, 50 / (50 + 75)]);
});

test("when nothing was traded for a day no bucket opens, and an open one is filled and followed by none", async () => {
  // Bars 3 and 4 are silent; the open bucket lacks 1. Of the 3 in bar 5 it takes 1, and 2 find no bucket.
  const trades: HourTrade[] = [
    [25, 1, 101],
    [61, 0, 3],
  ];
  const values = await vpin(trades);
  expect(values).toEqual([missing, missing, 1, 1, 1, (49 * 2 + 1) / 100]);
  // The day before bar 6 is 3: 25 buckets of 0.06 follow.
  const next = (await vpin([...trades, [73, 0, 25 * 0.06]])).at(-1);
  expect(next).toBeCloseTo((24 * 2 + 1) / (25 * 2 + 25 * 0.06), 12);
});

test("an unknown side fills buckets and is neither bought nor sold", async () => {
  // Each bucket: a buy of 1.5 and 0.5 unknown.
  const bucket = (i: number): HourTrade[] => [
    [25 + i / 10, 1, 1.5],
    [25.05 + i / 10, 0, 0.5],
  ];
  const trades = Array.from({ length: 50 }, (_, i) => bucket(i)).flat();
  expect(await vpin(trades)).toEqual([missing, missing, 0.75]);
});
