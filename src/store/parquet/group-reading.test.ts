import { mkdtempSync, renameSync, rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Column } from "../column.js";
import { readLayout } from "./file-layout.js";
import { hasKnownColumns, readGroups, type WantedColumn } from "./group-reading.js";
import { createParquetFile } from "./parquet-file.js";
import { READ_KINDS, type StoredColumn, type StoredValues } from "./stored-column.js";

let folder: string;
let instance: DuckDBInstance;
let connection: DuckDBConnection;
let next = 0;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "tickbook-groups-"));
  instance = await DuckDBInstance.create(":memory:");
  connection = await instance.connect();
});
afterAll(() => {
  connection.closeSync();
  instance.closeSync();
  rmSync(folder, { recursive: true, force: true });
});

const column = (name: string, type: StoredColumn["type"], isNullable = false): StoredColumn => ({
  name,
  type,
  isNullable,
});
const SIDES = ["ask", "", "bid"] as const;

/** A column of each stored type. */
const COLUMNS: readonly StoredColumn[] = [
  column("time", "BIGINT"),
  column("funding", "BIGINT", true),
  column("price", "DOUBLE"),
  { ...column("side", "VARCHAR"), labels: SIDES },
  column("id", "VARCHAR"),
  column("flag", "BOOLEAN"),
  column("small", "TINYINT"),
  column("byte", "UTINYINT"),
  column("count", "INTEGER"),
  column("mask", "UBIGINT"),
];

const WANTED: readonly WantedColumn[] = COLUMNS.map(({ name, type, labels }) =>
  labels === undefined
    ? { column: name, kind: READ_KINDS[type] }
    : {
        column: name,
        kind: "int8",
        codes: { of: new Map(labels.map((text, i) => [text, i - 1])), otherwise: 9 },
      },
);

/** Values that are all the same, few, rising in steps, or anything. */
function pattern<Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<(rows: number) => Value[]> {
  return fc
    .tuple(fc.nat(3), fc.array(value, { minLength: 1, maxLength: 400 }), fc.integer({ min: 1 }))
    .map(([kind, drawn, step]) => (rows) => {
      const least = [1, 3, drawn.length, drawn.length][kind]!;
      return Array.from({ length: rows }, (_, i) => {
        const place = kind === 3 ? Math.floor((i * least) / rows) : (i * step) % least;
        return drawn[place % drawn.length]!;
      });
    });
}

const whole = fc.oneof(
  fc.integer({ min: 0, max: 50 }),
  fc.integer({ min: 1_723_161_255_000_000, max: 1_723_161_256_000_000 }),
  fc.maxSafeInteger(),
);
const double = fc.oneof(
  fc.constantFrom(-0, 0, Number.NaN, 5e-324, Number.MAX_VALUE, Number.NEGATIVE_INFINITY, 0.1),
  fc.double(),
);
const table = fc
  .record({
    rows: fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 3 }),
    time: pattern(whole),
    funding: pattern(fc.oneof(fc.constant(Number.NaN), whole)),
    price: pattern(double),
    side: pattern(fc.constantFrom(-1, 0, 1)),
    id: pattern(fc.oneof(fc.constant(""), fc.string({ unit: "grapheme" }))),
    flag: pattern(fc.nat(1)),
    small: pattern(fc.integer({ min: -128, max: 127 })),
    byte: pattern(fc.nat(255)),
    count: pattern(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })),
    mask: pattern(fc.bigInt(0n, 2n ** 64n - 1n)),
  })
  .map((of) =>
    of.rows.map((rows): readonly StoredValues[] => [
      Float64Array.from(of.time(rows)),
      Float64Array.from(of.funding(rows)),
      Float64Array.from(of.price(rows)),
      Int8Array.from(of.side(rows)),
      of.id(rows),
      Uint8Array.from(of.flag(rows)),
      Int8Array.from(of.small(rows)),
      Uint8Array.from(of.byte(rows)),
      Int32Array.from(of.count(rows)),
      BigUint64Array.from(of.mask(rows)),
    ]),
  );

async function write(
  columns: readonly StoredColumn[],
  groups: readonly (readonly StoredValues[])[],
): Promise<string> {
  const name = path.join(folder, `${next++}.parquet`);
  const file = await createParquetFile(name, columns);
  for (const group of groups) file.append(group, (group[0] as Float64Array).length);
  file.finish();
  return name;
}

async function read(
  name: string,
  wanted: readonly WantedColumn[],
  options: { readonly isReused?: boolean } = {},
): Promise<readonly (readonly unknown[])[]> {
  const file = await open(name);
  try {
    const layout = (await readLayout(file))!;
    expect(hasKnownColumns(layout, wanted)).toBe(true);
    const groups: unknown[][] = [];
    for await (const group of readGroups(file, layout, wanted, options)) {
      groups.push(group.map(bitsOf));
    }
    return groups;
  } finally {
    await file.close();
  }
}

/** Values to be compared bit by bit. */
function bitsOf(values: Column | StoredValues): unknown {
  if (values instanceof Float64Array) return new BigUint64Array(values.slice().buffer);
  return Array.isArray(values) ? [...values] : (values as Int8Array).slice();
}

