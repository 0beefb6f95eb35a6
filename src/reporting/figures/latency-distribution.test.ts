import { expect, test } from "vitest";
import type { Figure } from "../figure.js";
import { type DelayQuantiles, latencyFigure } from "./latency-distribution.js";

const levels = [0.001, ...Array.from({ length: 99 }, (_, i) => (i + 1) / 100), 0.999];
const delays = (of: (level: number) => number): DelayQuantiles => {
  return { symbol: "BTCUSDT", levels, delayMs: levels.map(of), rows: 1000 };
};
const axisOf = ({ layout }: Figure): Readonly<Record<string, unknown>> =>
  layout["xaxis"] as Readonly<Record<string, unknown>>;

test("delays that are all positive have a log axis and the median in the title", () => {
  const figure = latencyFigure([delays((level) => 1 + 10 * level)]);
  expect(figure.title).toBe("Half of the messages arrive within 6 ms");
  expect(axisOf(figure)["type"]).toBe("log");
});

test("a few slow messages of a broken clock lie beyond the axis, and the subtitle says so", () => {
  const broken = delays((level) => (level < 0.02 ? -200 : level > 0.98 ? 3000 : 10 * level));
  const figure = latencyFigure([broken]);
  const [low, high] = axisOf(figure)["range"] as readonly [number, number];
  expect(low).toBeGreaterThan(-10);
  expect(low).toBeLessThan(0);
  expect(high).toBeGreaterThan(9.7);
  expect(high).toBeLessThan(20);
  expect(figure.subtitle).toMatch(/the slowest few lie beyond the axis$/);
  expect(figure.title).toContain("up to 1.0 % of a symbol's lie before the exchange's time");
});

test("a clock that is off as a whole is told of all messages, on an axis that shows them all", () => {
  const figure = latencyFigure([delays((level) => -1300 + 100 * level)]);
  expect(figure.title).toBe(
    "Local times lie before the exchange's: the clocks differ (median delay −1,250 ms)",
  );
  expect(axisOf(figure)["range"]).toBeUndefined();
});
