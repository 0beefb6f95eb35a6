import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openReader } from "../runtime/journal/open-reader.js";
import { readRecords } from "../runtime/journal/read-run.js";
import type { RecordKind, RecordOf } from "../runtime/journal/tables.js";
import { LIVE_DAY, makeLiveStore } from "../runtime/test-live-store.js";
import { type EndedCommand, runCommandLine } from "./test-output.js";

let root: string;
let model: string;

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), "tickbook-live-cli-"));
  ({ model } = await makeLiveStore(root));
});

afterAll(async () => {
  await rm(root, { recursive: true, force: true });
});

async function live(...args: readonly string[]): Promise<EndedCommand> {
  const common = ["--from", LIVE_DAY, "--no-page"];
  return await runCommandLine("--data", root, "--json", "live", ...common, ...args);
}

async function recordsOf<Kind extends RecordKind>(
  run: string,
  kind: Kind,
): Promise<readonly RecordOf<Kind>[]> {
  const reader = await openReader({ data: root });
  try {
    const records: RecordOf<Kind>[] = [];
    for await (const record of readRecords(reader, run, kind)) records.push(record);
    return records;
  } finally {
    await reader.close();
  }
}

test("a promoted model runs on paper, and the same command again finds everything done", async () => {
  const first = await live("--mode", "paper", "--name", "paper");
  expect(first.err).toMatch(/^paper: \d+ bars of 2 symbols, .* challenge active\n$/);
  expect(first.code).toBe(0);
  const outcome = JSON.parse(first.out);
  expect(outcome).toMatchObject({ run: "paper", model, isEnded: true, isUnpromoted: false });
  expect(outcome.bars).toBeGreaterThan(290);
  expect(outcome.orders).toBeGreaterThan(20);
  expect(outcome.breaches).toEqual([]);
  const fills = await recordsOf("paper", "fill");
  const decisions = await recordsOf("paper", "decision");
  expect(decisions.length).toBeGreaterThan(2 * 290);
  const again = JSON.parse((await live("--mode", "paper", "--name", "paper")).out);
  expect(again).toMatchObject({ equityUsd: outcome.equityUsd, orders: 0 });
  expect(await recordsOf("paper", "fill")).toEqual(fills);
  expect(await recordsOf("paper", "decision")).toEqual(decisions);
});

test("a run's name stands for its settings", async () => {
  const mode = await live("--mode", "dry-run", "--name", "paper");
  expect(mode.code).toBe(2);
  expect(mode.err).toMatch(/was "paper", a run that was begun with other mode; give another name/);
  const costs = await live("--mode", "paper", "--name", "paper", "--costs", "spot");
  expect(costs.code).toBe(2);
  expect(costs.err).toMatch(/was begun with other settings/);
});

test("a halt outlives restarts until it is lifted", async () => {
  const halt = await runCommandLine("--data", root, "halt", "--reason", "a test");
  expect(halt.code).toBe(0);
  expect(halt.out).toContain(`halted in ${root} (paper): a test\n`);
  expect(halt.out).toContain(`\`npx tickbook --data ${root} halt --lift\``);
  expect(halt.out).not.toContain("demo");
  const halted = await live("--mode", "paper", "--name", "stopped");
  expect(JSON.parse(halted.out)).toMatchObject({ orders: 0, signals: 0 });
  const reasons = (await recordsOf("stopped", "decision")).map(({ reason }) => reason);
  expect(reasons.some((reason) => /^outside: halted since .*: a test$/.test(reason))).toBe(true);
  const lift = await runCommandLine("--data", root, "halt", "--lift", "--json");
  expect(JSON.parse(lift.out)).toEqual({ halted: false, root });
  const lifted = await live("--mode", "paper", "--name", "lifted");
  expect(JSON.parse(lifted.out).orders).toBeGreaterThan(20);
});

test("a rehearsal says what it is, and orders nothing", async () => {
  const { code, out, err } = await live(
    "--rehearse",
    "--model",
    model,
    "--symbols",
    "BTC",
    "--name",
    "rehearsal",
  );
  expect(code).toBe(0);
  expect(err).toMatch(/^rehearsal: \d+ bars of 1 symbol, /m);
  expect(err).toContain(`UNPROMOTED: ${model} only rehearses`);
  expect(JSON.parse(out)).toMatchObject({ orders: 0, isUnpromoted: true });
  const log = await readFile(path.join(root, "runtime", "rehearsal", "log.jsonl"), "utf8");
  expect(log).toContain('"text":"run-ends"');
});

