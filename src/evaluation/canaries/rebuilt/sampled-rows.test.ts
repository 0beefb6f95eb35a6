import { expect, test } from "vitest";
import { sampledRows } from "./sampled-rows.js";

const DAY_ROWS = 50;

/** Rows of some days, symbol after symbol. */
function days(symbols: number, count: number) {
  const rows = Uint32Array.from({ length: symbols * count * DAY_ROWS }, (_, row) => row);
  const symbolIndex = Uint8Array.from(rows, (row) => Math.floor(row / (count * DAY_ROWS)));
  return {
    dataset: { symbolIndex, isUsable: new Uint8Array(rows.length).fill(1) },
    rows,
    stretchOf: (row: number) => Math.floor(row / DAY_ROWS) % count,
  };
}

async function drawnDays(symbols: number, count: number, lacks: readonly number[] = []) {
  const { dataset, rows, stretchOf } = days(symbols, count);
  const eventsOf = async (row: number): Promise<number | undefined> =>
    lacks.includes(stretchOf(row)) ? undefined : stretchOf(row);
  const sample = await sampledRows(dataset, rows, { seed: 1, rows: 30, stretchOf, eventsOf });
  return { ...sample, days: sample.stretches.map(({ events }) => events) };
}

test("one stretch is read of each test day, up to twenty days", async () => {
  for (const [symbols, count] of [
    [1, 12],
    [3, 12],
    [3, 20],
    [2, 90],
  ] as const) {
    const { days: seen, stretches, of } = await drawnDays(symbols, count);
    expect(new Set(seen).size).toBe(Math.min(count, 20));
    expect(stretches.length).toBe(Math.min(count, 20));
    expect(of).toEqual({ rows: symbols * count * DAY_ROWS, stretches: symbols * count });
  }
});

test("of fewer days four stretches are read, or one a symbol, and no more than there are", async () => {
  expect((await drawnDays(3, 2)).stretches.length).toBe(4);
  expect((await drawnDays(5, 1)).stretches.length).toBe(5);
  expect((await drawnDays(1, 2)).stretches.length).toBe(2);
});

test("a day without events is counted, and another is drawn in its place", async () => {
  const { days: seen, lacking } = await drawnDays(1, 24, [3, 4, 5]);
  expect(seen.length).toBe(20);
  expect(seen).not.toContain(3);
  expect(lacking).toBeLessThanOrEqual(3);
  expect((await drawnDays(2, 3, [0, 1, 2])).stretches).toEqual([]);
});

test("of each stretch that has rows that are left out, one of them is drawn, and no more than chance gives", async () => {
  const { dataset, rows, stretchOf } = days(2, 2);
  const isUsable = dataset.isUsable.map((_, row) => Number(row % DAY_ROWS !== 7));
  const eventsOf = async (row: number): Promise<number> => row;
  const settings = { seed: 3, rows: 30, stretchOf, eventsOf };
  const { stretches } = await sampledRows({ ...dataset, isUsable }, rows, settings);
  expect(stretches.length).toBe(4);
  for (const { rows: own } of stretches) {
    expect(own.length).toBe(8);
    expect(new Set(own).size).toBe(8);
    expect([...own].sort((a, b) => a - b)).toEqual(own);
    expect(own.filter((row) => isUsable[row] === 0).length).toBe(1);
  }
  const one = await sampledRows({ ...dataset, isUsable }, rows, { ...settings, rows: 4 });
  expect(one.stretches.map(({ rows: own }) => own.length)).toEqual([1, 1, 1, 1]);
});
