import { expect, test } from "vitest";
import { FEATURES } from "../catalogue.js";
import type { FeatureEntry } from "../feature.js";
import { comparable } from "./comparable.js";
import { newAges } from "./stream-ages.js";
import type { SymbolColumns } from "./symbol-columns.js";

const entry = (name: string): FeatureEntry => FEATURES.find((feature) => feature.name === name)!;

const COLUMNS: SymbolColumns = {
  ...{ exchange: "x", symbol: "X", barUs: 10, mid: new Float64Array(4), days: [] },
  ...{ valid: new BigUint64Array(4), ages: newAges(4) },
  // A bar is missing before the last.
  barEndUs: Float64Array.of(10, 20, 30, 50),
  values: {
    high: Float64Array.of(4, 8, 6, 9),
    close: Float64Array.of(2, 4, Number.NaN, 8),
    tfi: Float64Array.of(0.1, 0.2, 0.3, 0.4),
  },
};

test("a price is compared as the log of its ratio to the close before, never over a missing bar", () => {
  const high = comparable(entry("high"), COLUMNS);
  expect([...high]).toEqual([Number.NaN, Math.log(4), Math.log(1.5), Number.NaN]);
  const close = comparable(entry("close"), COLUMNS);
  expect([...close]).toEqual([Number.NaN, Math.log(2), Number.NaN, Number.NaN]);
});

test("everything else is compared as it is stored", () => {
  expect(comparable(entry("tfi"), COLUMNS)).toBe(COLUMNS.values["tfi"]);
});
