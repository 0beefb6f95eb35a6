import { describe, expect, test } from "vitest";
import { seededRandom } from "../core/random.js";
import { isShortfall } from "../core/shortfall.js";
import { mean } from "../core/statistics.js";
import type { Dataset } from "../dataset/matrix.js";
import { COST_PRESETS } from "../trading/costs.js";
import { scheduledFundingTimes } from "../trading/funding.js";
import { LOGISTIC_SETTINGS } from "../training/settings.js";
import { trainLogistic } from "../training/train-logistic.js";
import { ceilings } from "./ceilings.js";
import { evaluate } from "./evaluate.js";
import { foldOf, HORIZON, persistentMarket } from "./test-persistent-market.js";

const outcomeAt = (dataset: Dataset, rows: Uint32Array): Float64Array =>
  Float64Array.from(rows, (row) => dataset.outcome[row]!);

test("a test of less than three blocks passes no gate that has an interval, however right the model, and says why", () => {
  const dataset = persistentMarket(0, 6);
  // Blocks of eight horizons are 40 bars.
  for (const [bars, blocks] of [
    [30, "0.7"],
    [110, "2.7"],
  ] as const) {
    const rows = Uint32Array.from({ length: bars }, (_, i) => i + 500);
    const probability = Float64Array.from(outcomeAt(dataset, rows), (up) => 0.2 + 0.6 * up);
    const [model] = evaluate({
      dataset,
      folds: [],
      models: [{ model: "logistic", rows, probability }],
    }).models;
    expect(model!.effectiveRows).toBe(0);
    for (const name of ["accuracy", "better-than-majority", "brier-skill"]) {
      const { verdict, reason, lower } = model!.gates.find((gate) => gate.name === name)!;
      expect([name, verdict, lower]).toEqual([name, "undecided", Number.NaN]);
      expect(reason).toContain(`the rows fill ${blocks} blocks of time, and it takes 3`);
    }
  }
});

test("the sure rows of a calibrated model are too few to tell its calibration, whatever all rows are", () => {
  const market = persistentMarket(0, 7);
  const random = seededRandom(7, "calibrated");
  const said = Float64Array.from({ length: market.rows }, () => 0.3 + 0.4 * random.uniform());
  const dataset = {
    ...{ ...market, horizonBars: 1, isUsable: market.isUsable.map(() => 1) },
    outcome: Float32Array.from(said, (p) => Number(random.uniform() < p)),
    labelReturn: market.labelReturn.map((value) => (Number.isNaN(value) ? 0 : value)),
  };
  const rows = Uint32Array.from(said.keys());
  const isActedOn = Uint8Array.from(said, (p) => Number(Math.abs(p - 0.5) > 0.19));
  const [model] = evaluate({
    dataset,
    folds: [],
    models: [{ model: "logistic", rows, probability: said, isActedOn }],
  }).models;
  const { acted, calibrationRows } = model!;
  expect(acted.coverage).toBeLessThan(0.06);
  expect(calibrationRows).toBeGreaterThan(3000);
  expect(acted.calibrationRows).toBeLessThanOrEqual(acted.rows);
  // √(2·p·(1 − p)/(π·n)) in ten bins around 0.3 and 0.7.
  const floor = Math.sqrt((2 * 0.21) / ((Math.PI * acted.calibrationRows) / 10));
  expect(acted.calibrationNoiseFloor / floor).toBeCloseTo(1, 1);
  const gate = model!.gates.find(({ name }) => name === "calibration-error")!;
  expect(gate.verdict).toBe("undecided");
  expect(gate.value).toBe(acted.calibrationError.estimate);
  expect(gate.reason).toBe(`${Math.floor(acted.calibrationRows)} effective rows`);
});

