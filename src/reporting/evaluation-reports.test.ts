import { expect, test } from "vitest";
import { shortfall } from "../core/shortfall.js";
import type { Evaluation } from "../evaluation/evaluate.js";
import type { ExperimentEvaluation } from "../evaluation/evaluate-models.js";
import { COST_PRESETS } from "../trading/costs.js";
import { canaryFindings, canaryTable } from "./canary-report.js";
import { baselineAnswer, leadingModel, promotionAnswer } from "./evaluation-answers.js";
import { intervalText, markOf } from "./evaluation-marks.js";
import { metricsTable } from "./evaluation-tables.js";
import { coverageFigure } from "./figures/coverage-curve.js";
import { equityFigure } from "./figures/equity.js";
import { frictionsFigure } from "./figures/frictions.js";
import { gatesFigure } from "./figures/gates.js";
import { groupAccuracyFigure } from "./figures/group-accuracy.js";
import { horizonMapFigure } from "./figures/horizon-map.js";
import { penaltyFigure } from "./figures/penalty-curve.js";
import { rungGainsFigure } from "./figures/rung-gains.js";
import { figuresTable } from "./figures-table.js";
import { gateMatrix, gateTable, planGateTable } from "./gate-report.js";
import { horizonFindings, horizonTable } from "./horizon-report.js";
import { sampleEvaluation } from "./model-card/test-card.js";
import { type ShelvedModel, shelfFindings, shelfTable } from "./model-shelf.js";
import { overfittingFindings, overfittingTable } from "./overfitting-report.js";
import { reliabilityBinsTable } from "./reliability-table.js";
import { rungLossesTable, rungsTable } from "./rung-tables.js";
import { cellText, type Table } from "./table.js";
import { around, sampleFrictions, sampleHorizons, sampleRungs } from "./test-evaluation-samples.js";
import { frictionTable, tradingCostTable, tradingTable } from "./trading-tables.js";
import { trialsFindings, trialsTable } from "./trials-report.js";

const evaluation = sampleEvaluation();
const own = evaluation.models[0]!;

const climbed: ExperimentEvaluation = {
  ...evaluation,
  trials: { count: 1, sharpeDeviation: Number.NaN, unknown: 0 },
  rungs: {
    ...{ rows: 8_300, majorityRate: 0.51, reference: "majority" },
    rungs: sampleRungs().rungs.rungs.map((rung) => ({
      ...rung,
      accuracy: around(0.55, 0.02),
      brierLoss: around(0.24, 0.01),
      logLoss: around(0.69, 0.01),
    })),
  },
};

const canary = evaluation.canaries[0]!;
const voided: Evaluation = {
  ...evaluation,
  isVoid: true,
  canaries: [{ ...canary, isRight: false, guards: "leaks", note: "Was 0.9." }],
};

