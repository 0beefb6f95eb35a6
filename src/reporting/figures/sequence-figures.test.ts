// Do figures of sequence models say what their numbers say?
import { expect, test } from "vitest";
import { around } from "../test-evaluation-samples.js";
import {
  sampleAttention,
  sampleBySymbol,
  sampleCalibrations,
  sampleGains,
  sampleImportances,
  sampleNetwork,
} from "../test-sequence-samples.js";
import { attentionFigure } from "./attention.js";
import { calibrationPanelsFigure } from "./calibration-panels.js";
import { familyImportanceFigure } from "./family-importance.js";
import { learningCurvesFigure } from "./learning-curves.js";
import { lineGainsFigure } from "./line-gains.js";
import { stepImportanceFigure } from "./step-importance.js";
import { symbolAccuracyFigure } from "./symbol-accuracy.js";

test("learning curves have a panel a network, with the epoch whose weights are kept", () => {
  const models = [sampleNetwork("lstm"), sampleNetwork("transformer")];
  const { title, data, layout, n } = learningCurvesFigure(models);
  expect(title).toBe(
    "lstm is best after 3 of 5 epochs, 0.0069 below its start and 0.0060 below knowing nothing; " +
      "transformer is best after 3 of 5 epochs, 0.0069 below its start and 0.0060 below knowing nothing",
  );
  expect(n).toBe("5 epochs of lstm, 5 epochs of transformer");
  expect(data.map(({ name, xaxis }) => [name, xaxis])).toEqual([
    ...[
      ["train", undefined],
      ["early stop", undefined],
    ],
    ...[
      ["train", "x2"],
      ["early stop", "x2"],
    ],
  ]);
  const lines = (layout["shapes"] as readonly Record<string, unknown>[]).slice(1);
  expect(lines.map(({ xref, x0 }) => [xref, x0])).toEqual([
    ["x", 3],
    ["x2", 3],
  ]);
});

test("a network that only gets worse says so, and one of several folds which fold is drawn", () => {
  const loss = [0.68, 0.69, 0.7];
  const history = loss.map((earlyStopLoss, epoch) => ({ epoch, trainLoss: 0.68, earlyStopLoss }));
  const { title, subtitle } = learningCurvesFigure([
    { name: "lstm", folds: [{ history: [] }, { history }] },
  ]);
  expect(title).toBe("lstm never betters its start in 2 epochs, 0.0131 below knowing nothing");
  expect(subtitle).toContain("of the last of 2 folds");
});

test("families lie in one order in all panels, each beside what its number of features would give", () => {
  const { title, data } = familyImportanceFigure(sampleImportances());
  const bars = data.filter(({ type }) => type === "bar");
  const ticks = data.filter(({ type }) => type === "scatter");
  expect([bars.length, ticks.length]).toEqual([3, 3]);
  const order = bars[0]!["y"] as readonly string[];
  expect(new Set(order)).toEqual(
    new Set(["trade flow", "book imbalance", "returns", "calendar", "volatility"]),
  );
  for (const bar of bars) {
    expect(bar["y"]).toEqual(order);
    const shares = bar["x"] as readonly number[];
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(100, 0);
  }
  const even = ticks[0]!["x"] as readonly number[];
  expect(even[order.indexOf("returns")]).toBe(25);
  const [line] = sampleImportances();
  const [most] = [...line!.families].sort((a, b) => b.share.estimate - a.share.estimate);
  const share = most!.share.estimate;
  const times = (share * 24) / most!.features;
  expect(title).toContain(
    `logistic by ${most!.family} (${(100 * share).toFixed(0)} %, ${times.toFixed(1)} times its share of features)`,
  );
});

test("what lies back is drawn of models that read windows, and said with its interval", () => {
  const importances = sampleImportances();
  const { title, data, layout } = stepImportanceFigure(importances);
  expect(data.filter(({ name }) => name !== undefined).map(({ name }) => name)).toEqual([
    "lstm",
    "transformer",
  ]);
  const { estimate, lower, upper } = importances[1]!.history;
  const words = [lower, upper].map((end) => `${(100 * end).toFixed(1)} %`).join(" to ");
  expect(title).toContain(`lstm takes ${(100 * estimate).toFixed(1)} % (${words})`);
  expect(title).not.toContain("logistic");
  // The newest bar lies on the right.
  const { range } = layout["xaxis"] as { readonly range: readonly [number, number] };
  expect(range).toEqual([59.5, -0.5]);
  // A logarithm has no place for 0: of a network that is still its line the newest bar alone is drawn, without a band.
  const bare = { ...importances[1]!, steps: [around(1, 0), ...Array(59).fill(around(0, 0))] };
  const drawn = stepImportanceFigure([bare, importances[2]!]).data;
  expect(drawn.map(({ name, x }) => [name, (x as readonly number[]).length])).toEqual([
    ["lstm", 1],
    [undefined, 120],
    ["transformer", 60],
  ]);
});