describe("evaluate", () => {
  const dataset = persistentMarket(0.4, 4);
  const fold = foldOf(dataset);

  test("a fitted model beats chance beyond its interval, and figures agree with each other", async () => {
    const fit = await trainLogistic(dataset, fold, LOGISTIC_SETTINGS);
    if (isShortfall(fit)) throw new Error(fit.what);
    const half = fit.probability.map(() => 0.5);
    const rows = fit.testRows;
    const result = evaluate({
      dataset,
      folds: [fold],
      models: [
        { model: "logistic", rows, probability: fit.probability },
        { model: "half", rows: rows.slice(100), probability: half.slice(100) },
      ],
    });
    expect(result).toMatchObject({ isSimulated: true, isVoid: false, horizonMinutes: HORIZON });
    expect(result.rows).toBe(rows.length - 100);
    const [logistic, constant] = result.models;
    expect(logistic!.metrics.aboveChance.lower).toBeGreaterThan(0);
    expect(logistic!.effectiveRows).toBeLessThanOrEqual(result.rows / HORIZON);
    expect(constant!.metrics.accuracy.estimate).toBe(0.5);
    expect(constant!.metrics.aboveLogistic.upper).toBeLessThan(0);
    expect(constant!.backtest.netReturn).toBe(0);
    expect(constant!.verdict).toBe("fail");
    const bySymbol = logistic!.bySymbol.reduce(
      (sum, group) => sum + group.rows * group.accuracy.estimate,
      0,
    );
    expect(bySymbol / result.rows).toBeCloseTo(logistic!.metrics.accuracy.estimate, 12);
    expect(logistic!.byHour.reduce((sum, group) => sum + group.rows, 0)).toBe(result.rows);
    expect(logistic!.coverage.at(-1)!.accuracy.estimate).toBeCloseTo(
      logistic!.metrics.accuracy.estimate,
      12,
    );
    expect(result.slices.map(({ slice }) => slice)).toEqual([
      "train",
      "earlyStop",
      "calibrate",
      "test",
    ]);
    expect(result.fromUs).toBeGreaterThan(result.slices[2]!.toUs);
  });

  test("perfect foresight is right on every row and earns more than it pays", () => {
    const probability = outcomeAt(dataset, fold.test);
    const { models } = evaluate({
      dataset,
      folds: [fold],
      models: [{ model: "foresight", rows: fold.test, probability }],
    });
    expect(models[0]!.metrics.accuracy).toMatchObject({ estimate: 1, lower: 1, upper: 1 });
    expect(models[0]!.metrics.brierSkillScore.estimate).toBe(1);
    expect(models[0]!.backtest.grossReturn).toBeGreaterThan(0);
    expect(models[0]!.verdict).not.toBe("pass");
  });

  test("a bet on every row at the break-even accuracy earns its fee and spread, both ways", () => {
    const probability = outcomeAt(dataset, fold.test);
    const { models, blockBars } = evaluate({
      dataset,
      folds: [fold],
      models: [{ model: "foresight", rows: fold.test, probability }],
    });
    // Of a move m the side gains (2a − 1)·m on average, and pays 3.25 + 0.1 bps twice.
    const move = mean(Array.from(fold.test, (row) => Math.abs(dataset.labelReturn[row]!)));
    const gain = (2 * models[0]!.acted.breakEvenAccuracy - 1) * move;
    expect(gain).toBeCloseTo(2 * 3.35e-4, 12);
    // Ten hours of test: a tenth of them is more than eight horizons.
    expect(blockBars).toBe(Math.floor((fold.test.length / 2 - 1) / 10));
  });

  test("under a preset with funding a bet has to earn that too, which longs pay and shorts receive", () => {
    const evaluated = (called: number) => {
      const probability = new Float64Array(fold.test.length).fill(called);
      return evaluate({
        dataset,
        folds: [fold],
        models: [{ model: "constant", rows: fold.test, probability }],
        execution: { costs: COST_PRESETS.perpetual },
      }).models[0]!.acted.breakEvenAccuracy;
    };
    const move = mean(Array.from(fold.test, (row) => Math.abs(dataset.labelReturn[row]!)));
    const paid = mean(
      Array.from(fold.test, (row) => {
        const entryUs = dataset.barEndUs[row]! + dataset.latencyUs;
        return scheduledFundingTimes(entryUs, dataset.labelEndUs[row]!).length * 1e-4;
      }),
    );
    expect(paid).toBeGreaterThan(0);
    expect((2 * evaluated(0.6) - 1) * move).toBeCloseTo(2 * 5.1e-4 + paid, 12);
    expect((2 * evaluated(0.4) - 1) * move).toBeCloseTo(2 * 5.1e-4 - paid, 12);
    expect((2 * evaluated(0.5) - 1) * move).toBeCloseTo(2 * 5.1e-4, 12);
  });

  test("true probabilities are those of the rows that were predicted", () => {
    const oracleUp = new Float64Array(dataset.rows).fill(Number.NaN);
    const attainableUp = oracleUp.slice();
    for (const row of fold.test) {
      oracleUp[row] = dataset.outcome[row] === 0 ? 0.2 : 0.7;
      attainableUp[row] = 0.6;
    }
    const probability = outcomeAt(dataset, fold.test);
    const [model] = evaluate({
      dataset,
      folds: [fold],
      models: [{ model: "foresight", rows: fold.test, probability }],
      truth: { oracleUp, attainableUp },
    }).models;
    const up = mean(probability);
    const { oracle, attainable, model: scored } = model!.ceilings!;
    expect(oracle.estimate).toBeCloseTo(0.7 * up + 0.8 * (1 - up), 12);
    expect(scored.estimate).toBeCloseTo(oracle.estimate, 12);
    expect(attainable.estimate).toBeCloseTo(0.7 * up + 0.2 * (1 - up), 12);
  });

  test("the same request gives the same figures to the bit", () => {
    const probability = outcomeAt(dataset, fold.test).map((y, i) => 0.4 + 0.2 * y * (i % 2));
    const request = {
      dataset,
      folds: [fold],
      models: [{ model: "logistic", rows: fold.test, probability }],
    };
    expect(evaluate(request)).toEqual(evaluate(request));
  });

  test("bad hours are counted, accuracy is given without them, and their gate fails", () => {
    const isBad = new Uint8Array(dataset.rows);
    for (const row of fold.test.subarray(0, 100)) isBad[row] = 1;
    const probability = outcomeAt(dataset, fold.test);
    for (let i = 0; i < 100; i++) probability[i] = 1 - probability[i]!;
    const { models, slices } = evaluate({
      dataset: { ...dataset, isBad },
      folds: [fold],
      models: [{ model: "half right", rows: fold.test, probability }],
    });
    const [model] = models;
    expect(model!.badShare).toBeCloseTo(100 / fold.test.length, 12);
    expect(model!.withoutBad.metrics.accuracy.estimate).toBe(1);
    expect(model!.gates.find(({ name }) => name === "data-not-bad")!.verdict).toBe("fail");
    expect(slices.map(({ bad }) => bad)).toEqual([0, 0, 0, 100]);
  });

  test("one row of the training slice that nobody audited keeps the gate from passing", () => {
    const isAudited = dataset.isAudited.slice();
    isAudited[fold.train[0]!] = 0;
    const { models, slices } = evaluate({
      dataset: { ...dataset, isAudited },
      folds: [fold],
      models: [{ model: "any", rows: fold.test, probability: outcomeAt(dataset, fold.test) }],
    });
    const gate = models[0]!.gates.find(({ name }) => name === "data-not-bad")!;
    expect(gate).toMatchObject({ verdict: "undecided", value: 0 });
    expect(gate.reason).toBe("never audited: 0 traded rows, 1 fitted row");
    expect(slices.map(({ unaudited }) => unaudited)).toEqual([1, 0, 0, 0]);
  });
});

