import { expect, test } from "vitest";
import { MINUTE_US } from "../core/time.js";
import { oneStream } from "../features/row-parts.js";
import type { SymbolFeatures } from "./symbol-features.js";
import { youngFeatures } from "./young-features.js";

/** Rows of which each named feature has a value from one on. */
function series(rows: number, firsts: Readonly<Record<string, number>>): SymbolFeatures {
  const column = (first: number): Float64Array =>
    new Float64Array(rows).map((_, row) => (row < first ? Number.NaN : 1));
  return {
    barEndUs: new Float64Array(rows).map((_, row) => (row + 1) * MINUTE_US),
    mid: column(0),
    values: Object.fromEntries(Object.entries(firsts).map(([name, at]) => [name, column(at)])),
    valid: new BigUint64Array(rows),
    parts: [oneStream(rows, "incremental_book_L2")],
    verdict: new Array<"good">(rows).fill("good"),
    bookSource: "incremental_book_L2",
  };
}

test("a feature is young that has no value in the first half of some symbol's rows", () => {
  const [one, other] = [series(10, { tfi: 4, vpin: 5 }), series(10, { tfi: 0, vpin: 0 })];
  expect(youngFeatures([one, other], ["tfi", "vpin"], MINUTE_US)).toEqual(["vpin"]);
  expect(youngFeatures([other], ["tfi", "vpin"], MINUTE_US)).toEqual([]);
});

test("so is one that warms up for more than half of each day", () => {
  const session = [series(10, { vwap_dev_session: 0, tfi: 0 })];
  const young = (minutes: number): readonly string[] =>
    youngFeatures(session, ["tfi", "vwap_dev_session"], minutes * MINUTE_US);
  // Thirty bars of 24 minutes are half a day.
  expect(young(20)).toEqual([]);
  expect(young(24)).toEqual([]);
  expect(young(30)).toEqual(["vwap_dev_session"]);
});
