import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { seededRandom } from "../../core/random.js";
import { decodeColumn } from "./column-decoding.js";
import { CorruptFile } from "./corrupt-file.js";
import { type FileLayout, readLayout } from "./file-layout.js";
import { readGroups, type WantedColumn } from "./group-reading.js";
import { type ReadPages, readPages } from "./page-reading.js";
import { createParquetFile } from "./parquet-file.js";
import { READ_KINDS, type StoredColumn } from "./stored-column.js";
import { decompress, loadZstd } from "./zstd.js";

const ROWS = 1000;
const COLUMNS: readonly StoredColumn[] = [
  { name: "runs", type: "BIGINT", isNullable: false },
  { name: "steps", type: "BIGINT", isNullable: false },
  { name: "funding", type: "BIGINT", isNullable: true },
  { name: "few", type: "DOUBLE", isNullable: false },
  { name: "many", type: "DOUBLE", isNullable: false },
  { name: "side", type: "VARCHAR", isNullable: false, labels: ["ask", "", "bid"] },
  { name: "id", type: "VARCHAR", isNullable: false },
  { name: "flag", type: "BOOLEAN", isNullable: false },
  { name: "count", type: "INTEGER", isNullable: false },
  { name: "byte", type: "UTINYINT", isNullable: false },
  { name: "mask", type: "UBIGINT", isNullable: false },
];
const WANTED: readonly WantedColumn[] = COLUMNS.map(({ name, type, labels }) =>
  labels === undefined
    ? { column: name, kind: READ_KINDS[type] }
    : { column: name, kind: "int8", codes: { of: new Map([["bid", 1]]), otherwise: -1 } },
);

let folder: string;
let bytes: Buffer;
let layout: FileLayout;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "tickbook-corrupt-"));
  const name = path.join(folder, "whole.parquet");
  const table = await createParquetFile(name, COLUMNS);
  const number = Float64Array.from({ length: ROWS }, (_, i) => i);
  const values = [
    number.map((i) => 1e15 + Math.floor(i / 20)),
    number.map((i) => 1e15 + ((i * 7919) % 13) * i),
    number.map((i) => (i % 3 === 0 ? Number.NaN : i)),
    number.map((i) => (i % 19) / 8),
    number.map((i) => Math.sqrt(i)),
    Int8Array.from(number, (i) => (i % 3 === 0 ? 1 : -1)),
    [...number].map((i) => `id ${i}`),
    Uint8Array.from(number, (i) => (i % 5 === 0 ? 1 : 0)),
    Int32Array.from(number, (i) => i * i),
    Uint8Array.from(number),
    BigUint64Array.from(number, BigInt),
  ];
  for (let group = 0; group < 2; group++) table.append(values, ROWS);
  table.finish();
  bytes = readFileSync(name);
  const file = await open(name);
  layout = (await readLayout(file))!;
  await file.close();
  await loadZstd();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Some bytes, each with a bit or all of them changed. */
function damaged(whole: Uint8Array, random: { below(n: number): number }): Buffer {
  const copy = Buffer.from(whole);
  for (let flips = 1 + random.below(3); flips > 0; flips--) {
    const at = random.below(copy.length);
    copy[at] = random.below(2) === 0 ? copy[at]! ^ (1 << random.below(8)) : random.below(256);
  }
  return random.below(8) === 0 ? copy.subarray(0, random.below(copy.length)) : copy;
}

test("a file with changed or missing bytes ends in an error of the file, or in whole columns", async () => {
  const random = seededRandom(31, "files");
  const name = path.join(folder, "damaged.parquet");
  const outcomes = { corrupt: 0, whole: 0, unknown: 0 };
  for (let i = 0; i < 1500; i++) {
    writeFileSync(name, damaged(bytes, random));
    const file = await open(name);
    try {
      const found = await readLayout(file);
      if (found === undefined) outcomes.unknown++;
      else if (found.columns.map((one) => one.name).join() === COLUMNS.map((c) => c.name).join()) {
        let rows = 0;
        for await (const group of readGroups(file, found, WANTED)) {
          rows += group[0]!.length;
          expect(new Set(group.map((one) => one.length)).size).toBe(1);
        }
        expect(rows).toBe(found.rows);
        outcomes.whole++;
      }
    } catch (error) {
      if (!(error instanceof CorruptFile)) throw error;
      outcomes.corrupt++;
    } finally {
      await file.close();
    }
  }
  expect(outcomes.corrupt).toBeGreaterThan(100);
}, 120_000);

/** Pages of a column before compression. */
function pagesOf(place: number): ReadPages {
  const chunk = layout.groups[0]!.chunks[place]!;
  return readPages(bytes.subarray(chunk.start, chunk.start + chunk.length), chunk, ROWS);
}

test.each(COLUMNS.map((column, place) => [column.name, column, place] as const))(
  "damaged pages of %s that pass decompression are refused, or give as many rows of their type",
  (_, column, place) => {
    const random = seededRandom(32, column.name);
    const { codes } = WANTED[place]!;
    const pages = pagesOf(place);
    const { dictionary } = pages;
    const values = new Set<number>();
    for (let i = 0; i < 3000; i++) {
      const isData = dictionary === undefined || random.below(2) === 0;
      const changed: ReadPages = isData
        ? { ...pages, data: own(damaged(pages.data, random)) }
        : {
            ...pages,
            dictionary: { ...dictionary, bytes: own(damaged(dictionary.bytes, random)) },
          };
      try {
        const found = decodeColumn(changed, ROWS, { ...column, codes });
        expect(found).toHaveLength(ROWS);
        if (codes !== undefined) for (const code of found as Int8Array) values.add(code);
      } catch (error) {
        if (!(error instanceof CorruptFile)) throw error;
      }
    }
    for (const code of values) expect([1, -1]).toContain(code);
  },
);

/** Bytes in memory of their own, as decompression gives them. */
function own(part: Uint8Array): Uint8Array {
  return Uint8Array.from(part);
}

test("pages of fewer or more rows than they should have are refused", () => {
  COLUMNS.forEach((column, place) => {
    for (const rows of [ROWS - 9, ROWS + 9]) {
      expect(() => decodeColumn(pagesOf(place), rows, column), column.name).toThrow(CorruptFile);
    }
    const cut = { ...pagesOf(place) };
    const short = { ...cut, data: own(cut.data.subarray(0, -1)) };
    const long = { ...cut, data: Uint8Array.from([...cut.data, 0]) };
    expect(() => decodeColumn(short, ROWS, column), column.name).toThrow(CorruptFile);
    expect(() => decodeColumn(long, ROWS, column), column.name).toThrow(CorruptFile);
  });
});

test("a compressed page that says another length, or is none, is refused before memory is taken for it", () => {
  const frame = (size: number): Uint8Array => {
    const head = Buffer.alloc(30);
    head.writeUInt32LE(0xfd2fb528);
    head[4] = 0xe0;
    head.writeBigUInt64LE(BigInt(size), 5);
    return head;
  };
  expect(() => decompress(frame(2 ** 40), 100)).toThrow(CorruptFile);
  expect(() => decompress(frame(100), 100)).toThrow(CorruptFile);
  expect(() => decompress(new Uint8Array(0), 0)).toThrow(CorruptFile);
  expect(() => decompress(Uint8Array.of(1, 2, 3, 4, 5, 6), 0)).toThrow(CorruptFile);
});
