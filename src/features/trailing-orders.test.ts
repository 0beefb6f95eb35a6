// Which orders are large? Worked by hand: of 19 orders or fewer, the 95 % quantile of the day before is the largest.
import { expect, test } from "vitest";
import { type HourTrade, halfDays, lastHalfDay } from "./test-half-days.js";

const share = (trades: readonly HourTrade[]): Promise<number> =>
  lastHalfDay("large_trade_share", trades);

/** Orders of given sizes one after the other, from an hour on. */
const orders = (hour: number, sizes: readonly number[]): HourTrade[] =>
  sizes.map((size, i) => [hour + i / 100, i % 2 === 0 ? 1 : -1, size]);

test("trades of one exchange time and side are one order, in the day before and in the bar", async () => {
  const before: HourTrade[] = [
    [1, 1, 3, 1],
    [1.1, 1, 4, 1],
    [13, -1, 1],
  ];
  expect(await share([...before, ...orders(24, [7, 5])])).toBe(7 / 12);
  expect(await share([...before, [25, 1, 4, 24], [26, 1, 3, 24], [27, -1, 6]])).toBe(7 / 13);
});

test("an order over the end of a bar is two: the bar's end closes it", async () => {
  const before: HourTrade[] = [
    [1, -1, 1],
    [11.9, 1, 3, 11],
    [12, 1, 4, 11],
  ];
  // 5 is as large as the larger part, 4, and not as the whole, 7.
  expect(await share([...before, ...orders(24, [5, 3])])).toBe(5 / 8);
});

test("trades of one exchange time and of different sides are two orders", async () => {
  const before: HourTrade[] = [
    [1, 1, 3, 1],
    [1.1, -1, 4, 1],
    [13, 1, 1],
  ];
  expect(await share([...before, ...orders(24, [5, 3])])).toBe(5 / 8);
});

test("an unknown side within a run divides it; unknown ones next to each other are one order", async () => {
  const divided: HourTrade[] = [
    [1, 1, 3, 1],
    [1.1, 0, 2, 1],
    [1.2, 1, 3, 1],
    [13, 1, 1],
  ];
  // The largest is 3: 6 would be the run without the unknown trade, 8 with it.
  expect(await share([...divided, ...orders(24, [4, 3, 2])])).toBe(7 / 9);
  const unknown: HourTrade[] = [
    [1, 0, 2, 1],
    [1.1, 0, 2, 1],
    [13, 1, 1],
  ];
  expect(await share([...unknown, ...orders(24, [4, 3])])).toBe(4 / 7);
});

test("only neighbours are one order: another exchange time between them divides them", async () => {
  const before: HourTrade[] = [
    [1, 1, 3, 1],
    [1.1, 1, 2, 0.5],
    [1.2, 1, 3, 1],
    [13, 1, 1],
  ];
  expect(await share([...before, ...orders(24, [4, 3, 2])])).toBe(7 / 9);
});

test.each([
  // Of 20 orders the 19th in size, of 21 the 20th, of 40 the 38th, of 41 the 39th.
  { small: 17, large: 3, bar: [5, 5, 1], expected: 10 / 11 },
  { small: 18, large: 2, bar: [5, 4, 1], expected: 5 / 10 },
  { small: 19, large: 1, bar: [5, 1, 0.5], expected: 6 / 6.5 },
  { small: 20, large: 1, bar: [5, 1, 0.5], expected: 6 / 6.5 },
  { small: 37, large: 3, bar: [5, 4], expected: 5 / 9 },
  { small: 38, large: 2, bar: [5, 1, 0.5], expected: 6 / 6.5 },
  { small: 39, large: 2, bar: [5, 1, 0.5], expected: 6 / 6.5 },
])("ties: $small orders of 1 and $large of 5", async ({ small, large, bar, expected }) => {
  const sizes = [...Array(large).fill(5), ...Array(small).fill(1)];
  expect(
    await share([
      ...orders(1, sizes.slice(5)),
      ...orders(12, sizes.slice(0, 5)),
      ...orders(24, bar),
    ]),
  ).toBe(expected);
});

test("the quantile looks at the day before the bar and at nothing in it or before that", async () => {
  const shares = await halfDays("large_trade_share", [
    ...orders(1, [9]),
    ...orders(12, [2]),
    ...orders(24, [8, 3]), // the largest of 9 and 2
    ...orders(36, [8, 3]), // of 2, 8 and 3
    ...orders(48, [7, 1]), // of 8, 3, 8 and 3
  ]);
  expect(shares).toEqual([Number.NaN, Number.NaN, 0, 8 / 11, 0]);
});

test("without an order in the day before, or in the bar, the share is missing", async () => {
  const shares = await halfDays("large_trade_share", [
    ...orders(1, [2]),
    ...orders(12, [1]),
    // Bars 2 and 3 are silent.
    ...orders(48, [4]), // nothing in bars 2 and 3
    ...orders(60, [3, 4]), // 4 in bar 4
  ]);
  const { NaN: missing } = Number;
  expect(shares).toEqual([missing, missing, missing, missing, missing, 4 / 7]);
});
