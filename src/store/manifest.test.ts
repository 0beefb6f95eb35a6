import { createHash } from "node:crypto";
import { mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { DataError } from "../core/errors.js";
import { wholeDerivedManifest, writeDerived } from "./derived.js";
import { manifestText, parseManifestText, readManifestFile } from "./manifest.js";
import { openStore, type Store } from "./store.js";

const PLACE = "exchange=binance/symbol=BTCUSDT/date=2024-08-08";
const FOLDER = `features/bar=1m/${PLACE}`;

const SOUND = { bytes: 1, sha256: "0".repeat(64) };

let root: string;
let store: Store;
let file: string;
let text: string;

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), "tickbook-manifest-"));
  store = await openStore(root);
  await writeDerived(store, FOLDER, { x: Float64Array.of(1, 2) }, { inputs: ["ä", 0.1] });
  file = path.join(root, FOLDER, "manifest.json");
  text = await readFile(file, "utf8");
});

afterEach(async () => {
  await store.close();
  await rm(root, { recursive: true, force: true });
});

/** The manifest with a field changed and a right SHA-256 of its own, as another version would write it. */
function resealed(change: Readonly<Record<string, unknown>>): string {
  const { sha256: _, ...rest } = { ...JSON.parse(text), ...change };
  const sha256 = createHash("sha256").update(manifestText(rest)).digest("hex");
  return manifestText({ ...rest, sha256 });
}