describe("ceilings", () => {
  const random = seededRandom(5);
  const oracleUp = Float64Array.from({ length: 4000 }, () => random.uniform());
  const attainableUp = oracleUp.map((p) => 0.5 + 0.5 * (p - 0.5) + 0.1 * (random.uniform() - 0.5));

  test("nobody beats the oracle, and the oracle's own side is its ceiling", () => {
    const found = ceilings(attainableUp, { oracleUp, attainableUp });
    const direct = oracleUp.reduce((sum, p) => sum + Math.max(p, 1 - p), 0) / 4000;
    expect(found.oracle).toBeCloseTo(direct, 12);
    expect(found.oracleMinusAttainable).toBeGreaterThan(0);
    expect(found.attainableShare).toBe(1);
    const guess = ceilings(
      oracleUp.map(() => random.uniform()),
      { oracleUp, attainableUp },
    );
    expect(Math.abs(guess.attainableShare)).toBeLessThan(0.1);
  });

  test("where nothing is attainable there is no share; missing truth gives missing figures", () => {
    const none = new Float64Array(10).fill(0.5);
    expect(ceilings(none, { oracleUp: none, attainableUp: none }).attainableShare).toBeNaN();
    const unknown = new Float64Array(10).fill(Number.NaN);
    expect(ceilings(none, { oracleUp: unknown, attainableUp: unknown }).oracle).toBeNaN();
  });

  test("scored by true probability a model is what its hits are on average, with less noise", () => {
    const outcome = oracleUp.map((p) => Number(random.uniform() < p));
    const truth = ceilings(attainableUp, { oracleUp, attainableUp });
    const hit = outcome.map((y, i) => Number(attainableUp[i]! > 0.5 === y > 0.5));
    const counted = hit.reduce((sum, value) => sum + value, 0) / hit.length;
    expect(Math.abs(counted - truth.model)).toBeLessThan(0.03);
  });
});
