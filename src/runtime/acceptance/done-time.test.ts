import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { canonicalJson } from "../../core/content-hash.js";
import { dayStartUs, MINUTE_US } from "../../core/time.js";
import { Journal } from "../journal/journal.js";
import { type JournalReader, openReader } from "../journal/open-reader.js";
import { plainRecord } from "../journal/record-text.js";
import { shipBatches } from "../journal/ship-batches.js";
import { PATIENT, temporaryData } from "../journal/test-databases.js";
import { sampleEquity } from "../journal/test-records.js";
import { MODEL, SETTINGS } from "../loop/test-run.js";
import type { DecisionRecord, JournalRecord, RunRecord } from "../records.js";
import { longestRun } from "./done-time.js";

const FROM = dayStartUs("2024-01-10");
const { data, remove } = temporaryData();
let journal: JournalReader;

beforeAll(async () => {
  const open = await Journal.open({ run: "judged", data, limits: PATIENT });
  await open.write(runOf("judged", { bars: 20 }), { needs: "database" });
  await open.close();
  journal = await openReader({ data });
});

afterAll(async () => {
  await journal.close();
  remove();
});

interface Made {
  readonly mode?: RunRecord["mode"];
  readonly bars?: number;
  readonly symbols?: readonly string[];
  /** Of the run's settings, instead of the judged run's. */
  readonly settings?: object;
  readonly decision?: Partial<DecisionRecord>;
}

const { run: _, mode: __, exchange, symbols: SYMBOLS, ...REST } = SETTINGS;

function runOf(
  run: string,
  { mode = "paper", bars = 30, symbols = SYMBOLS, settings = {}, decision = {} }: Made = {},
): readonly JournalRecord[] {
  const { name, bundleSha256, catalogueHash, promotedEntry } = MODEL;
  const told = canonicalJson({ ...REST, model: name, feed: "replay", ...settings });
  const decisions = symbols.flatMap((symbol) =>
    Array.from(
      { length: bars },
      (_, i): DecisionRecord => ({
        ...{ kind: "decision", run, symbol, barEndUs: FROM + (i + 1) * MINUTE_US, model: name },
        ...{ probability: 0.6, side: 0, reason: "unsure", mid: 100, features: "", valid: "0" },
        ...{ tookUs: 1, ...decision },
      }),
    ),
  );
  return [
    { kind: "run", run, mode, exchange, symbols, settings: told },
    { kind: "model", run, model: name, bundleSha256, catalogueHash, promotedEntry },
    ...decisions,
  ];
}

async function ship(records: readonly JournalRecord[]): Promise<void> {
  const batch = { number: undefined, records: records.map(plainRecord) };
  await journal.ask((db) => shipBatches(db, [batch], { run: "others", walId: "others" }));
}

async function longest(mode: RunRecord["mode"]): Promise<readonly [string, number] | undefined> {
  const [judged] = runOf("judged") as [RunRecord];
  const { bundleSha256 } = MODEL;
  const asked = { mode, judged, bundleSha256, barUs: MINUTE_US, isRehearsal: false };
  const found = await longestRun(journal, asked);
  return found && [found.run, found.marketUs / MINUTE_US];
}

const equity = sampleEquity("below", FROM);

test("a run counts that was the judged one's kind of run: its symbols, its settings, nothing broken", async () => {
  expect(await longest("paper")).toEqual(["judged", 20]);
  const risk = { kind: "risk", run: "broken", atUs: FROM, name: "daily-loss", symbol: "" } as const;
  await ship([
    ...runOf("elsewhere", { symbols: ["DOGEUSDT"] }),
    ...runOf("one-of-two", { symbols: SYMBOLS.slice(0, 1) }),
    ...runOf("richer", { settings: { minimumOrderUsd: 6 } }),
    ...[...runOf("broken"), { ...risk, detail: "equity 94000.00 was below 95000.00" }],
    ...[...runOf("below"), { ...equity, equityUsd: equity.dailyFloorUsd - 1 }],
    ...runOf("contradicted"),
  ]);
  await journal.ask((db) =>
    sql`insert into tickbook.conflicts (run, wal_id, kind, refused, refused_sha256, stored_sha256)
      values ('contradicted', 'w', 'decision', '{}', 'a', 'b')`.execute(db),
  );
  expect(await longest("paper")).toEqual(["judged", 20]);
  await ship(runOf("wider", { symbols: [...SYMBOLS, "DOGEUSDT"], settings: { feed: "stream" } }));
  expect(await longest("paper")).toEqual(["wider", 30]);
});

test("bars that the account's rules or people kept it from are no time done", async () => {
  await ship([
    ...runOf("failed", { bars: 50, decision: { reason: "risk: failed" } }),
    ...runOf("halted", { bars: 50, decision: { reason: "outside: halted" } }),
  ]);
  expect(await longest("paper")).toEqual(["wider", 30]);
});

test("a symbol's time is not another's: the least of the judged ones counts", async () => {
  const [first, second] = SYMBOLS as [string, string];
  const long = runOf("uneven", { bars: 50 }).filter(
    (one) =>
      one.kind !== "decision" || one.symbol === first || one.barEndUs <= FROM + 40 * MINUTE_US,
  );
  await ship(long);
  expect(second).not.toBe(first);
  expect(await longest("paper")).toEqual(["uneven", 40]);
});

test("a dry run trades nothing: of its settings the signal's are the judged run's", async () => {
  expect(await longest("dry-run")).toBeUndefined();
  const signal = { ...SETTINGS.signal, maxSpreadBps: 1 };
  await ship([
    ...runOf("bolder", { mode: "dry-run", bars: 50, settings: { signal } }),
    ...runOf("dry", { mode: "dry-run", settings: { minimumOrderUsd: 6 } }),
  ]);
  expect(await longest("dry-run")).toEqual(["dry", 30]);
});