test("models that are asked at other numbers of windows are told so", () => {
  const [line, lstm, transformer] = sampleImportances();
  const asked = [{ ...line!, windows: 1_020 }, lstm!, transformer!];
  expect(familyImportanceFigure(asked).n).toContain("1,020 to 2,048 test windows");
  // The line reads no window.
  expect(stepImportanceFigure(asked).n).toContain("2,048 test windows");
  const fewer = [line!, lstm!, { ...transformer!, windows: 1_500 }];
  expect(stepImportanceFigure(fewer).n).toContain("1,500 to 2,048 test windows");
  expect(stepImportanceFigure([line!]).n).toContain("0 test windows");
});

test("attention names the head that training moved most, and draws each beside its start", () => {
  const reads = sampleAttention();
  const { title, data, layout } = attentionFigure(reads);
  expect(title).toMatch(
    /^Of what transformer reads training moved head 2 of layer 2 most, 6\d % of its weight: the last 10 bars now have 81\.1 % \(80\.1 % to 82\.1 %\), where reading all alike gives 16\.7 %$/,
  );
  // All alike, before training and after, of eight heads.
  expect(data).toHaveLength(24);
  expect(data[1]!["y"]).toEqual(Array(60).fill(1.667));
  expect(data[0]!["y"]).toEqual([1.667, 1.667]);
  const names = layout["annotations"] as readonly { readonly text: string }[];
  expect(names[5]!.text).toMatch(/^layer 2, head 2: 6\d % moved$/);
});

test("attention that training never moved is called the draw of the start", () => {
  const reads = sampleAttention();
  const titleOf = (moved: number): string => {
    const heads = reads.heads.map((head) => ({ ...head, weights: head.start, moved }));
    return attentionFigure({ ...reads, heads }).title;
  };
  expect(titleOf(0)).toBe(
    "Training moved nothing of what transformer reads: its heads are as they were drawn",
  );
  expect(titleOf(0.002)).toContain(" most, less than 1 % of its weight: ");
});

test("calibration is drawn before and after on the same scale, and held against noise", () => {
  const evaluation = sampleCalibrations();
  const { title, layout, data } = calibrationPanelsFigure(evaluation);
  expect(title).toBe(
    "Calibrated, no model is further off than noise alone is on average: logistic 2.1 → 1.3, noise 1.7; " +
      "lstm 2.1 → 1.3, noise 1.7; transformer 2.1 → 1.3, noise 1.7 (points)",
  );
  expect(data).toHaveLength(12);
  const axes = Object.entries(layout).filter(([name]) => /^[xy]axis/.test(name));
  const ranges = axes.map(([, axis]) => JSON.stringify((axis as { range: unknown }).range));
  expect([axes.length, new Set(ranges).size]).toEqual([12, 1]);
  const off = { ...evaluation.models[1]!, metrics: { calibrationError: around(0.02, 0.004) } };
  const { title: told } = calibrationPanelsFigure({ ...evaluation, models: [off] });
  expect(told).toMatch(/^Calibrated, lstm is further off than noise alone is on average/);
  const { calibrators: _, ...unknown } = off;
  expect(calibrationPanelsFigure({ ...evaluation, models: [unknown] }).title).toContain(
    "lstm 2.0,",
  );
});

