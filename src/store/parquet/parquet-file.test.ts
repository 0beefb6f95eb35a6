import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import fc from "fast-check";
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Column, ColumnKind } from "../column.js";
import { GroupedTable } from "./grouped-table.js";
import { createParquetFile } from "./parquet-file.js";
import { rowGroupRows } from "./row-group.js";
import type { StoredColumn, StoredValues } from "./stored-column.js";

let folder: string;
let next = 0;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "tickbook-parquet-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const column = (name: string, type: StoredColumn["type"], isNullable = false): StoredColumn => ({
  name,
  type,
  isNullable,
});

/** A column of each stored type. */
const COLUMNS: readonly StoredColumn[] = [
  column("time", "BIGINT"),
  column("funding", "BIGINT", true),
  column("price", "DOUBLE"),
  { ...column("side", "VARCHAR"), labels: ["sell", "unknown", "buy"] },
  column("id", "VARCHAR"),
  column("flag", "BOOLEAN"),
  column("small", "TINYINT"),
  column("byte", "UTINYINT"),
  column("count", "INTEGER"),
  column("mask", "UBIGINT"),
];

interface Row {
  readonly time: number;
  readonly funding: number;
  readonly price: number;
  readonly side: number;
  readonly id: string;
  readonly flag: number;
  readonly small: number;
  readonly byte: number;
  readonly count: number;
  readonly mask: bigint;
}

const whole = fc.oneof(
  fc.integer({ min: 0, max: 50 }),
  fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  fc.maxSafeInteger(),
  fc.constant(1_723_161_255_319_702),
);
const row: fc.Arbitrary<Row> = fc.record({
  time: whole,
  funding: fc.oneof(fc.constant(Number.NaN), whole),
  price: fc.oneof(fc.constantFrom(0.1, -0, 0, 60_000.5), fc.double()),
  side: fc.constantFrom(-1, 0, 1),
  id: fc.oneof(fc.constantFrom("", "a", "good"), fc.string({ unit: "grapheme" })),
  flag: fc.nat(1),
  small: fc.integer({ min: -128, max: 127 }),
  byte: fc.nat(255),
  count: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  mask: fc.bigInt(0n, 2n ** 64n - 1n),
});

function valuesOf(rows: readonly Row[]): readonly StoredValues[] {
  return [
    Float64Array.from(rows, ({ time }) => time),
    Float64Array.from(rows, ({ funding }) => funding),
    Float64Array.from(rows, ({ price }) => price),
    Int8Array.from(rows, ({ side }) => side),
    rows.map(({ id }) => id),
    Uint8Array.from(rows, ({ flag }) => flag),
    Int8Array.from(rows, ({ small }) => small),
    Uint8Array.from(rows, ({ byte }) => byte),
    Int32Array.from(rows, ({ count }) => count),
    BigUint64Array.from(rows, ({ mask }) => mask),
  ];
}

/** What a reader should find. */
function stored({ time, funding, side, flag, ...rest }: Row): Record<string, unknown> {
  return {
    ...rest,
    time: BigInt(time),
    funding: Number.isNaN(funding) ? null : BigInt(funding),
    side: ["sell", "unknown", "buy"][side + 1],
    flag: flag === 1,
  };
}

function freshFile(): string {
  return path.join(folder, `${next++}.parquet`);
}

async function write(groups: readonly (readonly Row[])[]): Promise<string> {
  const name = freshFile();
  const file = await createParquetFile(name, COLUMNS);
  for (const rows of groups) file.append(valuesOf(rows), rows.length);
  file.finish();
  return name;
}

async function byHyparquet(name: string): Promise<readonly Record<string, unknown>[]> {
  const file = await asyncBufferFromFile(name);
  return parquetReadObjects({ file, compressors });
}

async function byDuckDb(sql: string): Promise<readonly Record<string, unknown>[]> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  const result = await connection.runAndReadAll(sql);
  connection.closeSync();
  instance.closeSync();
  return result.getRowObjects();
}

