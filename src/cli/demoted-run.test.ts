import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { openReader } from "../runtime/journal/open-reader.js";
import { allRecords } from "../runtime/journal/read-run.js";
import type { RecordKind, RecordOf } from "../runtime/journal/tables.js";
import { liveRun } from "../runtime/live-run.js";
import { usualSettings } from "../runtime/loop/usual-settings.js";
import type { FillRecord } from "../runtime/records.js";
import { openLiveModel } from "../runtime/signal/live-model.js";
import { LIVE_DAY, makeLiveStore } from "../runtime/test-live-store.js";
import { openStore } from "../store/store.js";
import { liveBegin } from "./live-begin.js";
import { type EndedCommand, runCommandLine } from "./test-output.js";

/** Hash of the installed code; a test may install another. */
const installed = vi.hoisted(() => ({ evaluation: "evaluation 1", prediction: "prediction 1" }));
vi.mock("../registry/code-hash.js", () => ({
  codeHash: async ({ of }: { readonly of: keyof typeof installed }) => installed[of],
}));

let root: string;
let model: string;

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), "tickbook-demoted-run-"));
  ({ model } = await makeLiveStore(root));
});

afterAll(async () => {
  await rm(root, { recursive: true, force: true });
});

async function live(...args: readonly string[]): Promise<EndedCommand> {
  const common = ["--from", LIVE_DAY, "--no-page"];
  return await runCommandLine("--data", root, "live", ...common, ...args);
}

async function recordsOf<Kind extends RecordKind>(
  run: string,
  kind: Kind,
): Promise<readonly RecordOf<Kind>[]> {
  const reader = await openReader({ data: root });
  try {
    return await allRecords(reader, run, kind);
  } finally {
    await reader.close();
  }
}

/** What is held after some fills, of the symbols of which something is. */
function held(fills: readonly FillRecord[]): readonly number[] {
  const bySymbol = new Map<string, number>();
  for (const { symbol, amount } of fills) {
    bySymbol.set(symbol, (bySymbol.get(symbol) ?? 0) + amount);
  }
  return [...bySymbol.values()].filter((amount) => Math.abs(amount) > 1e-9);
}

/** Drives a run until it holds something after a bar, and stops it there. */
async function untilHolding(run: string): Promise<void> {
  const store = await openStore(root);
  try {
    const asked = await openLiveModel(root, model);
    const { exchange, symbols, barUs } = asked;
    const costs = "ftmo";
    const settings = usualSettings({ run, mode: "paper", exchange, symbols, costs, barUs });
    const days = { feed: "replay", from: LIVE_DAY } as const;
    const begin = await liveBegin(store, days, { settings, model: asked });
    const stop = new AbortController();
    const fills: FillRecord[] = [];
    await liveRun({
      ...{ root, settings, model: asked, feed: "replay", ...begin, monitor: {} },
      ...{ speed: Number.POSITIVE_INFINITY, databaseUrl: undefined, signal: stop.signal },
      journalFor: (journal) => ({
        isUp: true,
        write: async (records, needs) => {
          fills.push(...records.filter((one) => one.kind === "fill"));
          return await journal.write(records, needs);
        },
      }),
      onBar: () => {
        if (held(fills).length > 0) stop.abort();
      },
    });
  } finally {
    await store.close();
  }
}

test("a run whose code has changed while it was stopped gives back what it holds, and enters nothing", async () => {
  await untilHolding("upgraded");
  const before = (await recordsOf("upgraded", "order")).length;
  installed.prediction = "prediction 2";
  const again = await live("--mode", "paper", "--name", "upgraded");
  installed.prediction = "prediction 1";
  expect(again.out).toMatch(/^NO ENTRIES: .* was promoted in entry 3 with other code of features/);
  expect(again.code).toBe(0);
  const later = (await recordsOf("upgraded", "order")).slice(before);
  expect(later.length).toBeGreaterThan(0);
  expect(later.every(({ purpose }) => purpose === "exit")).toBe(true);
  expect(held(await recordsOf("upgraded", "fill"))).toEqual([]);
});

test("a run whose model was demoted while it was stopped gives back what it holds, and enters nothing", async () => {
  await untilHolding("stuck");
  const before = (await recordsOf("stuck", "order")).length;
  await runCommandLine("--data", root, "demote", model, "--reason", "bad");
  // The same command as before, in which a model needs not be named.
  const again = await live("--mode", "paper", "--name", "stuck");
  expect(again.out).toContain(
    "NO ENTRIES: --model: was not given, and no model of this store is promoted",
  );
  expect(again.out).toContain("stuck only gives back what it holds");
  expect(again.code).toBe(0);
  const later = (await recordsOf("stuck", "order")).slice(before);
  expect(later.length).toBeGreaterThan(0);
  expect(later.every(({ purpose }) => purpose === "exit")).toBe(true);
  expect(held(await recordsOf("stuck", "fill"))).toEqual([]);
  const told = (await recordsOf("stuck", "risk")).map(({ name }) => name);
  expect(told).toContain("demoted");
  const models = await recordsOf("stuck", "model");
  expect(models.map((one) => [one.model, one.promotedEntry])).toEqual([[model, 3]]);
  const named = await live("--mode", "paper", "--name", "stuck", "--model", model);
  expect(named.out).toContain("was demoted in entry 4 (bad)");
  expect(named.code).toBe(0);
});

test.each([
  ["paper", "--name", "fresh"],
  ["paper", "--name", "stuck", "--costs", "spot"],
  ["dry-run", "--name", "stuck"],
])(
  "a run that was not begun with a demoted model does not run it: %s %s %s",
  async (mode, ...args) => {
    const runs = await readdir(path.join(root, "runtime"));
    const { code, err } = await live("--model", model, "--mode", mode, ...args);
    expect(err).toMatch(/^tickbook: .*: was demoted in entry 4 \(bad\)/);
    expect(code).toBe(1);
    expect(await readdir(path.join(root, "runtime"))).toEqual(runs);
  },
);
