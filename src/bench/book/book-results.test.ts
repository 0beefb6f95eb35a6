import { expect, test } from "vitest";
import { type BestLevels, bestLevels, LEVELS, levelDifference, moments } from "./best-levels.js";
import {
  type BookOutcome,
  HASH,
  OURS,
  OURS_DEEP,
  ROI,
  ROI_LOCAL,
  TARDIS,
} from "./book-contestants.js";
import { bookResults, rowsASecond } from "./book-results.js";

const AT = [3, 8];
/** Bids 100.5, 100.4, …, asks 100.6, 100.7, …, of amounts 1, 2, …, the first a little more each moment. */
const levelsAt = (moment: number): BestLevels => {
  const amount = (i: number): number => (i === 0 ? 1 + moment / 8 : i + 1);
  return bestLevels(
    { price: (i) => (1005 - i) / 10, amount },
    { price: (i) => (1006 + i) / 10, amount },
  );
};

const outcome = (
  seconds: number,
  levels: readonly BestLevels[] = AT.map(levelsAt),
): BookOutcome => ({
  first: 2 * seconds,
  fastest: seconds,
  messages: 9,
  levels,
});

/** Of a million rows. */
const RUNS: Readonly<Record<string, readonly BookOutcome[]>> = {
  [OURS]: [outcome(0.02), outcome(0.01)],
  [OURS_DEEP]: [outcome(0.03), outcome(0.04)],
  [TARDIS]: [outcome(0.16), outcome(0.15)],
  [ROI]: [outcome(0.05), outcome(0.06)],
  [HASH]: [outcome(0.08), outcome(0.09)],
  [ROI_LOCAL]: [outcome(0.03), outcome(0.03)],
};

const results = (runs: typeof RUNS, missing?: string) =>
  bookResults(runs, { rows: 1e6, messages: 9, at: AT, missing });

/** RUNS, with other levels in one contestant's last run. */
const spoilt = (name: string, levels: readonly BestLevels[]): typeof RUNS => ({
  ...RUNS,
  [name]: [RUNS[name]![0]!, outcome(RUNS[name]![0]!.fastest, levels)],
});

test("times are for ten million rows, and a quarter and a fifteenth of the rivals' are allowed", () => {
  const [roi, hash, tardis, local, , deep] = results(RUNS);
  expect(roi).toMatchObject({ ours: 0.1, rival: 0.5, bar: 0.25, ok: true });
  expect(hash).toMatchObject({ ours: 0.1, rival: 0.8, bar: 0.25, ok: true });
  expect(tardis).toMatchObject({ ours: 0.1, rival: 1.5, bar: 1 / 15, ok: true });
  expect(local).toMatchObject({ rival: 0.3, bar: null, ok: true });
  expect(deep).toMatchObject({ ours: 0.3, rival: 0.1, bar: null, ok: true });
  expect(results(RUNS).every(({ ok }) => ok)).toBe(true);
  const slow = results({ ...RUNS, [OURS]: [outcome(0.013)] });
  expect(slow.map(({ ok }) => ok)).toEqual([
    ...[false, true, false, true, true, true],
    ...Array.from({ length: 6 }, () => true),
  ]);
});

test("rows a second are told beside how many times a rival's they are", () => {
  expect(rowsASecond({ [OURS]: RUNS[OURS]!, [TARDIS]: RUNS[TARDIS]! }, 1e6)).toBe(
    "OrderBook 100.0 M, 15.0 × tardis-dev's OrderBook (6.7 M)",
  );
});

test("a rival that is missing fails its bars and says why", () => {
  const { [ROI]: _, [HASH]: __, [ROI_LOCAL]: ___, ...there } = RUNS;
  const found = results(there, "no such package");
  expect(found.map(({ ok }) => ok)).toEqual([
    false,
    false,
    true,
    true,
    true,
    true,
    true,
    true,
    true,
  ]);
  expect(found[0]!.note).toBe("no such package");
});

test.each([
  ["a price", 0, 1004, "bid 1's price in ticks was 1004, expected 1005"],
  [
    "an amount by its last bit",
    2 * LEVELS - 1,
    5 + 2 ** -50,
    "bid 5's amount was 5.000000000000001, expected 5",
  ],
  ["an ask", 2 * LEVELS + 1, 1008, "ask 2's price in ticks was 1008, expected 1007"],
  ["a level that is not there", 4 * LEVELS - 1, null, "ask 5's amount was null, expected 5"],
])("whoever has %s otherwise fails, and the place is told", (_, k, value, told) => {
  const wrong = [levelsAt(3), levelsAt(8).map((right, i) => (i === k ? value : right))];
  for (const name of [TARDIS, ROI, OURS_DEEP]) {
    const failed = results(spoilt(name, wrong)).filter(({ ok }) => !ok);
    expect(failed).toMatchObject([
      { what: expect.stringContaining(name), ours: null, note: `after message 8: ${told}` },
    ]);
  }
});

test("a contestant that looked at fewer moments, or at none, or saw other messages fails", () => {
  expect(levelDifference([levelsAt(3)], AT.map(levelsAt), AT)).toBe(
    "levels at 1 and 2 of 2 moments",
  );
  expect(levelDifference([[], []], AT.map(levelsAt), AT)).toMatch(/was undefined/);
  expect(results(spoilt(ROI, [])).filter(({ ok }) => !ok)).toHaveLength(1);
  const fewer = { ...RUNS, [HASH]: [{ ...outcome(0.08), messages: 8 }] };
  expect(results(fewer).filter(({ ok }) => !ok)).toMatchObject([{ note: "8 of 9 messages" }]);
});

test("levels are ticks and amounts; a price off the grid equals no tick, and an empty level is null", () => {
  const prices = [100.5, 100.43, Number.NaN, undefined];
  const side = { price: (i: number) => prices[i], amount: (i: number) => (i < 2 ? 1 : Number.NaN) };
  expect(bestLevels(side, side).slice(0, 2 * LEVELS)).toEqual([
    ...[1005, 100.43, null, null, null],
    ...[1, 1, null, null, null],
  ]);
});

test("moments are rising and seeded, within the day, and the end is among them", () => {
  const found = moments(5000, 100, 1);
  expect(found).toEqual([...new Set(found)].sort((a, b) => a - b));
  expect(found.length).toBeGreaterThan(95);
  expect(found.at(-1)).toBe(4999);
  expect(found[0]).toBeGreaterThanOrEqual(0);
  expect(moments(5000, 100, 1)).toEqual(found);
  expect(moments(5000, 100, 2)).not.toEqual(found);
  expect(moments(1, 100, 1)).toEqual([0]);
});