test("a manifest with any one bit flipped is refused with its file and the command that mends it", async () => {
  const whole = Buffer.from(text);
  const passed: number[] = [];
  for (let at = 0; at < whole.length; at++) {
    const bytes = Buffer.from(whole);
    bytes[at]! ^= 1 << (at % 8);
    await writeFile(file, bytes);
    await readManifestFile(root, FOLDER).then(
      () => passed.push(at),
      (error: unknown) => {
        expect(error).toBeInstanceOf(DataError);
        expect((error as Error).message).toMatch(/manifest\.json.*; make it again with `npx/);
        // What cannot be told from a newer version's would never be made anew.
        expect((error as DataError).place.column).not.toBe("format");
      },
    );
  }
  expect(passed).toEqual([]);
});

test("a manifest is one text only: other white space, order of keys or a double key is refused", async () => {
  const value = JSON.parse(text);
  const { format, ...others } = value;
  for (const other of [
    JSON.stringify(value),
    text.trimEnd(),
    `${text}\n`,
    `\uFEFF${text}`,
    `${JSON.stringify({ format, ...others }, undefined, 2)}\n`,
    text.replace('"rows": 2', '"rows": 2,\n  "rows": 2'),
    text.replace("ä", "\\u00e4"),
    text.replace('"rows": 2', '"rows": 2.0'),
    "null",
    "[]",
    "",
  ]) {
    await writeFile(file, other);
    await expect(readManifestFile(root, FOLDER)).rejects.toThrow(DataError);
  }
  await writeFile(file, text);
  expect(await readManifestFile(root, FOLDER)).toMatchObject({ rows: 2 });
});

test("a newer format is refused and kept; an older one is refused and made anew", async () => {
  await writeFile(file, resealed({ format: 99 }));
  await expect(readManifestFile(root, FOLDER)).rejects.toThrow(/format: was 99, this version/);
  await expect(wholeDerivedManifest(store, FOLDER)).rejects.toThrow(/format/);
  await writeFile(file, resealed({ format: 1 }));
  await expect(readManifestFile(root, FOLDER)).rejects.toThrow(/written in format 1.*; make it/);
  expect(await wholeDerivedManifest(store, FOLDER)).toBeUndefined();
});

test("a partition under another's name is refused", async () => {
  const other = FOLDER.replace("BTCUSDT", "ETHUSDT");
  await writeDerived(store, other, { x: Float64Array.of(3) }, {});
  await rm(path.join(root, FOLDER), { recursive: true });
  await rename(path.join(root, other), path.join(root, FOLDER));
  await expect(readManifestFile(root, FOLDER)).rejects.toThrow(/was the manifest of features.*ETH/);
});

test("a sealed manifest that holds something else is refused in plain words", async () => {
  for (const [change, place] of [
    [{ rows: "two" }, "rows"],
    [{ rows: -1 }, "rows"],
    [{ files: [] }, "files"],
    [{ files: { "part-0.parquet": { bytes: 1, sha256: "x" } } }, "files.part-0.parquet.sha256"],
    [{ files: { "part-0.parquet": { ...SOUND, bytes: -1 } } }, "files.part-0.parquet.bytes"],
    [{ files: { "part-0.parquet": { ...SOUND, bytes: 0.5 } } }, "files.part-0.parquet.bytes"],
    [{ kind: "other" }, "kind"],
    [{ more: 1 }, ""],
    [{ origin: null }, "origin"],
  ] as const) {
    await writeFile(file, resealed(change));
    const error = await readManifestFile(root, FOLDER).catch((thrown: unknown) => thrown);
    expect((error as DataError).place).toMatchObject({
      file: `${FOLDER}/manifest.json`,
      column: place,
      message: "was not what a manifest of format 3 holds here",
    });
  }
});

test("a sealed manifest that leads elsewhere is refused: files by path, another table's folder, lost fields", async () => {
  for (const name of [
    ...["../part-0.parquet", "/etc/passwd", "a/b", "a\\b", "C:x", ".", "..", ".hidden", ""],
    ...["manifest.json", "Manifest.JSON", "a\0b", "a\nb", "ä", "_x", "x".repeat(101)],
  ]) {
    await writeFile(file, resealed({ files: { [name]: SOUND } }));
    await expect(readManifestFile(root, FOLDER)).rejects.toThrow(/was not what a manifest/);
  }
  const lake = `lake/trades/${PLACE}`;
  expect(() => parseManifestText(resealed({ folder: lake }), lake)).toThrow(
    /manifest\.json, folder/,
  );
  expect(() => parseManifestText(text, lake)).toThrow(/was the manifest of features/);
  const lost = { origin: JSON.parse('{ "__proto__": { "x": 1 } }') };
  expect(() => parseManifestText(resealed(lost), FOLDER)).toThrow(/name that no field has/);
});

test("a manifest of ticks that names no plain exchange is another partition's, and no wrong option; what it counts are numbers of rows", async () => {
  const key = { type: "trades", exchange: "binance", symbol: "BTCUSDT", date: "2024-08-08" };
  const { columns, files, format, rows, writer } = JSON.parse(text);
  const source = { kind: "file", path: "x", bytes: 1, sha256: "0".repeat(64) };
  const rest = { columns, files, format, rows, writer, source, rejected: {}, first: null };
  const ticks = { kind: "ticks", ...rest, last: null, ...key, exchange: "../.." };
  const parse = (change: object) => (): unknown => {
    const changed = { ...ticks, ...change };
    const sha256 = createHash("sha256").update(manifestText(changed)).digest("hex");
    return parseManifestText(manifestText({ ...changed, sha256 }), FOLDER);
  };
  expect(parse({})).toThrow(DataError);
  expect(parse({})).toThrow(/was the manifest of lake\/trades\/exchange=\.\.\/\.\./);
  for (const change of [
    { rejected: { x: -1 } },
    { rejected: { x: 0.5 } },
    { date: "2024-02-31" },
  ]) {
    expect(parse(change)).toThrow(/was not what a manifest of format 3 holds here/);
  }
});

test("a manifest of a million brackets is refused in a sentence", () => {
  for (const depth of [3000, 1e6]) {
    const nested = `{"a":${"[".repeat(depth)}${"]".repeat(depth)}}`;
    expect(() => parseManifestText(nested, FOLDER)).toThrow(DataError);
  }
});
