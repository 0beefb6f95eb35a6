import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import type { JournalRecord } from "../records.js";
import { Journal } from "./journal.js";
import { recordOf } from "./record-text.js";
import { PATIENT, temporaryData } from "./test-databases.js";
import { sampleEquity } from "./test-records.js";
import { readWal } from "./wal-lines.js";

const { data, remove } = temporaryData();
afterAll(remove);

const RUN = "checkpoints";
const sample = (i: number): JournalRecord => sampleEquity(RUN, i);

function inFile(): readonly JournalRecord[] {
  const file = path.join(data, "runtime", RUN, "journal.wal");
  return readWal(readFileSync(file), file).batches.flatMap(({ records }) => records.map(recordOf));
}

test("what was shipped stays in the file until a checkpoint, and is known to whoever goes on", async () => {
  const options = { data, run: RUN, keeps: true, limits: { ...PATIENT, cutBytes: 1 } };
  const first = await Journal.open(options);
  for (const i of [1, 2]) await first.write([sample(i)], { needs: "database" });
  expect(first.kept).toEqual([1, 2].map(sample));
  expect(await first.close()).toEqual({ remaining: 0 });
  expect(inFile()).toEqual([1, 2].map(sample));
  const second = await Journal.open(options);
  expect(second.unshipped).toEqual([]);
  expect(second.kept).toEqual([1, 2].map(sample));
  second.checkpoint();
  for (const i of [3, 4]) await second.write([sample(i)], { needs: "database" });
  await second.close();
  expect(inFile()).toEqual([3, 4].map(sample));
});