/** BIGINT has one zero. */
function stored(values: readonly StoredValues[]): readonly unknown[] {
  return values.map((one, i) => {
    const isWhole = COLUMNS[i]!.type === "BIGINT";
    return bitsOf(isWhole ? (one as Float64Array).map((value) => value + 0) : one);
  });
}

test("whatever is written is read back bit for bit, in arrays of its own or not, and as DuckDB reads it", async () => {
  await fc.assert(
    fc.asyncProperty(table, async (groups) => {
      const name = await write(COLUMNS, groups);
      const expected = groups.map(stored);
      expect(await read(name, WANTED)).toEqual(expected);
      expect(await read(name, WANTED, { isReused: true })).toEqual(expected);
      const found = await connection.runAndReadAll(`SELECT * FROM '${name}'`);
      const texts = (codes: unknown): unknown => [...(codes as Int8Array)].map((c) => SIDES[c + 1]);
      const plain = groups.map((group) => group.map((one, i) => (i === 3 ? texts(one) : one)));
      found.getColumns().forEach((values, i) => {
        const ours = plain.flatMap((group) => [...(group[i] as Iterable<unknown>)]);
        expect(values.map(asOurs)).toEqual(ours.map(asOurs));
      });
    }),
    { seed: 21, numRuns: 80 },
  );
}, 120_000);

/** Values of DuckDB and of ours alike: null is NaN, flags and whole numbers are bigints. */
function asOurs(value: unknown): unknown {
  if (value === null) return Number.NaN;
  if (typeof value === "boolean") return BigInt(value);
  return typeof value === "number" && Number.isInteger(value) && !Object.is(value, -0)
    ? BigInt(value)
    : value;
}

test("bits of NaN and dictionaries of every size come back, and differences of every width", async () => {
  const rows = 70_001;
  const bits = new BigUint64Array(rows).map((_, i) => 0x7ff0_0000_0000_0001n + BigInt(i % 999));
  const sizes = Array.from({ length: 16 }, (_, i) => [2 ** i, 2 ** i + 1]).flat();
  const doubles = sizes.map((size) =>
    Float64Array.from({ length: rows }, (_, i) => ((i * 7919) % Math.min(size, 32_768)) / 8),
  );
  const leaps = Array.from({ length: 51 }, (_, width) =>
    Float64Array.from({ length: rows }, (_, i) => (i % 700 === 0 ? 2 ** width - 1 : i % 2)),
  );
  const values = [new Float64Array(bits.buffer), ...doubles, ...leaps];
  const columns = values.map((_, i) => column(`c${i}`, i <= doubles.length ? "DOUBLE" : "BIGINT"));
  const name = await write(columns, [values, values.map((one) => one.slice(0, 1))]);
  const wanted = columns.map((one) => ({ column: one.name, kind: "float64" }) as const);
  const [many, single] = await read(name, wanted);
  values.forEach((one, i) => {
    expect(Buffer.from((many![i] as BigUint64Array).buffer).equals(Buffer.from(one.buffer))).toBe(
      true,
    );
    expect(single![i]).toEqual(bitsOf(one.slice(0, 1)));
  });
}, 60_000);

test("columns are read by name, those far from each other too, and from the file that was opened", async () => {
  const rows = 20_000;
  const random = fc.sample(fc.double({ noNaN: true }), { seed: 1, numRuns: rows });
  const values = Array.from({ length: 5 }, (_, i) => Float64Array.from(random, (one) => one / i));
  const columns = values.map((_, i) => column(`c${i}`, "DOUBLE"));
  const name = await write(columns, [values, values]);
  const other = await write([column("c4", "DOUBLE")], [[Float64Array.of(1)]]);
  const wanted = ["c4", "c0", "c4"].map((one) => ({ column: one, kind: "float64" }) as const);
  const file = await open(name);
  renameSync(other, name);
  const found: Column[] = [];
  for await (const group of readGroups(file, (await readLayout(file))!, wanted)) {
    found.push(...group);
  }
  await file.close();
  const expected = [values[4]!, values[0]!, values[4]!].map(bitsOf);
  expect(found.map(bitsOf)).toEqual([...expected, ...expected]);
  // Each array is its own.
  expect(new Set(found.map((one) => (one as Float64Array).buffer)).size).toBe(6);
});

test("files of others and unknown columns are left to others", async () => {
  const name = path.join(folder, "other.parquet");
  await connection.run(`COPY (SELECT 1.5 AS price) TO '${name}' (CODEC zstd)`);
  const file = await open(name);
  expect(await readLayout(file)).toBe(undefined);
  await file.close();
  const own = await open(
    await write(COLUMNS.slice(2, 5), [
      [Float64Array.of(1, 2, 3), Int8Array.of(1, 1, 0), ["x", "y", "z"]],
    ]),
  );
  const layout = (await readLayout(own))!;
  await own.close();
  const [price, side, id] = [WANTED[2]!, WANTED[3]!, WANTED[4]!];
  expect(hasKnownColumns(layout, [price, side, id])).toBe(true);
  expect(hasKnownColumns(layout, [{ ...price, kind: "int8" }])).toBe(false);
  expect(hasKnownColumns(layout, [{ ...price, column: "none" }])).toBe(false);
  // Texts without a dictionary have no codes.
  expect(hasKnownColumns(layout, [{ ...side, column: "id" }])).toBe(false);
});
