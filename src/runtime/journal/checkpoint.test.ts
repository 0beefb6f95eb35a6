import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import type { DecisionRecord, JournalRecord } from "../records.js";
import { Journal } from "./journal.js";
import { JournalOfRun } from "./journal-of-run.js";
import { recordOf } from "./record-text.js";
import { PATIENT, temporaryData } from "./test-databases.js";
import { sampleEquity, sampleRecords } from "./test-records.js";
import { readWal } from "./wal-lines.js";

const { data, remove } = temporaryData();
afterAll(remove);

const RUN = "checkpoints";
const sample = (i: number): JournalRecord => sampleEquity(RUN, i);

function inFile(run = RUN): readonly JournalRecord[] {
  const file = path.join(data, "runtime", run, "journal.wal");
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

test("what an earlier process decided after the last state is kept until that time was gone through again", async () => {
  const run = "farther";
  const options = { data, run, keeps: true, limits: { ...PATIENT, cutBytes: 1 } };
  const decisions = [1, 2, 3].map((seed) => {
    const made = sampleRecords(run, seed).find(({ kind }) => kind === "decision");
    return { ...(made as DecisionRecord), tookUs: 0 };
  });
  const [saved, next, last] = decisions.map(({ barEndUs }) => barEndUs) as [number, number, number];
  const killed = await Journal.open(options);
  for (const one of decisions) await killed.write([one], { needs: "database" });
  await killed.close();
  // The next one comes to the bar after the state, saves that, and is gone again.
  const second = await Journal.open(options);
  const own = new JournalOfRun(second);
  expect((await own.readPrior(run, saved)).lastBarUs).toBe(last);
  await own.write([decisions[1]!], "database");
  own.checkpoint(next);
  await own.write([sampleEquity(run, 9)], "database");
  await second.close();
  expect(inFile(run)).toContainEqual(decisions[2]);
  const third = await Journal.open(options);
  const later = new JournalOfRun(third);
  expect((await later.readPrior(run, next)).lastBarUs).toBe(last);
  later.checkpoint(last);
  await later.write([sampleEquity(run, 10)], "database");
  await third.close();
  expect(inFile(run)).toEqual([sampleEquity(run, 10)]);
});
