import { afterEach, expect, test } from "vitest";
import { ingestProgress } from "./ingest-progress.js";
import type { IngestedFile } from "./ingest-report.js";

const slot = globalThis as { tickbookDisplay?: unknown };

afterEach(() => {
  delete slot.tickbookDisplay;
});

const key = { exchange: "x", symbol: "A", type: "trades", date: "2024-01-01" } as const;
const written: IngestedFile = { ...key, status: "written", rows: 1000, rejected: 0 };
const kept: IngestedFile = { ...key, status: "kept", rows: 5000, rejected: 0 };

/** What a notebook shows in the end: one output an id, the last of each. */
function listen(): {
  readonly shown: Map<string, string>;
  readonly updates: boolean[];
} {
  const shown = new Map<string, string>();
  const updates: boolean[] = [];
  slot.tickbookDisplay = (
    data: Record<string, string>,
    _: unknown,
    place: { displayId: string; isUpdate: boolean },
  ) => {
    shown.set(place.displayId, data["text/plain"]!);
    updates.push(place.isUpdate);
  };
  return { shown, updates };
}

test("progress is one output that is updated in place, and ends with files, rows, time and speed", () => {
  const { shown, updates } = listen();
  let nowMs = 0;
  const progress = ingestProgress(() => nowMs);
  const told: string[] = [];
  for (let done = 1; done <= 4; done++) {
    nowMs += 500;
    progress.onProgress(done, 4, done === 2 ? kept : written);
    told.push(...shown.values());
  }
  expect(shown.size).toBe(1);
  expect(updates).toEqual([false, true, true, true]);
  expect(told).toEqual([
    "1 of 4 files · 1,000 rows written, 2,000 rows/s · about 2 s left",
    "2 of 4 files · 1,000 rows written, 1,000 rows/s · about 1 s left",
    "3 of 4 files · 2,000 rows written, 1,333 rows/s · about 1 s left",
    "4 files in 2.0 s · 3,000 rows written, 1,500 rows/s",
  ]);
  expect(progress.seconds()).toBe(2);
});

test("thousands of kept files make few messages, and the last is always told", () => {
  const { shown, updates } = listen();
  let nowMs = 0;
  const progress = ingestProgress(() => nowMs);
  for (let done = 1; done <= 5000; done++) {
    nowMs += 1;
    progress.onProgress(done, 5000, kept);
  }
  expect(updates.length).toBeLessThanOrEqual(26);
  expect([...shown.values()]).toEqual(["5,000 files in 5.0 s · nothing written"]);
});

test("files that the source does not have are not counted in the end", () => {
  const { shown } = listen();
  const progress = ingestProgress(() => 0);
  progress.onProgress(1, 2, { ...key, status: "absent", rows: 0, rejected: 0 });
  progress.onProgress(2, 2, kept);
  expect([...shown.values()]).toEqual(["1 file in 0.0 s · nothing written"]);
});

test("two runs have outputs of their own", () => {
  const { shown } = listen();
  ingestProgress(() => 0).onProgress(1, 1, written);
  ingestProgress(() => 0).onProgress(1, 1, written);
  expect(shown.size).toBe(2);
});
