import { appendFile, mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { canonicalJson } from "../../core/content-hash.js";
import { dayStartUs, MINUTE_US } from "../../core/time.js";
import { trainTrial } from "../../registry/test-registry.js";
import { modelName } from "../../registry/trial.js";
import { Journal } from "../journal/journal.js";
import { type JournalReader, openReader } from "../journal/open-reader.js";
import { plainRecord } from "../journal/record-text.js";
import { shipBatches } from "../journal/ship-batches.js";
import { PATIENT, temporaryData } from "../journal/test-databases.js";
import { sampleEquity, sampleOrder } from "../journal/test-records.js";
import { batchLine, headLine } from "../journal/wal-lines.js";
import { MODEL, SETTINGS } from "../loop/test-run.js";
import type { DecisionRecord, JournalRecord, RunRecord } from "../records.js";
import type { LiveModel } from "../signal/live-model.js";
import { type Acceptance, judgeRun } from "./acceptance.js";
import { type KnownRun, knownRun } from "./known-run.js";
import type { Parity } from "./parity.js";
import { equalParity } from "./test-parity.js";
import { sampleTrades } from "./test-trades.js";

const { data, remove } = temporaryData();
const UNSEEN = "2024-01-10";
const FROM = dayStartUs(UNSEEN);
const TRADES = 260;
const DRAWN = { seed: 1, accounts: 10 };

let journal: JournalReader;
let model: LiveModel;

beforeAll(async () => {
  await mkdir(path.join(data, "registry"), { recursive: true });
  const trial = await trainTrial(data, 1, "logistic", { from: "2024-01-01", to: UNSEEN });
  model = { ...MODEL, name: modelName(trial), barUs: MINUTE_US, horizonBars: 15 };
  const open = await Journal.open({ run: "test", data, limits: PATIENT });
  const own = [...runRecords("test", "paper"), ...decisions("test", 30), ...trading()];
  await open.write(own, { needs: "database" });
  expect(await open.close()).toEqual({ remaining: 0 });
  journal = await openReader({ data });
  // Other runs as their processes would have shipped them: opening the database for each takes a second.
  const others = [
    ...[...runRecords("dry", "dry-run"), ...decisions("dry", 40)],
    ...[...runRecords("short-dry", "dry-run"), ...decisions("short-dry", 3)],
    ...[...withHoles(), ...withBreaches(), ...killed(), ...otherDryRuns()],
  ];
  const batch = { number: undefined, records: others.map(plainRecord) };
  await journal.ask((db) => shipBatches(db, [batch], { run: "others", walId: "others" }));
});

afterAll(async () => {
  await journal.close();
  remove();
});

function runRecords(run: string, mode: RunRecord["mode"]): readonly JournalRecord[] {
  const { run: _, mode: __, exchange, symbols: ___, ...rest } = SETTINGS;
  const settings = canonicalJson({ ...rest, model: model.name, feed: "replay" });
  const { name, bundleSha256, catalogueHash, promotedEntry } = model;
  const session = { kind: "session", run, id: "one", detail: "" } as const;
  return [
    { kind: "run", run, mode, exchange, symbols: ["BTCUSDT"], settings },
    { kind: "model", run, model: name, bundleSha256, catalogueHash, promotedEntry },
    { ...session, event: "start", at: "2026-01-01T00:00:00Z" },
    { ...session, event: "stop", at: "2026-01-01T00:01:00Z" },
  ];
}

function decisions(run: string, bars: number): readonly DecisionRecord[] {
  return Array.from({ length: bars }, (_, i) => ({
    ...{ kind: "decision", run, symbol: "BTCUSDT", barEndUs: FROM + (i + 1) * MINUTE_US },
    ...{ model: model.name, probability: 0.6, side: 1, reason: "", mid: 100, features: "" },
    ...{ valid: "0", tookUs: 1 },
  }));
}

/** Trades of five days before the first that counts and of five after it, with the orders that opened them. */
function trading(): readonly JournalRecord[] {
  const span = { count: TRADES, winRate: 0.72, fromUs: FROM - (2 * TRADES * 15 * MINUTE_US) / 2 };
  const trades = sampleTrades(1, { ...span, everyMinutes: 30 });
  const [{ barEndUs }] = decisions("test", 1) as [DecisionRecord];
  const orders = trades.map(({ openedBy }) => ({
    ...sampleOrder("test", 0),
    ...{ id: openedBy, barEndUs, decidedUs: barEndUs },
  }));
  const fill = { kind: "fill", run: "test", number: 0, symbol: "BTCUSDT", atUs: FROM } as const;
  return [
    ...orders,
    ...orders.flatMap(({ id: orderId }): readonly JournalRecord[] => [
      { ...fill, orderId, amount: 1, valueUsd: 100, feeUsd: 1, mid: 100 },
      { kind: "order-end", run: "test", orderId, atUs: FROM, status: "filled", reason: "" },
    ]),
    ...trades,
    sampleEquity("test", FROM),
  ];
}

/** Longer than the one that counts, and elsewhere, without a promotion, or without a market. */
function otherDryRuns(): readonly JournalRecord[] {
  const run = (name: string, change: (record: JournalRecord) => JournalRecord): JournalRecord[] =>
    [...runRecords(name, "dry-run"), ...decisions(name, 90)].map(change);
  return [
    ...run("elsewhere", (one) => (one.kind === "run" ? { ...one, exchange: "binance" } : one)),
    ...run("rehearsed", (one) => (one.kind === "model" ? { ...one, promotedEntry: null } : one)),
    ...run("bookless", (one) => (one.kind === "decision" ? { ...one, mid: Number.NaN } : one)),
  ];
}

function withHoles(): readonly JournalRecord[] {
  const run = "holes";
  const order = { ...sampleOrder(run, 1), decidedUs: FROM, barEndUs: FROM };
  const last = FROM + 3 * MINUTE_US;
  const late = { ...order, id: "late", decidedUs: last, barEndUs: last };
  const [trade] = sampleTrades(1, { count: 1, winRate: 1, fromUs: FROM });
  const fill = { kind: "fill", run, number: 0, symbol: "BTCUSDT", atUs: FROM } as const;
  return [
    ...runRecords(run, "paper"),
    ...decisions(run, 3),
    // The first has neither end nor decision; the second is on its way; the third is the account's own.
    ...[order, late, { ...order, id: "own", purpose: "flatten" } as const],
    { ...fill, orderId: "nobody's", amount: 1, valueUsd: 1, feeUsd: 0, mid: 1 },
    { ...trade!, run },
  ];
}

/** A breach that was told, one that was not, and none. */
function withBreaches(): readonly JournalRecord[] {
  const below = { ...sampleEquity("x", FROM), equityUsd: 94_999.99 };
  const told = {
    kind: "risk",
    atUs: FROM,
    name: "daily-loss",
    symbol: "",
    detail: "equity 1 was below 2",
  } as const;
  const equal = { ...below, equityUsd: 95_000 - 1e-9 };
  const cases = [
    ["told", told],
    ["untold", below],
    ["at-the-floor", equal],
  ] as const;
  return cases.flatMap(([run, record]) => [...runRecords(run, "paper"), { ...record, run }]);
}

function killed(): readonly JournalRecord[] {
  const session = { kind: "session", run: "killed", id: "two", event: "start" } as const;
  const at = { at: "2026-01-02T00:00:00Z", detail: "" };
  return [...runRecords("killed", "paper"), { ...session, ...at }];
}

const parity = (run: KnownRun): Parity => equalParity(run.record.run, ["BTCUSDT"], 30);

async function judged(name = "test", root = data): Promise<Acceptance> {
  const run = await knownRun(journal, name);
  return await judgeRun(journal, { root, run, model, parity: parity(run), ...DRAWN });
}

const gateOf = ({ gates }: Acceptance, name: string): Acceptance["gates"][number] =>
  gates.find((gate) => gate.name === name)!;

test("trades count from the day on that the model's bundle has not seen, and the rest is said", async () => {
  const { figures, unseenFrom, gates, odds, ...rest } = await judged();
  expect(unseenFrom).toBe(UNSEEN);
  expect(figures).toMatchObject({ trades: TRADES / 2, leftOut: TRADES / 2 });
  expect(rest).toMatchObject({
    mode: "paper",
    feed: "replay",
    isSimulated: true,
    isUnpromoted: false,
  });
  const [winRate] = gates;
  expect(winRate!.reason).toBe(
    `130 trades of days before ${UNSEEN} left out, which the model has seen`,
  );
  expect(winRate!.verdict).not.toBe("fail");
  expect(odds!.measured.style.accuracy).toBe(figures.winRate.estimate);
  expect(odds!.rules).toBe("FTMO two-step");
});

test("the longest promoted dry run of the same bundle and market counts, compressed", async () => {
  const dry = gateOf(await judged(), "dry-run-48-hours");
  expect(dry).toMatchObject({ verdict: "undecided", value: 40 / 60 });
  expect(dry.beside).toBe(
    "dry, compressed: a replay of 0.7 hours in 1.0 minutes, 40 times as fast as the market",
  );
  expect(gateOf(await judged(), "paper-5-days").value).toBeCloseTo(30 / 1440, 12);
  const run = await knownRun(journal, "test");
  const other = { ...model, bundleSha256: "1".repeat(64) };
  const asked = { root: data, run, model: other, parity: parity(run), ...DRAWN };
  expect(gateOf(await judgeRun(journal, asked), "dry-run-48-hours").value).toBe(0);
});

test("a dry run is undecided where trades are asked for, and its whole journal passes", async () => {
  const acceptance = await judged("dry");
  expect(acceptance).toMatchObject({ verdict: "undecided", odds: null });
  expect(acceptance.gates.map(({ name, verdict }) => `${name} ${verdict}`)).toEqual([
    ...["win-rate undecided", "profit-factor undecided", "no-breach undecided", "parity pass"],
    ...["journal-whole pass", "dry-run-48-hours undecided", "paper-5-days undecided"],
  ]);
});

test("orders without end or decision, fills and trades without order are holes of the journal", async () => {
  const gate = gateOf(await judged("holes"), "journal-whole");
  expect(gate).toMatchObject({ verdict: "fail", value: 4 });
  expect(gate.reason).toBe(
    "order without an end: 1; order without a decision: 1; fill without an order: 1; trade without an order: 1",
  );
});

test("records that wait in the write-ahead file are told, and those that the database has are not", async () => {
  const file = path.join(data, "runtime", "test", "journal.wal");
  const before = await readFile(file);
  const { walId, from } = JSON.parse(before.toString().split("\n")[0]!.split(" ")[2]!);
  const batch = (number: number): string =>
    batchLine({ number, records: [plainRecord(sampleEquity("test", FROM))] }, walId);
  try {
    await appendFile(file, batch(from) + batch(from + 1));
    expect(gateOf(await judged(), "journal-whole")).toMatchObject({
      ...{ verdict: "fail", value: 2, reason: "record that waits: 2" },
    });
    await writeFile(file, headLine({ run: "test", walId, from: from - 1 }) + batch(from - 1));
    expect(gateOf(await judged(), "journal-whole").verdict).toBe("pass");
  } finally {
    await writeFile(file, before);
  }
});

test("a breach that was told, and an account below a floor that nobody told of, fail", async () => {
  const reasonOf = async (run: string): Promise<unknown> => {
    const { verdict, reason } = gateOf(await judged(run), "no-breach");
    return [verdict, reason];
  };
  expect(await reasonOf("told")).toEqual([
    "fail",
    "daily-loss at 2024-01-10T00:00:00.000Z: equity 1 was below 2",
  ]);
  expect(await reasonOf("untold")).toEqual(["fail", "1 bar below a floor"]);
  expect(await reasonOf("at-the-floor")).toEqual(["undecided", "nothing was traded yet"]);
});

test("a run whose last process did not end in order has no whole journal yet", async () => {
  const gate = gateOf(await judged("killed"), "journal-whole");
  expect(gate).toMatchObject({ verdict: "undecided" });
  expect(gate.reason).toBe("a process drives the run, or was ended by force");
});
