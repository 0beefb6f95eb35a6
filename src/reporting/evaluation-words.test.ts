// Do pages say which majority is meant, and what each figure rests on?
import { expect, test } from "vitest";
import { accuracyLine } from "../cli/evaluation-lines.js";
import type { Bootstrapped } from "../core/block-bootstrap.js";
import type { ModelEvaluation } from "../evaluation/evaluate-model.js";
import { baselineAnswer, evaluationChecks, leadingModel } from "./evaluation-answers.js";
import { independentText } from "./evaluation-marks.js";
import { metricsTable } from "./evaluation-tables.js";
import { accuracyFigure } from "./figures/accuracy-points.js";
import { coefficientsFigure } from "./figures/coefficients.js";
import { coverageFigure } from "./figures/coverage-curve.js";
import { equityFigure } from "./figures/equity.js";
import { frictionsFigure } from "./figures/frictions.js";
import { groupAccuracyFigure } from "./figures/group-accuracy.js";
import { horizonMapFigure } from "./figures/horizon-map.js";
import { penaltyFigure } from "./figures/penalty-curve.js";
import { reliabilityFigure } from "./figures/reliability.js";
import { rungGainsFigure } from "./figures/rung-gains.js";
import { figuresTable } from "./figures-table.js";
import { gateMatrix } from "./gate-report.js";
import { sampleEvaluation } from "./model-card/test-card.js";
import type { Table } from "./table.js";
import { around, sampleHorizons, sampleRungs } from "./test-evaluation-samples.js";
import { frictionTable, tradingTable } from "./trading-tables.js";
import { checkRecords } from "./validate.js";

const evaluation = sampleEvaluation();
const own = evaluation.models[0]!;

/** Each figure changed. */
const mapped = (
  figures: Readonly<Record<string, Bootstrapped>> | ModelEvaluation["metrics"],
  change: (figure: Bootstrapped) => Bootstrapped,
): object =>
  Object.fromEntries(Object.entries(figures).map(([name, figure]) => [name, change(figure)]));

const ceilingsOf = (accuracy: number): Readonly<Record<string, Bootstrapped>> =>
  Object.fromEntries(
    ["oracle", "attainable", "model", "oracleMinusAttainable", "attainableShare"].map((name) => [
      name,
      around(accuracy, 0.01),
    ]),
  );

test("the majority of training is told from the test's own, and leads no model that reads features", () => {
  const wrong: ModelEvaluation = {
    ...own,
    model: "majority",
    metrics: { ...own.metrics, accuracy: around(0.9, 0.01) },
  };
  const both = { ...evaluation, models: [wrong, ...evaluation.models] };
  expect(leadingModel(both)).toMatchObject({ model: expect.not.stringMatching(/^majority$/) });
  expect(leadingModel({ ...evaluation, models: [wrong] })).toBe(wrong);
  const { title, subtitle, data, layout } = accuracyFigure(both);
  expect(title).toMatch(
    /^\w+, the most accurate of 2 that read features,.*the majority of the test in/,
  );
  expect(subtitle).toContain("which nobody knew before");
  expect(accuracyFigure(evaluation).subtitle).not.toContain("which nobody knew before");
  const short = both.models.map((one) => ({
    ...one,
    metrics: {
      ...one.metrics,
      aboveMajority: { ...one.metrics.aboveMajority, lower: Number.NaN, upper: Number.NaN },
    },
  }));
  expect(accuracyFigure({ ...both, models: short }).title).toContain(
    " %: too short a test for an interval of the difference",
  );
  expect(data[0]).toMatchObject({ y: ["majority of training", "lstm", "logistic"] });
  expect(JSON.stringify(layout)).toContain("majority of the test ");
  for (const table of [metricsTable(both), tradingTable(both), gateMatrix(both)]) {
    const cells = [...table.columns.map(({ name }) => name), ...table.rows.map((row) => row[0])];
    expect(cells).toContain("majority of training");
    expect(cells).not.toContain("majority");
  }
  expect(baselineAnswer(both).answer).toContain("for the test's majority, known only afterwards");
});

test("a test too short for an interval says so in words, and no check holds an unknown error against a limit", () => {
  const unknown = { lower: Number.NaN, upper: Number.NaN, standardError: Number.NaN };
  const short = (figure: Bootstrapped): Bootstrapped => {
    return { ...figure, ...unknown, effectiveRows: 0 };
  };
  const metrics = mapped(own.metrics, short) as ModelEvaluation["metrics"];
  const rooms = { attainableMinusModel: short(around(-0.01, 0)) };
  const model: ModelEvaluation = {
    ...{ ...own, metrics, effectiveRows: 0, blocks: 2.2 },
    ceilings: { ...mapped(ceilingsOf(0.6), short), ...rooms } as NonNullable<
      ModelEvaluation["ceilings"]
    >,
  };
  const both = { ...evaluation, models: [model, { ...model, model: "logistic" }] };
  for (const text of [baselineAnswer(both).answer, accuracyLine("lstm@1", both, model)]) {
    expect(text).toContain("too short a test for an interval");
    expect(text).not.toContain("NaN");
  }
  // Less than half a row is no row: as little is known as of none.
  for (const effectiveRows of [0, 0.3]) {
    const few = { ...model, effectiveRows };
    for (const text of [
      accuracyLine("lstm@1", both, few),
      accuracyFigure({ ...both, models: [few] }).n,
    ]) {
      expect(text).toContain("independent rows unknown");
    }
  }
  const records = checkRecords(evaluationChecks(both));
  const open = records.filter(({ verdict }) => verdict === "undecided").map(({ name }) => name);
  expect(open).toContain("fewest independent rows of a model");
  expect(open).toContain("lstm: model above attainable, in standard errors");
  expect(records.filter(({ verdict }) => verdict === "fail")).toEqual([]);
});

