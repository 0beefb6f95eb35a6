import { expect, test } from "vitest";
import { priceImpactFigure } from "./price-impact.js";

test("the impact's line has its slope, over all of the dots and zero", () => {
  const { data } = priceImpactFigure({
    title: "1 k bought moved the mid by 1 bps",
    what: "dots",
    alt: "Dots.",
    n: "2 sub-intervals",
    notional: Float64Array.of(1000, 3000),
    moveBps: Float64Array.of(1.5, 3.5),
    slope: 1e-3,
    intercept: 0.5,
    axes: ["notional", "bps"],
  });
  expect([data[1]!["x"], data[1]!["y"]]).toEqual([
    [0, 3000],
    [0.5, 3.5],
  ]);
});
