import fc from "fast-check";
import { expect, test } from "vitest";
import { DataError, OptionError } from "../core/errors.js";
import { DAY_US, dateOf, dayStartUs } from "../core/time.js";
import type { PartitionKey } from "../store/tables.js";
import { sizeFiles } from "./size-files.js";
import type { Source } from "./source.js";

const FROM_US = dayStartUs("2023-01-01");

function stream(symbol: string, days: number): readonly PartitionKey[] {
  return Array.from({ length: days }, (_, i) => ({
    type: "trades" as const,
    exchange: "binance",
    symbol,
    date: dateOf(FROM_US + i * DAY_US),
  }));
}

/** A source of which only sizes are asked; it remembers which. */
function sized(
  size: (key: PartitionKey) => number | undefined | Error,
  refusal: Source["refusal"] = () => undefined,
): { readonly source: Source; readonly asked: PartitionKey[] } {
  const asked: PartitionKey[] = [];
  const source: Source = {
    name: "test",
    defaultTypes: ["trades"],
    isLocal: false,
    requireKnown: async () => undefined,
    refusal,
    size: async (key) => {
      asked.push(key);
      const answer = size(key);
      if (answer instanceof Error) throw answer;
      return answer;
    },
    fetch: async () => undefined,
    close: () => undefined,
  };
  return { source, asked };
}

const options = (askedFiles: number) => ({
  known: new Map<PartitionKey, number>(),
  askedFiles,
  onProgress: () => undefined,
});
const refused = new DataError({ message: "was refused" });

test("few files are all asked, and each says what the source says; else it is estimated", async () => {
  const keys = stream("A", 4);
  const answers = [10, undefined, Number.NaN, refused];
  const { source } = sized((key) => answers[keys.indexOf(key)]);
  const sizes = await sizeFiles(source, keys, options(4));
  expect(keys.map((key) => sizes.get(key))).toEqual([
    { status: "new", bytes: 10, saidBy: "source" },
    { status: "absent", bytes: null, saidBy: "source" },
    { status: "new", bytes: 10, saidBy: "estimate" },
    { status: "refused", bytes: null, saidBy: "source", reason: "was refused" },
  ]);
});

test("without one size to estimate from, files that are there have none", async () => {
  const keys = stream("A", 9);
  const { source } = sized(() => Number.NaN);
  const sizes = await sizeFiles(source, keys, options(4));
  for (const key of keys) expect(sizes.get(key)).toMatchObject({ status: "new", bytes: null });
});

test("of many, no more than allowed are asked, spread over each stream, and none is left out", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 12, max: 120 }),
      async (lengths, askedFiles) => {
        const keys = lengths.flatMap((days, i) => stream(`S${i}`, days));
        const { source, asked } = sized(() => 100);
        const sizes = await sizeFiles(source, keys, options(askedFiles));
        expect(asked.length).toBeLessThanOrEqual(askedFiles);
        expect(new Set(asked).size).toBe(asked.length);
        expect(sizes.size).toBe(keys.length);
        expect([...sizes.values()].every(({ bytes }) => bytes === 100)).toBe(true);
        expect(asked).toContain(keys[0]);
        expect(asked).toContain(keys.at(-1));
      },
    ),
    { seed: 4, numRuns: 60 },
  );
});

test("sizes that grow evenly are estimated within half the distance of two asked days", async () => {
  const keys = stream("A", 731);
  const { source, asked } = sized((key) => 1000 + keys.indexOf(key));
  const sizes = await sizeFiles(source, keys, options(50));
  const step = 730 / 49;
  for (const [i, key] of keys.entries()) {
    expect(Math.abs(sizes.get(key)!.bytes! - (1000 + i))).toBeLessThanOrEqual(step / 2 + 1);
  }
  const total = [...sizes.values()].reduce((sum, { bytes }) => sum + bytes!, 0);
  const truth = keys.reduce((sum, _, i) => sum + 1000 + i, 0);
  expect(Math.abs(total / truth - 1)).toBeLessThan(0.005);
  expect(asked).toHaveLength(50);
});

test("a symbol that begins late is absent before, as the nearest asked day is", async () => {
  const keys = stream("A", 200);
  const { source } = sized((key) => (keys.indexOf(key) < 100 ? undefined : 50));
  const sizes = await sizeFiles(source, keys, options(21));
  const absent = keys.filter((key) => sizes.get(key)!.status === "absent").length;
  expect(absent).toBeGreaterThanOrEqual(90);
  expect(absent).toBeLessThanOrEqual(110);
  const there = keys.filter((key) => sizes.get(key)!.status === "new");
  expect(there.every((key) => sizes.get(key)!.bytes === 50)).toBe(true);
});

test("stored days are not asked and help to estimate; days that are sure to be refused are not asked", async () => {
  const keys = stream("A", 100);
  const known = new Map(keys.slice(0, 50).map((key) => [key, 7]));
  const { source, asked } = sized(
    () => Number.NaN,
    ({ date }) => (date.endsWith("-01") ? undefined : refused),
  );
  const sizes = await sizeFiles(source, keys, { ...options(1), known });
  expect(asked.map(({ date }) => date)).toEqual(["2023-04-01"]);
  expect(keys.filter((key) => sizes.has(key))).toHaveLength(50);
  const open = keys.find(({ date }) => date === "2023-03-01")!;
  expect(sizes.get(open)).toEqual({ status: "new", bytes: 7, saidBy: "estimate" });
  expect(sizes.get(keys[99]!)).toMatchObject({ status: "refused", reason: "was refused" });
});

test("a source that cannot be reached is asked once", async () => {
  const { source, asked } = sized(() => new OptionError({ message: "could not be reached" }));
  await expect(sizeFiles(source, stream("A", 9), options(4))).rejects.toThrow(OptionError);
  expect(asked).toHaveLength(1);
});