test("what is written is what two independent readers read, whatever the values and the row groups", async () => {
  const groups = fc.array(fc.array(row, { minLength: 1, maxLength: 300 }), { maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(groups, async (rows) => {
      const name = await write(rows);
      const expected = rows.flat().map(stored);
      expect(await byHyparquet(name)).toEqual(expected);
      expect(await byDuckDb(`SELECT * FROM '${name}'`)).toEqual(expected);
    }),
    { seed: 11, numRuns: 60 },
  );
}, 60_000);

test("long columns of every pattern come back: constant, rising, leaping, few and many values", async () => {
  const rows = 70_001;
  const patterns: Readonly<Record<string, (i: number) => number>> = {
    constant: () => 1.5e15,
    rising: (i) => 1.5e15 + 3 * i,
    stepping: (i) => 1.5e15 + 1000 * Math.floor(i / 37),
    stumbling: (i) => (i < 70_000 ? Math.floor(i / 37) : 1000),
    falling: (i) => 5 - i ** 2,
    leaping: (i) => (i % 1000 === 0 ? 2 ** 50 : 0) + (i % 7),
    few: (i) => (i * 7919) % 23,
    many: (i) => (i * 2_654_435_761) % 4_294_967_291,
    widest: (i) => (i % 2 === 0 ? Number.MAX_SAFE_INTEGER : -Number.MAX_SAFE_INTEGER),
  };
  const names = Object.keys(patterns);
  const name = freshFile();
  const columns = names.flatMap((one) => [
    column(one, "BIGINT"),
    column(`${one}_number`, "DOUBLE"),
  ]);
  const file = await createParquetFile(name, columns);
  const values = names.map((one) =>
    Float64Array.from({ length: rows }, (_, i) => patterns[one]!(i)),
  );
  file.append(
    values.flatMap((one) => [one, one.map((value) => value / 10)]),
    rows,
  );
  file.finish();
  const [found] = await byDuckDb(
    `SELECT ${names.map((one) => `list(${one}) AS ${one}, list(${one}_number) AS ${one}_number`).join(", ")} FROM '${name}'`,
  );
  names.forEach((one, i) => {
    const items = (key: string): readonly unknown[] => (found![key] as { items: unknown[] }).items;
    expect(Float64Array.from(items(one), Number)).toEqual(values[i]);
    expect(Float64Array.from(items(`${one}_number`) as number[])).toEqual(
      values[i]!.map((v) => v / 10),
    );
  });
  const columnsRead = await byHyparquet(name);
  expect(columnsRead.map((record) => record["leaping"])).toEqual([...values[5]!].map(BigInt));
});

test("DuckDB skips row groups by our statistics only where it may, and finds every row that it should", async () => {
  const group = (low: number): readonly Row[] =>
    fc.sample(row, { seed: low, numRuns: 50 }).map((one, i) => ({
      ...one,
      time: 1000 * low + i,
      price: i === 7 && low === 2 ? Number.NaN : low + i / 100 - 1,
    }));
  const name = await write([group(0), group(1), group(2)]);
  const [times] = await byDuckDb(
    `SELECT count(*)::INT AS n FROM '${name}' WHERE time BETWEEN 1010 AND 2005`,
  );
  expect(times).toEqual({ n: 40 + 6 });
  const [prices] = await byDuckDb(
    `SELECT count(*)::INT AS n FROM '${name}' WHERE price >= 1 AND NOT isnan(price)`,
  );
  expect(prices).toEqual({ n: 49 });
  const [nan] = await byDuckDb(`SELECT count(*)::INT AS n FROM '${name}' WHERE isnan(price)`);
  expect(nan).toEqual({ n: 1 });
  const ranges = await byDuckDb(
    `SELECT path_in_schema AS name, stats_min_value AS low, stats_max_value AS high FROM parquet_metadata('${name}') WHERE name IN ('time', 'price')`,
  );
  expect(ranges.filter(({ name: one }) => one === "time").map(({ low }) => low)).toEqual([
    "0",
    "1000",
    "2000",
  ]);
  expect(ranges.filter(({ name: one }) => one === "price").map(({ low }) => low === null)).toEqual([
    false,
    false,
    true,
  ]);
});

test("pieces of any size give the same bytes as the whole", async () => {
  const kinds: readonly ColumnKind[] = ["float64", "float64", "int8", "text"];
  const columns = [
    column("time", "BIGINT"),
    column("price", "DOUBLE"),
    { ...column("side", "VARCHAR"), labels: ["ask", "", "bid"] },
    column("id", "VARCHAR"),
  ];
  const rows = rowGroupRows(columns.length) + 3000;
  const all: readonly Column[] = [
    Float64Array.from({ length: rows }, (_, i) => 1e15 + i),
    Float64Array.from({ length: rows }, (_, i) => (i % 999) / 8),
    Int8Array.from({ length: rows }, (_, i) => (i % 2) * 2 - 1),
    Array.from({ length: rows }, (_, i) => `id ${i}`),
  ];
  const bytes = async (cuts: readonly number[]): Promise<Buffer> => {
    const name = freshFile();
    const table = await GroupedTable.create(name, { columns, kinds });
    [...cuts, rows].reduce((from, to) => {
      table.append(all.map((one) => one.slice(from, to)) as readonly Column[], to - from);
      return to;
    }, 0);
    table.finish();
    return readFileSync(name);
  };
  const whole = await bytes([]);
  expect(await bytes([1, 2, 1000, 70_000])).toEqual(whole);
  expect(await bytes(Array.from({ length: rows / 999 }, (_, i) => 999 * i))).toEqual(whole);
  const file = await asyncBufferFromFile(
    freshFile().replace(/\d+\.parquet$/, `${next - 2}.parquet`),
  );
  const { row_groups } = await parquetMetadataAsync(file);
  expect(row_groups.map(({ num_rows }) => Number(num_rows))).toEqual([rows - 3000, 3000]);
});

test("a file that was not finished is no Parquet file, and none is written over", async () => {
  const name = freshFile();
  const file = await createParquetFile(name, [column("time", "BIGINT")]);
  file.append([Float64Array.of(1, 2)], 2);
  file.close();
  await expect(byDuckDb(`SELECT * FROM '${name}'`)).rejects.toThrow(/magic|footer|Parquet/i);
  await expect(createParquetFile(name, [])).rejects.toThrow(/EEXIST/);
});