test("a calibration whose noise is not known is not held against it", () => {
  const evaluation = sampleCalibrations();
  const [line, lstm, transformer] = evaluation.models;
  const short = [Number.POSITIVE_INFINITY, Number.NaN].map((calibrationNoiseFloor) => ({
    ...lstm!,
    calibrationNoiseFloor,
  }));
  for (const one of short) {
    expect(calibrationPanelsFigure({ ...evaluation, models: [one] }).title).toBe(
      "Calibrated, how far noise alone is off is not known: lstm 2.1 → 1.3 (points)",
    );
    expect(calibrationPanelsFigure({ ...evaluation, models: [line!, one] }).title).toMatch(
      /^Calibrated, no model whose noise is known is further off than noise alone is on average: logistic/,
    );
  }
  const off = { ...transformer!, metrics: { calibrationError: around(0.02, 0.004) } };
  expect(calibrationPanelsFigure({ ...evaluation, models: [short[0]!, off] }).title).toMatch(
    /^Calibrated, transformer is further off than noise alone is on average: lstm/,
  );
});

test("each symbol has a panel with its own majority and ceiling", () => {
  const evaluation = sampleBySymbol();
  const { title, layout } = symbolAccuracyFigure(evaluation);
  expect(title).toBe(
    "Above the symbol's own majority, with the whole interval, lies logistic on BTCUSDT and ETHUSDT and SOLUSDT, " +
      "lstm on BTCUSDT and ETHUSDT and SOLUSDT, transformer on BTCUSDT and ETHUSDT and SOLUSDT",
  );
  const lines = layout["shapes"] as readonly Record<string, unknown>[];
  const of = (panel: string): readonly unknown[] =>
    lines.filter(({ xref }) => xref === panel).map(({ x0 }) => Number((x0 as number).toFixed(6)));
  expect([of("x"), of("x2"), of("x3")]).toEqual([
    [50, 51, 58.5],
    [50, 52, 59],
    [50, 53, 59.5],
  ]);
  const real = evaluation.models.map(({ model, bySymbol }) => ({
    model,
    bySymbol: bySymbol.map(({ byTruth: _, ...group }) => group),
  }));
  const { layout: bare, subtitle } = symbolAccuracyFigure({ ...evaluation, models: real });
  expect(bare["shapes"]).toHaveLength(6);
  expect(subtitle).not.toContain("attainable");
  const low = evaluation.models.map(({ model, bySymbol }) => ({
    model,
    bySymbol: bySymbol.map((group) => ({ ...group, majorityRate: 0.56 })),
  }));
  expect(symbolAccuracyFigure({ ...evaluation, models: low }).title).toBe(
    "On no symbol does any model's whole interval lie above the symbol's own majority",
  );
  const short = evaluation.models.map(({ model, bySymbol }) => ({
    model,
    bySymbol: bySymbol.map((group) => {
      const accuracy = { ...group.accuracy, lower: Number.NaN, upper: Number.NaN };
      return { ...group, accuracy };
    }),
  }));
  expect(symbolAccuracyFigure({ ...evaluation, models: short }).title).toBe(
    "Too short a test for an interval on any symbol",
  );
});

test("gains have a row for all symbols and for each, marked by what their intervals say", () => {
  const gains = sampleGains();
  const { title, data, layout, subtitle } = lineGainsFigure(gains);
  expect(title).toBe(
    "Over the straight line lstm 0.4 (−0.5 to 1.3), transformer 0.4 (−0.5 to 1.3) points of accuracy: " +
      "nothing beyond its interval; by the true probabilities transformer gains in accuracy and log-loss, beyond the interval",
  );
  const { ticktext } = layout["yaxis"] as { readonly ticktext: readonly string[] };
  expect(ticktext).toEqual([
    ...["<b>lstm</b>, all", "BTCUSDT", "ETHUSDT", "SOLUSDT"],
    ...["<b>transformer</b>, all", "BTCUSDT", "ETHUSDT", "SOLUSDT"],
  ]);
  // Of each panel what was seen, what is true, and other seeds.
  expect(data).toHaveLength(6);
  const { symbol } = data[0]!["marker"] as { readonly symbol: readonly string[] };
  expect(new Set(symbol)).toEqual(new Set(["diamond"]));
  expect(data[2]!["x"]).toHaveLength(16);
  expect(subtitle).toContain("2 other seeds");
  const seen = gains.models.map(({ byTruth: _, ...one }) => ({ ...one, otherSeeds: [] }));
  const bare = lineGainsFigure({ ...gains, models: seen });
  expect(bare.data).toHaveLength(4);
  expect(`${bare.subtitle} ${bare.title}`).not.toMatch(/seeds|true probabilities/);
});