test.each([
  [["--rehearse", "--mode", "paper"], 2, /--mode: was paper with --rehearse/],
  [["--rehearse", "--expect-head", "abc"], 2, /--expect-head: was given with --rehearse/],
  [["--demo", "--model", "lstm"], 2, /--model: was given with --demo/],
  [["--demo", "--exchange", "binance"], 2, /--exchange: was given with --demo/],
  [["--model", "lstm"], 2, /was "lstm", which no trained model is called/],
  [["--speed", "fast"], 2, /--speed: was "fast", expected max or a number above 0/],
  [["--url", "ws://127.0.0.1:1"], 2, /--url: was given for a replay/],
  [
    ["--exchange", "binance"],
    2,
    /--exchange: was binance, and logistic@.* was promoted on simulated/,
  ],
  [["--symbols", "SOL"], 2, /--symbols: was SOLUSDT, and logistic@.* was promoted on simulated/],
  [["--port", "1e3"], 2, /--port: was "1e3", expected a number from 0 to 65535/],
  [["--port", "0x1F90"], 2, /--port: was "0x1F90", expected/],
  [["--port", " "], 2, /--port: was " ", expected/],
  [["--name", "a/b"], 2, /run: was "a\/b"/],
  [["--feed", "stream"], 2, /--url: was not given, and nobody streams the simulated exchange/],
  [
    ["--feed", "stream", "--url", "ws://127.0.0.1:1/stream"],
    2,
    /--from: was \d{4}-\d\d-\d\d, and what is streamed now begins now; leave it out/,
  ],
  [
    ["--feed", "stream", "--url", "wss://elsewhere.example/stream?arrivals=true"],
    2,
    /--from: was \d{4}-\d\d-\d\d, and what is streamed now begins now/,
  ],
  [
    ["--feed", "stream", "--exchange", "binance", "--symbols", "BTC", "--rehearse"],
    2,
    /--from: was /,
  ],
] as const)("%j ends with %d and one sentence", async (args, expected, sentence) => {
  const { code, out, err } = await live(...args);
  expect(code).toBe(expected);
  expect(err).toMatch(sentence);
  expect(err.trim().split("\n")).toHaveLength(1);
  expect(out).toBe("");
});

test("days of which nothing is stored are refused, and those that are stored named", async () => {
  const run = (...args: readonly string[]): Promise<EndedCommand> =>
    runCommandLine("--data", root, "live", "--no-page", ...args);
  const one = await run("--from", "2031-01-01");
  expect(one.code).toBe(2);
  expect(one.err).toMatch(
    /--from: was 2031-01-01, of which nothing is stored of simulated BTCUSDT, ETHUSDT, only of .* to /,
  );
  expect(one.err).toContain(` to ${LIVE_DAY};`);
  const more = await run("--from", "2031-01-01", "--to", "2031-01-04", "--symbols", "BTC");
  expect(more.code).toBe(2);
  expect(more.err).toMatch(/--from: with --to was 2031-01-01 to 2031-01-03, of which nothing/);
  const elsewhere = ["--rehearse", "--model", model, "--exchange", "binance", "--symbols", "SOL"];
  const none = await run("--from", "2031-01-01", ...elsewhere);
  expect(none.code).toBe(2);
  expect(none.err).toMatch(/is stored of binance SOLUSDT, nor of any other day; give/);
});

test.each([
  [["--speed", "fast"], /--speed: was "fast"/],
  [["--host", "0.0.0.0"], /--host: was "0.0.0.0", which others can reach, and there was no token/],
  [["--port", "70000"], /--port: was "70000"/],
  [["--from", "2024-13-01"], /--from: was "2024-13-01"/],
] as const)("%j is told before a demo is made", async (args, sentence) => {
  const { code, err } = await runCommandLine("--data", root, "live", "--demo", ...args);
  expect(code).toBe(2);
  expect(err).toMatch(sentence);
});

test("what is not promoted does not run", async () => {
  const other = await mkdtemp(path.join(tmpdir(), "tickbook-live-cli-"));
  try {
    const { model: own } = await makeLiveStore(other, { isPromoted: false });
    const run = (...args: readonly string[]): Promise<EndedCommand> =>
      runCommandLine("--data", other, "live", "--from", LIVE_DAY, "--no-page", ...args);
    const last = await run();
    expect(last.code).toBe(2);
    expect(last.err).toMatch(/--model: was not given, and no model of this store is promoted/);
    const named = await run("--model", own);
    expect(named.code).toBe(1);
    expect(named.err).toMatch(/is not promoted; only a promoted model runs/);
  } finally {
    await rm(other, { recursive: true, force: true });
  }
});
