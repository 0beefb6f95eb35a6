import { expect, test } from "vitest";
import type { Dataset } from "../dataset/matrix.js";
import type { Logistic } from "../models/logistic.js";
import { identityScaler } from "../models/standard-scaler.js";
import { lossError } from "./loss-error.js";
import { testDataset } from "./test-dataset.js";

const STEPS = 4;
const market = testDataset(100, () => 0.5);
/** Rows of both symbols: bars 31, 11 and 71 of the second and bar 51 of the first. */
const rows = Uint32Array.of(130, 110, 50, 170);

async function said(altered: Partial<Dataset>, intercept = 0): Promise<string> {
  const model: Logistic = { kind: "logistic", weights: Float64Array.of(1, 0, 0), intercept };
  const fitted = { scaler: identityScaler(3), model };
  const broken = { what: "the loss was NaN in epoch 3", rows, steps: STEPS };
  return (await lossError({ ...market, ...altered }, fitted, broken)).message;
}

test("the first row with an input without bounds in its window is named, with feature and bar", async () => {
  const inputs = market.inputs.slice();
  // Two bars before bar 11 of the second symbol; the row before its window, and a missing value, are no fault.
  inputs[3 * 108 + 1] = Number.POSITIVE_INFINITY;
  inputs[3 * (130 - STEPS)] = Number.NEGATIVE_INFINITY;
  inputs[3 * 130] = Number.NaN;
  expect(await said({ inputs })).toBe(
    "second: the loss was NaN in epoch 3: the window of ETHUSDT 1970-01-01 00:11:00 holds Infinity at ETHUSDT 1970-01-01 00:09:00; " +
      "compute the features of that day again, or leave second out",
  );
});

test("a row without an outcome is named, though the order of the batch has it later", async () => {
  const outcome = market.outcome.slice();
  outcome[50] = Number.NaN;
  expect(await said({ outcome })).toBe(
    "the loss was NaN in epoch 3: BTCUSDT 1970-01-01 00:51:00 has NaN as its outcome; leave rows without a label out of the fold",
  );
});

test("a row whose own loss is no number is named where its inputs are sound", async () => {
  expect(await said({}, Number.NaN)).toMatch(
    /^the loss was NaN in epoch 3: ETHUSDT 1970-01-01 00:31:00 is the first whose own loss is no number; lower the learning rate/,
  );
});

test("where no row is at fault the first of them says where it was", async () => {
  expect(await said({})).toMatch(
    /in epoch 3: no row of it alone is at fault \(its first is ETHUSDT 1970-01-01 00:31:00\); lower/,
  );
});
