import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { isShortfall } from "../core/shortfall.js";
import { MINUTE_US } from "../core/time.js";
import type { Dataset } from "../dataset/matrix.js";
import { readLedger } from "../registry/ledger.js";
import { LOGISTIC_SETTINGS } from "../training/settings.js";
import { testFold } from "../training/test-dataset.js";
import { actedOn } from "./acted-on.js";
import { evaluate } from "./evaluate.js";
import { fitTrial } from "./fit-trial.js";
import { testMarket } from "./test-market.js";
import { dailySharpes } from "./traded-ladder.js";
import { predictionsOf } from "./traded-rows.js";

const root = mkdtempSync(path.join(tmpdir(), "tickbook-fit-trial-"));

afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Bars of ninety minutes, so that the test lasts days enough for a Sharpe ratio. */
function market(): Dataset {
  const base = testMarket(2400, { latencyUs: 0 });
  const barUs = 90 * MINUTE_US;
  const slower = (times: Float64Array): Float64Array => times.map((time) => 90 * time);
  return {
    ...base,
    ...{ barUs, barEndUs: slower(base.barEndUs), labelEndUs: slower(base.labelEndUs) },
    horizonUs: 90 * base.horizonUs,
  };
}

test("the ratio that a trial scatters by is that of the rows that it acts on, as its evaluation measures it", async () => {
  const dataset = market();
  const cut = testFold(dataset);
  const isUsable = (row: number): boolean => dataset.isUsable[row] === 1;
  const fold = {
    ...cut,
    test: cut.test.filter(isUsable),
    untested: cut.test.filter((row) => !isUsable(row)),
  };
  const ratios: number[] = [];
  for (const coverage of [1, 0.3]) {
    const settings = { ...LOGISTIC_SETTINGS, coverage };
    const model = await fitTrial(dataset, [fold], settings, { root, seed: 1 });
    if (isShortfall(model)) throw new Error(model.what);
    const { isActedOn } = actedOn(dataset, model.folds, coverage);
    const models = [{ ...predictionsOf(model), isActedOn }];
    const own = evaluate({ dataset, folds: [fold], models, replicates: 20 }).models[0]!;
    const { state } = await readLedger(root);
    expect(state.sharpes.get(model.key)).toBe(dailySharpes(own.ladder).grossDailySharpe);
    ratios.push(state.sharpes.get(model.key)!);
  }
  expect(ratios.every(Number.isFinite)).toBe(true);
  expect(ratios[1]).not.toBe(ratios[0]);
});
