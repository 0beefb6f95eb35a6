import { expect, test } from "vitest";
import { isShortfall } from "../core/shortfall.js";
import { walkForwardFolds } from "../dataset/folds.js";
import type { Dataset } from "../dataset/matrix.js";
import { type Evaluation, evaluate } from "../evaluation/evaluate.js";
import { LOGISTIC_SETTINGS } from "../training/settings.js";
import { testDataset } from "../training/test-dataset.js";
import { trainLogistic } from "../training/train-logistic.js";
import { auditSentences, badFittedRows, badHoursTable, sliceTable } from "./audit-tables.js";
import { baselineAnswer, evaluationChecks, promotionAnswer } from "./evaluation-answers.js";
import { checkRecords } from "./validate.js";

const good = testDataset(1200, (first) => (first.at(-1)! > 0 ? 0.9 : 0.1));
const isIn = (row: number, from: number): boolean => row % 1200 >= from && row % 1200 < from + 60;
const judged: Dataset = {
  ...good,
  isBad: good.isBad.map((_, row) => Number(isIn(row, 100) || isIn(row, 1000))),
  isAudited: good.isAudited.map((_, row) => Number(row % 1200 !== 5)),
};

async function evaluated(dataset: Dataset): Promise<Evaluation> {
  const folds = walkForwardFolds(dataset, { windowBars: 10 });
  if (isShortfall(folds)) throw new Error(folds.what);
  const fit = await trainLogistic(dataset, folds[0]!, LOGISTIC_SETTINGS);
  if (isShortfall(fit)) throw new Error(fit.what);
  const { testRows: rows, probability } = fit;
  return evaluate({ dataset, folds, models: [{ model: "logistic", rows, probability }] });
}

test("slices say what bad hours took, what of the test they are, and what nobody audited", async () => {
  const evaluation = await evaluated(judged);
  const [train, earlyStop, , tested] = sliceTable(evaluation).rows;
  // Each symbol loses the hour, nine rows that look back into it and two whose labels reach into it; a label of one bar
  // ends when the bar after next begins.
  expect(train!.slice(3)).toEqual([120, 18, 4, 0, 2]);
  expect(earlyStop!.slice(3)).toEqual([0, 0, 0, 0, 0]);
  expect(tested!.slice(3)).toEqual([null, null, null, 120, 0]);
  const words = auditSentences(evaluation.slices);
  expect(words).toContain("Bad hours take 142 rows from what is fitted on, and 120 test rows");
  expect(words).toMatch(
    /\*\*NEVER AUDITED: 2 of 2,\d{3} rows, so no model of them passes its gates/,
  );
});

test("both lines of a model have their n, and their figures are those of the evaluation", async () => {
  const evaluation = await evaluated(judged);
  const [model] = evaluation.models;
  const { columns, rows, caption } = badHoursTable(evaluation);
  expect(caption).toMatch(/^With and without/);
  const at = (row: number, name: string): unknown =>
    rows[row]![columns.findIndex((column) => column.name === name)];
  expect([at(0, "n"), at(1, "n")]).toEqual([model!.rows, model!.rows - 120]);
  expect(at(0, "accuracy")).toBe(100 * model!.metrics.accuracy.estimate);
  expect(at(1, "accuracy")).toBe(100 * model!.withoutBad.metrics.accuracy.estimate);
  expect(at(1, "calibration error")).not.toBe(at(0, "calibration error"));
  expect(rows.every((row) => row.length === columns.length)).toBe(true);
});

test("answers say what nobody audited, and no word of it where all is audited", async () => {
  const [unaudited, whole] = [await evaluated(judged), await evaluated(good)];
  for (const answer of [baselineAnswer, promotionAnswer]) {
    expect(answer(unaudited).answer).toContain("NEVER AUDITED: 2 of");
    expect(answer(whole).answer).not.toContain("NEVER AUDITED");
  }
  expect(auditSentences(whole.slices)).toBe(
    "Bad hours take 0 rows from what is fitted on, and 0 test rows lie in one.",
  );
  expect(badHoursTable(whole).caption).toMatch(/^No test row lies in a bad hour/);
});

test("a fitted row in a bad hour fails the notebook's check", async () => {
  const evaluation = await evaluated(judged);
  const verdictOf = (one: Evaluation): string | undefined =>
    checkRecords(evaluationChecks(one)).find(({ name }) => name.startsWith("rows of bad hours"))
      ?.verdict;
  expect([badFittedRows(evaluation.slices), verdictOf(evaluation)]).toEqual([0, "pass"]);
  const [train, ...others] = evaluation.slices;
  const leaky = { ...evaluation, slices: [{ ...train!, bad: 1 }, ...others] };
  expect([badFittedRows(leaky.slices), verdictOf(leaky)]).toEqual([1, "fail"]);
});
