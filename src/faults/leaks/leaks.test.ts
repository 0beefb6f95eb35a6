import { expect, test } from "vitest";
import { OptionError } from "../../core/errors.js";
import { isShortfall } from "../../core/shortfall.js";
import { BASELINE } from "../../evaluation/canaries/pipeline.js";
import { fitStandardScaler, type StandardScaler } from "../../models/standard-scaler.js";
import type { Temperature } from "../../models/temperature.js";
import { LOGISTIC_SETTINGS } from "../../training/settings.js";
import { leakCampaigns } from "../leaks.js";
import { hasStood } from "../result-table.js";
import { barsMovedByLaterBook, toldWithNextBook } from "./later-book.js";
import { leakMarket } from "./leak-market.js";
import { LEAKS } from "./leaks.js";
import { scaledByAll } from "./leaky-fits.js";
import { MODEL_LEAKS, plantModelLeak } from "./model-leaks.js";
import { type LeakRun, plantLeak, plantPostTradeMid, runHonest } from "./run-leaks.js";

const RUN: LeakRun = { seeds: [1], bars: 1200, horizonBars: 5 };

test.each(LEAKS)("$fault is caught by the canary $caughtBy", async (leak) => {
  const result = await plantLeak(leak, RUN);
  expect(result).toMatchObject({ tries: 1, detected: 1, silent: 0 });
  expect(result.note).toContain(leak.caughtBy);
});

test("a purge that is off is seen though the calibrator's temperature stands at its bound", async () => {
  const purge = LEAKS.find(({ name }) => name === "purge")!;
  const run = { seeds: [13], bars: 2500, horizonBars: 15 };
  const { dataset, folds } = await leakMarket({ ...run, seed: 13, edge: 0 }, purge.pipeline);
  const fit = await purge.pipeline.fit(dataset, folds[0]!, LOGISTIC_SETTINGS);
  if (isShortfall(fit)) throw new Error(fit.what);
  expect((fit.predictor.calibrator as Temperature).temperature).toBeCloseTo(100, 6);
  expect(await plantLeak(purge, run)).toMatchObject({ tries: 1, detected: 1, silent: 0 });
});

test("the leaking scaler is that of the training and test rows as it was fitted, and it is what moves", async () => {
  const { dataset, folds } = await leakMarket({ ...RUN, seed: 1, edge: 0 }, BASELINE);
  const { inputs, featureNames } = dataset;
  const [fold] = folds;
  const { train, earlyStop, test: tested } = fold!;
  const fit = await scaledByAll(dataset, fold!, LOGISTIC_SETTINGS);
  if (isShortfall(fit)) throw new Error(fit.what);
  const of = (...rows: readonly Uint32Array[]): StandardScaler =>
    fitStandardScaler(inputs, featureNames, Uint32Array.from(rows.flatMap((one) => [...one])));
  expect(fit.predictor.scaler).toEqual(of(train, earlyStop, tested));
  const honest = of(train, earlyStop);
  const apart = fit.predictor.scaler.mean.map(
    (mean, j) => Math.abs(mean - honest.mean[j]!) / honest.deviation[j]!,
  );
  expect(Math.max(...apart)).toBeGreaterThan(1e-3);
  const elsewhere = { ...LEAKS[0]!, moves: "what no canary names" };
  expect(await plantLeak(elsewhere, RUN)).toMatchObject({ detected: 0, silent: 1 });
});

test.each(MODEL_LEAKS)("$fault: $caughtBy is wrong, and right without it", async (leak) => {
  const result = await plantModelLeak(leak, RUN);
  expect(result).toMatchObject({ tries: 1, detected: 1, silent: 0, falseAlarms: 0 });
  expect(result.note).toContain(leak.caughtBy);
});

test.each(["refitted without its test", "blind to its future"] as const)(
  "without a leak %s is right, and the table says that nothing was caught",
  async (caughtBy) => {
    const none = await plantModelLeak({ name: "none", fault: "none", caughtBy, steps: {} }, RUN);
    expect([none.silent, hasStood(none)]).toEqual([1, false]);
  },
);

test("an honest pipeline raises no alarm, and a canary that sees nothing is told of", async () => {
  for (const edge of ["without edge", "with edge"] as const) {
    expect(await runHonest(edge, RUN)).toMatchObject({ tries: 1, falseAlarms: 0 });
  }
  const none = { ...LEAKS[0]!, pipeline: BASELINE };
  const result = await plantLeak(none, RUN);
  expect(result).toMatchObject({ tries: 1, detected: 0, silent: 1 });
  expect([hasStood(result), result.note]).toEqual([false, "silent: seed 1: caught by nothing"]);
});

test("the mid after a trade moves most effective spreads with the later book, the one before it none", async () => {
  const honest = await barsMovedByLaterBook((engine) => engine, 1);
  const leaky = await barsMovedByLaterBook(toldWithNextBook, 1);
  expect([honest.moved, honest.bars]).toEqual([0, 200]);
  // One in twelve goes the same way by chance.
  expect(leaky.moved).toBeGreaterThan(150);
  expect(hasStood(await plantPostTradeMid(RUN))).toBe(true);
});

test("leaks are chosen by name, and the table says what caught them", async () => {
  expect(() => leakCampaigns("scaler,gap")).toThrow(OptionError);
  const [campaign] = leakCampaigns("post-trade-mid");
  const told: number[] = [];
  const results = await campaign!.run({
    ...{ seed: 5, isFull: false, folder: "" },
    onProgress: (done, total) => told.push(done / total),
  });
  expect(told).toEqual([0.5, 1]);
  expect(results.every(hasStood)).toBe(true);
  const row =
    /post-trade mid +2 +2 +0 +yes +caught by the law that a later book moves no effective spread/;
  expect(campaign!.table!(results)).toMatch(row);
});
