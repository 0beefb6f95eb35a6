import { expect, test } from "vitest";
import { DAY_US, MINUTE_US } from "../core/time.js";
import { oneStream } from "../features/row-parts.js";
import type { SymbolFeatures } from "./symbol-features.js";
import { youngFeatures } from "./young-features.js";

const MINUTES = { barUs: MINUTE_US, labelKind: "mid" } as const;

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
  expect(youngFeatures([one, other], ["tfi", "vpin"], MINUTES)).toEqual(["vpin"]);
  expect(youngFeatures([other], ["tfi", "vpin"], MINUTES)).toEqual([]);
});

test("so is one that warms up for more than half of each day", () => {
  const session = [series(10, { vwap_dev_session: 0, tfi: 0 })];
  const young = (minutes: number): readonly string[] =>
    youngFeatures(session, ["tfi", "vwap_dev_session"], {
      ...MINUTES,
      barUs: minutes * MINUTE_US,
    });
  // Thirty bars of 24 minutes are half a day.
  expect(young(20)).toEqual([]);
  expect(young(24)).toEqual([]);
  expect(young(30)).toEqual(["vwap_dev_session"]);
});

test("days without a book, which are left out, or without the trades that are needed make no feature young", () => {
  const firsts = { obi_l1: 7, tfi: 7, ofi_norm: 9, hour_sin: 0 };
  const names = Object.keys(firsts);
  const one = series(10, firsts);
  // Seven rows of a day and three of the next.
  const barEndUs = one.barEndUs.map((_, row) => (row < 7 ? 0 : DAY_US) + (row + 1) * MINUTE_US);
  const whole = { ...one, barEndUs };
  const young = (of: SymbolFeatures, labelKind: "mid" | "close" = "mid"): readonly string[] =>
    youngFeatures([of], names, { ...MINUTES, labelKind });
  expect(young(whole)).toEqual(["obi_l1", "tfi", "ofi_norm"]);
  const mid = whole.mid.map((value, row) => (row < 7 ? Number.NaN : value));
  // Of the second day's three rows the first two are the first half.
  expect(young({ ...whole, mid })).toEqual(["ofi_norm"]);
  expect(young({ ...whole, mid }, "close")).toEqual(["obi_l1", "tfi", "ofi_norm"]);
  // A day that has a book for a while is judged whole.
  expect(young({ ...whole, mid: mid.map((value, row) => (row === 3 ? 1 : value)) })).toEqual([
    "obi_l1",
    "tfi",
    "ofi_norm",
  ]);
  const { source } = whole.parts[0]!;
  const parts = [
    { from: 0, to: 7, source: { ...source, hasTrades: false }, beginsStream: true },
    { from: 7, to: 10, source, beginsStream: true },
  ];
  expect(young({ ...whole, parts })).toEqual(["obi_l1", "ofi_norm"]);
});
