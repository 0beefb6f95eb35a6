import { expect, test } from "vitest";
import { testDataset } from "../training/test-dataset.js";
import { foldEdges, foldsBetween, walkForwardFolds } from "./folds.js";
import type { Dataset, Fold } from "./matrix.js";
import { matchingRows, relabel } from "./relabel.js";

const dataset = testDataset(2000, () => 0.5);

/** Some rows of a dataset, all columns alike. */
function rowsOf(whole: Dataset, rows: readonly number[]): Dataset {
  const pick = <Column extends Float64Array | Float32Array | Uint8Array>(column: Column): Column =>
    column.filter((_, row) => rows.includes(row)) as Column;
  return {
    ...whole,
    rows: rows.length,
    inputs: Float32Array.from(rows.flatMap((row) => [...whole.inputs.slice(3 * row, 3 * row + 3)])),
    symbolIndex: pick(whole.symbolIndex),
    barEndUs: pick(whole.barEndUs),
    labelEndUs: pick(whole.labelEndUs),
    outcome: pick(whole.outcome),
    labelReturn: pick(whole.labelReturn),
    entryPrice: pick(whole.entryPrice),
    halfSpreadBps: pick(whole.halfSpreadBps),
    isUsable: pick(whole.isUsable),
    isPredictable: pick(whole.isPredictable),
    isBad: pick(whole.isBad),
    isAudited: pick(whole.isAudited),
    hash: "some rows",
  };
}

test("folds cut again at their own edges are the same folds", () => {
  for (const settings of [
    {},
    { folds: 3 },
    { folds: 2, window: "rolling", windowBars: 10 },
  ] as const) {
    const folds = walkForwardFolds(dataset, settings) as readonly Fold[];
    expect(folds.length).toBeGreaterThan(0);
    const edges = foldEdges(dataset, folds);
    const windowBars = "windowBars" in settings ? settings.windowBars : 1;
    expect(foldsBetween(dataset, edges, windowBars)).toEqual(folds);
  }
});

test("a time without rows is a shortfall", () => {
  const folds = walkForwardFolds(dataset) as readonly Fold[];
  const late = foldEdges(dataset, folds).map((edges) => edges.map((time) => time + 1e12));
  expect(foldsBetween(dataset, late, 1)).toMatchObject({ kind: "shortfall", needs: 1 });
});

test("rows are matched by symbol and bar, and take the other's labels; those without their like are left out", () => {
  const rows = Array.from({ length: 4000 }, (_, row) => row).filter((row) => row % 7 !== 3);
  const later = dataset.labelEndUs.map((time) => time + 500_000);
  const some = rowsOf({ ...dataset, latencyUs: 500_000, labelEndUs: later }, rows);
  expect([...matchingRows(some, dataset)]).toEqual(rows);
  const opposite = { ...dataset, outcome: dataset.outcome.map((y) => 1 - y), latencyUs: 0 };
  const asked = relabel(opposite, some);
  for (let row = 0; row < dataset.rows; row++) {
    const isThere = row % 7 !== 3;
    expect(asked.isUsable[row]).toBe(Number(isThere));
    expect(asked.isPredictable[row]).toBe(Number(isThere));
    if (isThere) expect(asked.outcome[row]).toBe(dataset.outcome[row]);
    else expect(asked.outcome[row]).toBeNaN();
  }
  expect(asked.labelEndUs[0]! - asked.barEndUs[0]!).toBe(500_000 + 60e6);
  expect(asked.inputs).toBe(opposite.inputs);
  expect(asked.hash).not.toBe(dataset.hash);
});