test("few days say nothing of a Sharpe ratio, of many it is said how its interval came about", () => {
  const traded = (days: number): readonly Table[] => {
    const daily = Array.from({ length: days }, () => ({ date: "2024-01-01", gross: 0, net: 0 }));
    const model: ModelEvaluation = {
      ...own,
      backtest: { ...own.backtest, daily },
      ladder: { ...own.ladder, rungs: own.ladder.rungs.map((rung) => ({ ...rung, daily })) },
    };
    return [tradingTable({ ...evaluation, models: [model] }), frictionTable(model)];
  };
  const sharpeOf = ({ columns, rows }: Table): readonly unknown[] =>
    rows.map((row) => row[columns.findIndex(({ name }) => name === "Sharpe")]);
  const absent = ({ rows }: Table): number =>
    rows.filter(([, filled]) => String(filled).startsWith("not traded")).length;
  for (const table of traded(2)) {
    expect(table.caption).toContain("2 days are too few for a Sharpe ratio");
    expect(table.columns.map(({ name }) => name)).not.toContain("Sharpe");
    expect(table.rows.every((row) => row.length === table.columns.length)).toBe(true);
  }
  for (const table of traded(120)) {
    expect(table.caption).toContain(
      "120 daily returns × √365, with the wider of two intervals: of blocks of 5 days",
    );
    expect(sharpeOf(table).filter((sharpe) => sharpe === null)).toHaveLength(absent(table));
  }
});

test("every figure names what it rests on: fewer independent rows than rows, or days", () => {
  const { rows, columns } = figuresTable(own);
  const last = columns.length - 1;
  const counts = (text: string): readonly number[] =>
    (text.match(/[\d,]+/g) ?? []).map((digits) => Number(digits.replaceAll(",", "")));
  for (const row of rows)
    expect(row[last]).toMatch(/^[\d,]+ independent of [\d,]+ (rows|bars)$|^\d+ days?/);
  const scores = rows.map((row) => String(row[last])).filter((text) => text.endsWith("rows"));
  expect(scores.length).toBeGreaterThan(10);
  for (const text of scores) {
    const [independent, all] = counts(text);
    expect(all).toBe(own.rows);
    expect(independent).toBeLessThan(own.rows / 2);
  }
});

test("where nothing can be told from resamples, no page says that it rests on no row", () => {
  const unknown = { ...around(0, 0.1), effectiveRows: 0 };
  const metrics = { ...own.metrics, aboveMajority: unknown };
  const { rows } = figuresTable({ ...own, metrics });
  expect(rows[1]!.at(-1)).toMatch(/^an unknown part of [\d,]+ rows$/);
  expect(accuracyFigure(evaluation).n).toMatch(/about [1-9]/);
  expect(independentText(unknown)).toBe("independent rows unknown");
});

test("stated probabilities that hardly differ fill the width of the diagram", () => {
  const widthOf = (spread: number): readonly [number, number] => {
    const reliability = own.reliability.map((bin, i) => {
      return { ...bin, meanProbability: 0.48 + spread * i };
    });
    const { layout } = reliabilityFigure({ ...own, reliability, calibrators: [] });
    const { xaxis, yaxis } = layout as Record<string, { readonly range: [number, number] }>;
    const span = ([low, high]: readonly [number, number]): number => high - low;
    return [span(xaxis!.range), span(yaxis!.range)];
  };
  const [narrow, upright] = widthOf(1e-4);
  expect(narrow).toBeLessThan(2);
  expect(upright).toBeGreaterThan(8);
  const [wide, same] = widthOf(0.05);
  expect(wide).toBe(same);
});

test("a line that says nothing is not said to weigh", () => {
  const predictor = {
    featureNames: ["tfi"],
    model: { kind: "logistic", weights: Float64Array.of(2e-4) },
  };
  const { title } = coefficientsFigure({ folds: [{ predictor, counts: { train: 10 } }] });
  expect(title).toContain("by a factor of 1.00020");
  const curve = [0.003, 1].map((priorDeviation, i) => {
    return { priorDeviation, logLoss: 0.694 + 0.01 * i, standardError: 0.001 };
  });
  const penalty = { priorDeviation: 0.003, curve };
  const drawn = penaltyFigure({ name: "logistic", folds: [{ penalty }] });
  expect(drawn.title).toMatch(/; even that is no better than knowing nothing$/);
});

test("hover over a point tells its interval and the independent rows it rests on", () => {
  const words = (figure: ReturnType<typeof rungGainsFigure>): string =>
    figure.data.flatMap(({ text }) => (text ?? []) as readonly string[]).join("; ");
  const drawn = [
    rungGainsFigure(sampleRungs()),
    accuracyFigure(evaluation),
    coverageFigure(own),
    groupAccuracyFigure(own),
    reliabilityFigure(own),
    horizonMapFigure(sampleHorizons()),
    frictionsFigure(evaluation),
  ];
  for (const figure of drawn) {
    expect(words(figure)).toMatch(/−?[\d.]+ to −?[\d.]+.*about [\d,]+ independent (rows|bars)/);
  }
  expect(equityFigure(own).title).toMatch(/95 % interval −?[\d.]+ to −?[\d.]+;/);
});
