import { expect, test } from "vitest";
import { seededRandom } from "../../core/random.js";
import { MINUTE_US } from "../../core/time.js";
import { type Candle, wrongCandle } from "./candles.js";

const CANDLES: readonly Candle[] = Array.from({ length: 60 }, (_, i) => ({
  ...{ startUs: i * MINUTE_US, low: 99, high: 101, open: 100, close: 101, volume: 5 },
}));

test("one minute's close or volume is 1 % too large, at the place that is told", () => {
  const fields = new Set<string>();
  for (let seed = 0; seed < 20; seed++) {
    const { candles, fromUs, toUs } = wrongCandle(CANDLES, seededRandom(seed));
    const wrong = candles.filter((candle, i) => candle !== CANDLES[i]);
    expect(wrong.map(({ startUs }) => startUs)).toEqual([fromUs]);
    expect(toUs - fromUs).toBe(MINUTE_US);
    const [{ close, volume, high }] = wrong as [Candle];
    expect(close / 101 + volume / 5).toBeCloseTo(2.01, 9);
    expect(high).toBeGreaterThanOrEqual(close);
    fields.add(close === 101 ? "volume" : "close");
  }
  expect(fields.size).toBe(2);
});
