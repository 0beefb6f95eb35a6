import { expect, test } from "vitest";
import { seededRandom } from "../../core/random.js";
import { duplicateComplaint, duplicates, type NamedColumn } from "./duplicates.js";

const random = seededRandom(1, "duplicates");
const noise = (rows = 1000): Float64Array => Float64Array.from({ length: rows }, random.normal);
const base = noise();
const pairs = (columns: Readonly<Record<string, Float64Array>>): readonly string[] =>
  duplicates(Object.entries(columns).map(([name, values]): NamedColumn => ({ name, values }))).map(
    (pair) => `${pair.names.join(" ")} ${duplicateComplaint(pair).message}`,
  );

test("the same values, any rising or falling function of them, and next to no noise are told", () => {
  expect(pairs({ a: base, b: base.slice() })).toEqual([
    "a b has the very values of a over 1,000 rows",
  ]);
  expect(pairs({ a: base, b: base.map((value) => value ** 3) })).toEqual([
    "a b orders the rows as a does: rank correlation 1.0000 over 1,000 rows",
  ]);
  expect(pairs({ a: base, b: base.map((value) => -value) })[0]).toContain("correlation -1.0000");
  const other = noise();
  expect(pairs({ a: base, b: base.map((value, i) => value + 0.01 * other[i]!) })).toHaveLength(1);
});

test("a pair that is merely close is not, nor one of strangers", () => {
  const other = noise();
  expect(pairs({ a: base, b: base.map((value, i) => value + 0.1 * other[i]!) })).toEqual([]);
  expect(pairs({ a: base, b: other })).toEqual([]);
});

test("only rows that have both count, and a hundred of them are needed", () => {
  const gappy = base.map((value, i) => (i % 4 === 0 ? Number.NaN : value));
  expect(pairs({ a: base, b: gappy })[0]).toContain("over 750 rows");
  const rare = base.map((value, i) => (i < 99 ? value : Number.NaN));
  expect(pairs({ a: base, b: rare })).toEqual([]);
  expect(pairs({ a: base, b: base.map(() => Number.NaN) })).toEqual([]);
});

test("columns that agree on the looked-at sample alone are told apart on the whole", () => {
  const long = noise(2000);
  const other = noise(2000);
  // Every fourth row is the sample's.
  expect(pairs({ a: long, b: long.map((value, i) => (i % 4 === 0 ? value : other[i]!)) })).toEqual(
    [],
  );
});

test("indicators that exclude each other, and constants, are no pairs", () => {
  const low = base.map((value) => Number(value < 0));
  expect(pairs({ low, high: low.map((value) => 1 - value), one: base.map(() => 1) })).toEqual([]);
});

test("three of a kind are three pairs", () => {
  expect(pairs({ a: base, b: base.slice(), c: base.slice() })).toHaveLength(3);
});
