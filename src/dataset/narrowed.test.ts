import { expect, test } from "vitest";
import { catalogue } from "../features/catalogue.js";
import { testDataset } from "../training/test-dataset.js";
import { columnSet, columnsAmong, columnsOf, setsAmong } from "./column-sets.js";
import { narrowed } from "./narrowed.js";

const dataset = testDataset(50, () => 0.5);

test("the kept inputs stand in the order asked for, and the rows stay what they are", () => {
  const two = narrowed(dataset, ["third", "first"]);
  for (let row = 0; row < dataset.rows; row++) {
    expect([...two.inputs.slice(2 * row, 2 * row + 2)]).toEqual([
      dataset.inputs[3 * row + 2],
      dataset.inputs[3 * row],
    ]);
  }
  expect(two).toMatchObject({ featureNames: ["third", "first"], rows: dataset.rows });
  expect(two.outcome).toBe(dataset.outcome);
  expect(two.hash).not.toBe(dataset.hash);
});

test("an input that is not there is refused by name", () => {
  expect(() => narrowed(dataset, ["first", "ofi_norm"])).toThrow(/ofi_norm: is no input/);
});

test("the base set is the 33 features that need no book; the full set is the catalogue", () => {
  const base = columnsOf("base");
  expect(base).toHaveLength(33);
  const entries = catalogue().filter(({ name }) => base.includes(name));
  expect(entries.every(({ inputs }) => !inputs.includes("book"))).toBe(true);
  expect(columnsOf("full")).toEqual(catalogue().map(({ name }) => name));
  expect(columnsAmong("base", ["ofi_norm", "rsi_14", "close"])).toEqual(["rsi_14", "close"]);
  expect(setsAmong(["rsi_14", "close"])).toEqual(["base"]);
  expect(setsAmong(["ofi_norm"])).toEqual(["full"]);
  expect(setsAmong(["ofi_norm", "close"])).toEqual(["base", "full"]);
  expect(() => columnSet("most")).toThrow(/base, full/);
});
