import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openReader } from "../runtime/journal/open-reader.js";
import { allRecords } from "../runtime/journal/read-run.js";
import type { RecordKind, RecordOf } from "../runtime/journal/tables.js";
import { liveRun } from "../runtime/live-run.js";
import { usualSettings } from "../runtime/loop/usual-settings.js";
import { openLiveModel } from "../runtime/signal/live-model.js";
import { LIVE_DAY, makeLiveStore } from "../runtime/test-live-store.js";
import { openStore } from "../store/store.js";
import { liveBegin } from "./live-begin.js";
import { type EndedCommand, runCommandLine } from "./test-output.js";

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

/** What a run holds after all its fills, by symbol. */
async function heldBy(run: string): Promise<readonly number[]> {
  const held = new Map<string, number>();
  for (const { symbol, amount } of await recordsOf(run, "fill")) {
    held.set(symbol, (held.get(symbol) ?? 0) + amount);
  }
  return [...held.values()].filter((amount) => Math.abs(amount) > 1e-9);
}

/** Drives a run a few bars at a time until it is stopped while it holds something. */
async function untilHolding(run: string): Promise<void> {
  const store = await openStore(root);
  const asked = await openLiveModel(root, model);
  const { exchange, symbols, barUs } = asked;
  const settings = usualSettings({
    ...{ run, mode: "paper", exchange, symbols, costs: "ftmo", barUs },
  });
  try {
    do {
      const begin = await liveBegin(
        store,
        { feed: "replay", from: LIVE_DAY },
        { settings, model: asked },
      );
      const stop = new AbortController();
      let bars = 0;
      await liveRun({
        ...{ root, settings, model: asked, feed: "replay", ...begin, monitor: {} },
        ...{ speed: Number.POSITIVE_INFINITY, databaseUrl: undefined, signal: stop.signal },
        onBar: () => {
          bars++;
          if (bars === 3) stop.abort();
        },
      });
    } while ((await heldBy(run)).length === 0);
  } finally {
    await store.close();
  }
}

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
  expect(await heldBy("stuck")).toEqual([]);
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
