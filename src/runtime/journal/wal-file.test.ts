import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { plainRecord } from "./record-text.js";
import { sampleRecords } from "./test-records.js";
import { WalFile } from "./wal-file.js";
import type { WalBatch } from "./wal-lines.js";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "tickbook-wal-"));
  file = path.join(folder, "journal.wal");
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const batch = (number: number): WalBatch => ({
  number,
  records: sampleRecords("r", number).map(plainRecord),
});

async function written(count: number): Promise<readonly WalBatch[]> {
  const { wal } = await WalFile.open(file, "r");
  const batches = Array.from({ length: count }, (_, i) => batch(i + 1));
  for (const one of batches) await wal.append(one);
  await wal.close();
  return batches;
}

async function read(): Promise<readonly WalBatch[]> {
  const { wal, content } = await WalFile.open(file, "r");
  await wal.close();
  return content.batches;
}

test("batches are there again, in order and to the bit", async () => {
  const batches = await written(5);
  expect(await read()).toEqual(batches);
});

test("a last line that was cut anywhere is ignored, and the file goes on after the one before", async () => {
  const batches = await written(3);
  const whole = readFileSync(file);
  const start = whole.lastIndexOf("\n", whole.length - 2) + 1;
  for (const cut of [start, start + 1, start + 40, start + 200, whole.length - 1]) {
    writeFileSync(file, whole.subarray(0, cut));
    const { wal, content } = await WalFile.open(file, "r");
    expect(content.batches).toEqual(batches.slice(0, 2));
    await wal.append(batches[2]!);
    await wal.close();
    expect(readFileSync(file)).toEqual(whole);
  }
});

test("a last line with a hole, as a power cut leaves it, is ignored", async () => {
  const batches = await written(3);
  const whole = readFileSync(file);
  whole.fill(0, whole.length - 300, whole.length - 100);
  writeFileSync(file, whole);
  expect(await read()).toEqual(batches.slice(0, 2));
});

test.each([
  ["changed in its middle", 3, (text: string) => text.replace(/^(2 .{200})./ms, "$1~")],
  [
    "changed in its last line",
    4,
    (text: string) => text.replace(/BTCUSDT(?!.*BTCUSDT)/s, "ETHUSDT"),
  ],
  ["without a line", 3, (text: string) => text.replace(/^2 .*\n/m, "")],
  ["with a line twice", 4, (text: string) => text.replace(/^2 .*\n/m, "$&$&")],
  ["without its head", 1, (text: string) => text.replace(/^0 .*\n/, "")],
  ["that is empty", 1, () => ""],
])("a file %s is refused, with the line", async (_, row, change) => {
  await written(3);
  writeFileSync(file, change(readFileSync(file, "utf8")));
  await expect(read()).rejects.toMatchObject({ place: { file, row } });
});

test("a line of another file does not fit", async () => {
  await written(1);
  const line = /^1 .*\n/m.exec(readFileSync(file, "utf8"))![0];
  rmSync(file);
  await written(0);
  appendFileSync(file, line);
  await expect(read()).rejects.toThrow("row 2: was changed");
});

test("a cut file goes on with the next number and keeps its name", async () => {
  const batches = await written(3);
  const { wal } = await WalFile.open(file, "r");
  await wal.rewrite([batches[2]!], 3);
  await wal.append(batch(4));
  expect(wal.isEmpty).toBe(false);
  await wal.close();
  const again = await WalFile.open(file, "r");
  expect(again.content.batches).toEqual([batches[2]!, batch(4)]);
  expect(again.wal.walId).toBe(wal.walId);
  await again.wal.rewrite([], 5);
  expect(again.wal.isEmpty).toBe(true);
  await again.wal.close();
  expect((await WalFile.open(file, "r")).content.head.from).toBe(5);
});

test("a file of another run or a newer version is refused", async () => {
  await written(1);
  await expect(WalFile.open(file, "other")).rejects.toThrow('was of the run "r", expected "other"');
  truncateSync(file, 0);
  await expect(WalFile.open(file, "r")).rejects.toThrow("row 1");
});
