import { expect, test } from "vitest";
import type { CandleRow } from "./candle-buffer.js";
import { candleFault, isDayOver } from "./candle-fault.js";
import { candle, NOW_US, START_S } from "./test-candles.js";

test("every rule of a candle has its own words; good ones pass, a flat one without volume too", () => {
  const good = candle(START_S);
  const [time, low, high, open, close, volume] = good;
  expect(candleFault(good, NOW_US)).toBeUndefined();
  expect(candleFault([time, 5, 5, 5, 5, 0], NOW_US)).toBeUndefined();
  const bad: readonly (readonly [CandleRow, RegExp])[] = [
    [[time + 0.5, low, high, open, close, volume], /^time: not a whole/],
    [[time + 1, low, high, open, close, volume], /^time: not the start of a minute/],
    [[Math.floor(time / 60_000) * 60, low, high, open, close, volume], /^time: before 2009/],
    [[1000 * time, low, high, open, close, volume], /^time: after 2286/],
    [[NOW_US / 1e6, low, high, open, close, volume], /^time: a minute that is not over/],
    [[time, 0, high, open, close, volume], /^low: not a positive/],
    [[time, low, Number.NaN, open, close, volume], /^high: not a positive/],
    [[time, low, high, -open, close, volume], /^open: not a positive/],
    [[time, low, high, open, Number.POSITIVE_INFINITY, volume], /^close: not a positive/],
    [[time, low, high, open, close, -1], /^volume: negative/],
    [[time, low, high, open, close, Number.NaN], /^volume: negative or no number/],
    [[time, Math.max(open, close), high, open, close, volume], /^low: above/],
    [[time, low, Math.min(open, close), open, close, volume], /^high: below/],
  ];
  for (const [row, words] of bad) expect(candleFault(row, NOW_US)).toMatch(words);
});

test("a day is over some minutes after midnight", () => {
  const midnightUs = NOW_US;
  const dayStart = midnightUs - 86_400e6;
  expect(isDayOver(dayStart, midnightUs)).toBe(false);
  expect(isDayOver(dayStart, midnightUs + 300e6)).toBe(true);
});
