import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import { Control } from "./control.js";
import {
  ENGINE,
  MemoryJournal,
  MODEL,
  markets,
  SETTINGS,
  SYMBOLS,
  testRun,
  timeless,
} from "./test-run.js";
import { warmUpCode } from "./warm-up-code.js";

const root = mkdtempSync(path.join(tmpdir(), "tickbook-warm-up-"));

afterEach(() => rmSync(root, { recursive: true, force: true }));

const starts = SYMBOLS.map(() => ({
  engine: ENGINE,
  source: { hasTrades: true, tag: "incremental_book_L2" } as const,
  ...{ state: undefined, before: [], clock: [] },
}));
const parts = {
  settings: SETTINGS,
  model: MODEL,
  starts,
  control: new Control(root, async () => {}),
};

test("a warm-up decides on hundreds of bars and orders, and leaves nothing behind", async () => {
  const { signal } = new AbortController();
  const { bars, orders } = await warmUpCode(parts, { signal });
  expect(bars).toBeGreaterThan(290);
  expect(orders).toBeGreaterThan(50);
  expect(readdirSync(root)).toEqual([]);
});

test("bars of any length warm it up", async () => {
  const barUs = 900e6;
  const model = { ...MODEL, barUs, latencyUs: 500e3 };
  const long = starts.map((start) => ({ ...start, engine: { barUs, staleAfterUs: 60e6 } }));
  const settings = { ...SETTINGS, risk: { ...SETTINGS.risk, swapRatio: 1e-4, fundingRate: 1e-4 } };
  const { signal } = new AbortController();
  const { bars, orders } = await warmUpCode(
    { ...parts, settings, model, starts: long },
    { signal },
  );
  expect(bars).toBeGreaterThan(290);
  expect(orders).toBeGreaterThan(50);
});

test("a run after a warm-up decides as one without", async () => {
  const all = markets(60);
  const [before, after] = [new MemoryJournal(), new MemoryJournal()];
  await (await testRun(all, before)).run();
  await warmUpCode(parts, { signal: new AbortController().signal });
  await (await testRun(all, after)).run();
  const told = ({ records }: MemoryJournal) => [...records.values()].map(timeless);
  expect(told(after)).toEqual(told(before));
  expect(told(after).length).toBeGreaterThan(300);
});

test("a warm-up ends at once when the run is to stop", async () => {
  const stopped = await warmUpCode(parts, { signal: AbortSignal.abort() });
  expect(stopped.bars).toBeLessThan(3);
});
