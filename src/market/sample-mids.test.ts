import { expect, test } from "vitest";
import { dayStartUs, MINUTE_US } from "../core/time.js";
import { changeColumns } from "../features/test-market.js";
import { movingBook } from "../features/test-moving-book.js";
import type { BookChanges } from "../store/tables.js";
import { sampleMids } from "./sample-mids.js";

type ChangeRow = Parameters<typeof changeColumns>[0][number];

const DAY = "2024-03-01";
const DAY_START = dayStartUs(DAY);

async function* batches(...all: readonly BookChanges[]): AsyncGenerator<BookChanges> {
  yield* all;
}

const of = (rows: readonly ChangeRow[]): AsyncGenerator<BookChanges> =>
  batches(changeColumns(rows));

test("each is the mid of the last state at or before its time; behind the data it is missing", async () => {
  const { rows, midAt } = movingBook(5, DAY, 1);
  const last = rows.at(-1)!.timeUs;
  const exact = rows.slice(10, 60).map((row) => row.timeUs);
  const times = Float64Array.from([DAY_START, ...exact, last - 1, last, last + 1]).sort();
  const { mid, halfSpreadBps } = await sampleMids(times, [{ bookChanges: of(rows) }]);
  times.forEach((time, i) => {
    expect(mid[i]).toBe(time >= last ? Number.NaN : midAt(time));
  });
  expect(halfSpreadBps[5]).toBeCloseTo((1e4 * 0.5) / mid[5]!, 9);
});

test("a book that has been silent for too long has no mid", async () => {
  const { rows } = movingBook(6, DAY, 1);
  const early = rows.filter((row) => row.timeUs < DAY_START + 100e6);
  const silent = [...early, { ...rows.at(-1)!, timeUs: DAY_START + 1000e6 }];
  const lastUs = early.at(-1)!.timeUs;
  const times = Float64Array.of(lastUs + 59e6, lastUs + 61e6);
  const { mid } = await sampleMids(times, [{ bookChanges: of(silent) }]);
  expect(Number.isNaN(mid[0]!)).toBe(false);
  expect(mid[1]).toBeNaN();
});

test("changing later events changes no earlier sample", async () => {
  const { rows } = movingBook(7, DAY, 1);
  const times = Float64Array.from({ length: 600 }, (_, i) => DAY_START + (i + 1) * MINUTE_US);
  const cut = rows.filter((row) => row.timeUs < DAY_START + 300 * MINUTE_US);
  const whole = (await sampleMids(times, [{ bookChanges: of(rows) }])).mid;
  const part = (await sampleMids(times, [{ bookChanges: of(cut) }])).mid;
  expect([...part.subarray(0, 299)]).toEqual([...whole.subarray(0, 299)]);
  expect(part.subarray(300).every(Number.isNaN)).toBe(true);
});
