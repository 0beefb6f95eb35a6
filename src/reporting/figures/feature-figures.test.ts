// Do figures of features say what their numbers say?
import { expect, test } from "vitest";
import type { FeatureDistributions } from "../features/feature-distributions.js";
import type { FeatureStability } from "../features/feature-stability.js";
import { correlationFigure } from "./correlation-heatmap.js";
import { distributionFigure } from "./feature-distributions.js";
import { stabilityFigure } from "./feature-stability.js";
import { featuresOverTimeFigure } from "./features-over-time.js";

const DISTRIBUTIONS: FeatureDistributions = {
  groups: ["BTCUSDT", "ETHUSDT"],
  by: "symbol",
  source: "symbols",
  rows: 200,
  left: ["cvd_z"],
  features: [
    {
      name: "tfi",
      family: "trade flow",
      bands: [
        [-9, -0.5, 0, 0.5, 1],
        [-1, -0.5, 0.1, 0.5, 1],
      ],
      apart: 0.1,
    },
    {
      name: "obi_l1",
      family: "book imbalance",
      bands: [[-1, 0, 1, 2, 3], undefined],
      apart: Number.NaN,
    },
    {
      name: "obi_l5",
      family: "book imbalance",
      bands: [
        [-1, -0.5, 0, 0.5, 1],
        [1, 1.5, 2, 2.5, 3],
      ],
      apart: 2,
    },
  ],
};

test("the title names the feature whose groups lie farthest apart, and counts those that are alike", () => {
  const { title, subtitle } = distributionFigure(DISTRIBUTIONS);
  expect(title).toBe(
    "obi_l5 differs most between symbols (medians 2.0 middle halves apart); 2 of 3 features have medians within half of one",
  );
  expect(subtitle).toContain("the axis ends at 4");
  expect(subtitle).toContain("left out, too few or too equal values: cvd_z");
});

test("each group has thin and thick lines and a mark a feature, and none where it has no band", () => {
  const { data } = distributionFigure(DISTRIBUTIONS);
  expect(data).toHaveLength(6);
  const marks = data.filter(({ mode }) => mode === "markers");
  expect(marks.map(({ x }) => x)).toEqual([
    [0, 1, 0],
    [0.1, 2],
  ]);
  const shapes = marks.map(({ marker }) => (marker as { readonly symbol: string }).symbol);
  expect(new Set(shapes).size).toBe(2);
  // A feature's groups stand around its row, the first on top.
  const rows = marks.map(({ y }) => (y as readonly number[])[0]!);
  expect(rows[0]).toBeLessThan(0);
  expect(rows[1]).toBeCloseTo(-rows[0]!, 12);
});

test("alone, a symbol is told by its longest tail", () => {
  const alone = {
    ...DISTRIBUTIONS,
    groups: ["BTCUSDT"],
    features: DISTRIBUTIONS.features.map((one) => ({
      ...one,
      bands: one.bands.slice(0, 1),
      apart: Number.NaN,
    })),
  };
  expect(distributionFigure(alone).title).toBe(
    "tfi of BTCUSDT has the longest tails: 90 % of its values span 10.0 middle halves",
  );
});

test("stability says what drifts most and how much is steady", () => {
  const stability: FeatureStability = {
    symbol: "BTCUSDT",
    block: "day",
    labels: ["2024-03-01", "2024-03-02"],
    rows: 2880,
    features: [
      { name: "tfi", family: "trade flow", shifts: [0.1, -0.1], widths: [1, 1], largest: 0.1 },
      {
        name: "cvd_z",
        family: "trade flow",
        shifts: [Number.NaN, -1.2],
        widths: [Number.NaN, 0.5],
        largest: -1.2,
      },
    ],
  };
  const { title, data } = stabilityFigure([stability]);
  expect(title).toBe(
    "cvd_z of BTCUSDT drifts most, by 1.2 middle halves; 1 of 2 features stay within half of one",
  );
  expect(data[0]!["z"]).toEqual([
    [0.1, -0.1],
    [null, -1.2],
  ]);
});

test("clusters of two or more are framed where they stand", () => {
  const names = ["a", "b", "c"];
  const values = [
    [1, 0.2, 0.1],
    [0.2, 1, -0.9],
    [0.1, -0.9, 1],
  ];
  const figure = correlationFigure({
    names,
    values,
    clusters: [["a"], ["b", "c"]],
    left: [],
    rows: 100,
  });
  expect(figure.title).toBe(
    "3 features say 2 different things; b and c are most alike (correlation -0.90)",
  );
  expect(figure.layout["shapes"]).toMatchObject([
    { type: "rect", x0: 0.5, x1: 2.5, y0: 0.5, y1: 2.5 },
  ]);
});

test("lines over time tell the span of the first, its unit and what is missing", () => {
  const { title, layout, data } = featuresOverTimeFigure({
    which: "that drift most",
    symbol: "BTCUSDT",
    names: ["vwap_dev_15", "tfi"],
    units: ["bps", "ratio"],
    barEndUs: Float64Array.of(6e7, 12e7, 18e7, 24e7),
    columns: [Float64Array.of(Number.NaN, -3, 5, 1), Float64Array.of(0, 0, 0, 0)],
  });
  expect(title).toBe("Features of BTCUSDT that drift most: vwap_dev_15 goes from -3 to 5 bps");
  const heads = (layout["annotations"] as readonly { readonly text: string }[]).map(
    ({ text }) => text,
  );
  expect(heads).toEqual(["<b>vwap_dev_15</b> (bps) · 25.0 % missing", "<b>tfi</b> (ratio)"]);
  expect(data[0]!["y"]).toEqual([null, -3, 5, 1]);
});