test("every table has a cell for each column, and says in no cell that something is undefined", () => {
  const tables: readonly Table[] = [
    metricsTable(evaluation),
    canaryTable(evaluation),
    gateMatrix(evaluation),
    gateTable(own),
    planGateTable(own),
    tradingTable(evaluation),
    tradingCostTable(evaluation),
    frictionTable(own),
    horizonTable({ ...sampleHorizons(), costs: own.backtest.costs, shortfalls: [] }),
    horizonTable({ ...sampleHorizons(), costs: COST_PRESETS.perpetual, shortfalls: [] }),
    shelfTable([]),
    rungsTable(climbed),
    rungLossesTable(climbed),
    figuresTable(own),
    reliabilityBinsTable(own),
  ];
  for (const { columns, rows, caption } of tables) {
    expect(caption).toMatch(/\S/);
    for (const row of rows) {
      expect(row).toHaveLength(columns.length);
      const texts = row.map((cell, j) => cellText(cell, columns[j]!));
      expect(texts.join(" ")).not.toMatch(/NaN|undefined|Infinity|\[object/);
    }
  }
});

test("a wrong canary is said first, by name, in every caption and in every answer", () => {
  expect(canaryFindings(voided)).toMatch(/^\*\*■ VOID\. 1 of 1 canaries.*shuffled labels/s);
  expect(markOf(voided)).toBe("VOID: ");
  for (const table of [metricsTable, tradingTable, gateMatrix]) {
    expect(table(voided).caption).toMatch(/^VOID: /);
    expect(table(evaluation).caption).not.toContain("VOID");
  }
  expect(gateMatrix(voided).rows.at(-1)).toEqual(["all of them", "■ fail", "■ fail"]);
  for (const answer of [baselineAnswer(voided), promotionAnswer(voided)]) {
    expect(answer.verdict).toBe("fail");
    expect(answer.answer).toMatch(/^VOID: /);
  }
});

test("labels on the close are marked in front of figures and answers, above the page, and no gate counts", () => {
  const models = evaluation.models.map((one) => ({
    ...one,
    gates: one.gates.map(({ name, ...gate }) => {
      return { ...gate, name, verdict: name === "label-is-mid" ? "fail" : "undecided" } as const;
    }),
  }));
  const model = models[0]!;
  const close: Evaluation = { ...evaluation, labelKind: "close", models };
  const horizons = { ...sampleHorizons(), labelKind: "close" } as const;
  const map = { ...horizons, costs: own.backtest.costs, shortfalls: [] };
  for (const words of [
    ...[metricsTable(close), gateMatrix(close), gateTable(model), planGateTable(model)],
    ...[figuresTable(model), frictionTable(model), horizonTable(map)],
  ].map(({ caption }) => caption)) {
    expect(words).toMatch(/^BOUNCE-PRONE: /);
  }
  for (const { title } of [
    rungGainsFigure({ ...sampleRungs(), labelKind: "close" }),
    horizonMapFigure(horizons),
    gatesFigure(model),
    frictionsFigure(close),
  ]) {
    expect(title).toMatch(/^BOUNCE-PRONE: /);
  }
  expect(frictionTable(model).rows[0]![0]).toBe("close");
  expect(frictionTable(own).rows[0]![0]).toBe("mid");
  expect(horizonFindings(map)).toMatch(/^BOUNCE-PRONE: /);
  for (const answer of [baselineAnswer(close), promotionAnswer(close)]) {
    expect(answer).toMatchObject({ caution: "BOUNCE-PRONE" });
    expect(answer.answer).toMatch(/^BOUNCE-PRONE: /);
  }
  expect(promotionAnswer(close).answer).toContain("gates are not evaluated");
  expect(promotionAnswer(evaluation).caution).toBeUndefined();
  const { title, subtitle, alt } = equityFigure(model);
  const traded = JSON.stringify([tradingTable(close), figuresTable(model), title, subtitle, alt]);
  expect(traded).not.toContain("at the mid");
  expect(frictionsFigure(close).subtitle).not.toMatch(/at the mid/);
  const shelved = { name: "a@1", isVoid: false, open: model.gates, isPromoted: false, card: "a" };
  const table = shelfTable([{ ...shelved, verdict: "fail" }]);
  expect(table.rows[0]).toContain(
    "BOUNCE-PRONE: labels are on trade closes, so gates are not evaluated",
  );
});

test("the baseline's answer is about the line, wherever it stands in the ladder", () => {
  expect(evaluation.models.map(({ model }) => model)).toEqual(["lstm", "logistic"]);
  expect(baselineAnswer(evaluation).figures?.["model"]).toBe("logistic");
  const best = leadingModel(evaluation);
  expect("model" in best && best.metrics.accuracy.estimate).toBe(
    Math.max(...evaluation.models.map(({ metrics }) => metrics.accuracy.estimate)),
  );
});

test("a part of few independent rows is drawn without an interval and counts as no finding", () => {
  const part = (group: string, half: number, effectiveRows: number) => ({
    ...{ group, rows: 60, majorityRate: 0.5 },
    accuracy: { ...around(0.3, half), effectiveRows },
  });
  const { title, subtitle, data } = groupAccuracyFigure({
    ...{ model: "logistic", rows: 120, byMonth: [], byRegime: { groups: [] } },
    metrics: { accuracy: around(0.55, 0.02) },
    bySymbol: [part("BTCUSDT", 0.05, 40)],
    byHour: [part("0", 0, 4), part("1", 0.05, 4), { ...part("2", 0, 0), rows: 0 }],
  });
  expect(title).toMatch(/^In 1 of 1 parts/);
  expect(subtitle).toContain("hollow: 2 parts of fewer than 20 independent rows");
  const [others, known] = data.slice(-2);
  expect(others).toMatchObject({ x: ["0", "1"] });
  expect(others).not.toHaveProperty("error_y");
  expect(known).toMatchObject({ x: [] });
});

test("a gain is said to be one only beyond its interval", () => {
  const { title } = rungGainsFigure(sampleRungs());
  expect(title).toBe(
    "Accuracy rises beyond its interval with logistic over persistence; persistence over majority of training loses",
  );
  const table = rungsTable(climbed);
  expect(table.rows.map((row) => row[6])).toEqual([null, "■ worse", "● better", "◆ undecided"]);
});

test("the surest rows are held against their own majority, and by the interval", () => {
  const title = (half: number): string =>
    coverageFigure({
      ...{ model: "logistic", rows: 1000 },
      coverage: [
        { coverage: 0.1, rows: 100, majorityRate: 0.58, accuracy: around(0.64, half) },
        { coverage: 1, rows: 1000, majorityRate: 0.5, accuracy: around(0.56, 0.02) },
      ],
    }).title;
  expect(title(0.07)).toContain("(57.0 to 71.0), not distinguishable from 58.0 %");
  expect(title(0.05)).toContain("(59.0 to 69.0), beside 58.0 %");
});

test("the friction that takes the return is the first one below which nothing is left", () => {
  expect(frictionsFigure(sampleFrictions(3)).title).toBe(
    "What logistic, which keeps most, earns at the mid (2.10 %) does not survive fees: −3.40 % after all costs",
  );
  expect(frictionsFigure(sampleFrictions(3)).subtitle).toContain("3 days are too few");
});

test("what is left after all costs is not said without what says whether it is luck", () => {
  const { models, ...marks } = sampleFrictions(3);
  const left = (days: number, lower: number): string => {
    const sharpe = { ...around(1, 1), lower };
    const rungs = models[0]!.ladder.rungs.map((rung) => {
      return { ...rung, sharpe, netReturn: 0.01, daily: Array.from({ length: days }) };
    });
    return frictionsFigure({ ...marks, models: [{ model: "logistic", ladder: { rungs } }] }).title;
  };
  expect(left(3, 0.5)).toMatch(/has 1\.00 % left.*; 3 days cannot tell that from luck$/);
  expect(left(120, -0.5)).toMatch(/; the interval of its Sharpe ratio holds 0$/);
  expect(left(120, 0.5)).toMatch(/at the mid$/);
});

test("the map's words sort horizons by what their intervals say, and name those that are missing", () => {
  const missing = shortfall({ step: "cut folds", what: "bars", has: 10, needs: 1500 });
  const words = horizonFindings({
    ...sampleHorizons(),
    costs: own.backtest.costs,
    shortfalls: [missing],
  });
  expect(words).toContain(
    "above that at **4 h**, below that at 5 s, 1 min, not to be told apart from it at 15 min",
  );
  expect(words).toContain("Not enough data to cut folds");
});

test("the probability of overfitting stands beside that of equals: ½, or (N + 1)/2N of an odd number", () => {
  const scores = { configurations: 5, splits: 252, probability: 0.4 };
  const judged = {
    ...{ splits: 15, paths: 5, configurations: [], majorityRate: 0.51, baseLogLoss: 0.6929 },
    byAccuracy: scores,
    byLogLoss: { ...scores, probability: 0.2 },
  };
  expect(overfittingFindings(judged)).toMatch(/40 % of them by accuracy and 20 %.*about 60 %/s);
  const even = { ...judged, byAccuracy: { ...scores, configurations: 6 } };
  expect(overfittingFindings(even)).toContain("about 50 %");
  const paths = Float64Array.of(0.55, 0.57);
  const one = { name: "full", accuracy: paths, logLoss: paths };
  const table = overfittingTable({ ...judged, configurations: [one] });
  expect(table.rows[0]).toEqual([
    "full",
    56.00000000000001,
    "55.00 to 57.00",
    0.56,
    "0.5500 to 0.5700",
  ]);
});

test("trials are counted with the Sharpe ratio that their best would show by luck", () => {
  // Two trials: σ·[(1 − γ)·Φ⁻¹(½) + γ·Φ⁻¹(1 − 1/2e)] = 0.05 · 0.5772 · 0.9002, times √365.
  const trials = { count: 2, sharpeDeviation: 0.05, unknown: 1 };
  const wordsOver = (days: number): string =>
    trialsFindings({ trials, models: [{ backtest: { daily: new Array(days) } }] });
  const words = wordsOver(2000);
  // Of 90 days luck alone scatters by 1/√90, which is more.
  expect(wordsOver(90)).toContain("**about 1.0**");
  expect(words).toContain("**2 tries**");
  expect(words).toContain("**about 0.5**");
  expect(words).toContain(
    "Of 1 trial, such as the horizon map's or any of fewer than 20 days, no Sharpe ratio is known",
  );
  const kinds = [{ model: "logistic", trials: 3, datasets: 2, sharpes: [] }];
  expect(trialsTable(kinds).rows[0]).toEqual(["logistic", 3, 2, 0, null, null]);
});

test("only a model whose every gate passes is offered for promotion, and a void one never", () => {
  const model: ShelvedModel = {
    name: "logistic@0a1b2c3d4e5f",
    verdict: "pass",
    isVoid: false,
    open: [],
    isPromoted: false,
    card: "registry/card.html",
  };
  expect(shelfFindings([model])).toContain("npx tickbook promote logistic@0a1b2c3d4e5f");
  expect(shelfFindings([{ ...model, isVoid: true }])).toContain("No model can be promoted");
  expect(shelfFindings([{ ...model, verdict: "undecided" }])).toContain("No model can be promoted");
});

test("a prior that was given is not said to be chosen", () => {
  const folds = [{ penalty: { priorDeviation: 0.1, curve: [] } }];
  expect(penaltyFigure({ name: "logistic", folds }).title).toContain("was given, not chosen");
});

test("intervals carry a true minus, and nothing where there is no scatter", () => {
  expect(intervalText({ lower: -0.0131, upper: 0.0021 }, 1)).toBe("−1.3 to 0.2");
  expect(intervalText({ lower: -0.0001, upper: 0.0021 }, 1)).toBe("0.0 to 0.2");
  expect(intervalText({ lower: 0.5, upper: 0.5 }, 1)).toBeNull();
  expect(intervalText({ lower: Number.NaN, upper: 0.5 }, 1)).toBeNull();
});
