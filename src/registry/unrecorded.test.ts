import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { processPlace } from "../core/process-place.js";
import { isLeft, MARK, markRecorded, markUnrecorded } from "./unrecorded.js";

let folder: string;
let place: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "tickbook-unrecorded-"));
  place = path.join(folder, "0123456789ab");
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

test("what this process is recording is not left, and neither is what it has recorded since its mark was seen", async () => {
  await markUnrecorded(place);
  expect(await isLeft(place)).toBe(false);
  await markRecorded(place);
  expect(await isLeft(place)).toBe(false);
});

test("a mark of a process that is gone, of nobody, or that is no file is left", async () => {
  const { pid } = spawnSync(process.execPath, ["-e", ""]);
  for (const text of [JSON.stringify({ host: processPlace(), pid }), "", "{"]) {
    await writeFile(`${place}${MARK}`, text);
    expect(await isLeft(place)).toBe(true);
  }
  await rm(`${place}${MARK}`);
  await mkdir(`${place}${MARK}`);
  expect(await isLeft(place)).toBe(true);
});
