import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { dayStartUs, HOUR_US, SECOND_US } from "../core/time.js";
import type { Column } from "../store/column.js";
import { openStore, type Store } from "../store/store.js";
import type { DataType } from "../store/tables.js";
import { writePartition } from "../store/write.js";
import { type AuditResult, audit } from "./audit.js";
import { AUDIT_SETTINGS } from "./settings.js";

const DATE = "2024-05-01";
const DAY = dayStartUs(DATE);
const EXCHANGE = "binance";

let store: Store;
let root: string;

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), "tickbook-bad-input-"));
  store = await openStore(root);
});

afterAll(async () => {
  await store.close();
  await rm(root, { recursive: true, force: true });
});

async function put(symbol: string, type: DataType, columns: Column[], rows: number): Promise<void> {
  const key = { type, exchange: EXCHANGE, symbol, date: DATE };
  await writePartition(store, key, async ({ append }) => {
    if (rows > 0) append(columns, rows);
    const source = { kind: "file", path: "x", bytes: 1, sha256: "0".repeat(64) } as const;
    return { source, rejected: {} };
  });
}

const filled = (rows: number, value: (i: number) => number): Float64Array =>
  Float64Array.from({ length: rows }, (_, i) => value(i));

/** Three hours, an event a second. */
const SECONDS = 3 * 3600;
const times = filled(SECONDS, (i) => DAY + SECOND_US * (i + 0.5));

async function putTrades(symbol: string, from = 0): Promise<void> {
  const rows = SECONDS - from;
  const at = times.subarray(from);
  const ids = Array.from({ length: rows }, (_, i) => String(i));
  const side = Int8Array.from({ length: rows }, (_, i) => (i % 2 === 0 ? 1 : -1));
  const price = filled(rows, (i) => 100 + 0.5 * (i % 2));
  const columns = [at, at, ids, side, price, filled(rows, (i) => 1 + (i % 5))];
  await put(symbol, "trades", columns, rows);
}

/** Rows of a book: arrival time, snapshot or not, side, price, amount. */
type ChangeRow = readonly [number, 0 | 1, 1 | -1, number, number];

async function putBook(symbol: string, rows: readonly ChangeRow[]): Promise<void> {
  const at = filled(rows.length, (i) => rows[i]![0]);
  const columns = [
    at,
    at,
    Uint8Array.from(rows, (row) => row[1]),
    Int8Array.from(rows, (row) => row[2]),
    filled(rows.length, (i) => rows[i]![3]),
    filled(rows.length, (i) => rows[i]![4]),
  ];
  await put(symbol, "incremental_book_L2", columns, rows.length);
}

/** A message of one bid and one ask at each second, whose amounts change. */
const both = (i: number, isSnapshot: 0 | 1): readonly ChangeRow[] => [
  [times[i]!, isSnapshot, 1, 100, 1 + (i % 9)],
  [times[i]!, isSnapshot, -1, 100.5, 1 + (i % 7)],
];
const eachSecond = (row: (i: number) => readonly ChangeRow[]): readonly ChangeRow[] =>
  Array.from(times.keys()).flatMap(row);

const run = (symbol: string): Promise<AuditResult> =>
  audit(store, {
    exchange: EXCHANGE,
    symbols: [symbol],
    days: [DATE],
    settings: AUDIT_SETTINGS,
  });

const words = ({ findings }: AuditResult): readonly string[] =>
  findings.map(({ type, check, detail }) => `${type} ${check}: ${detail}`);

const verdicts = ({ hours }: AuditResult, type: string): ReadonlySet<string> =>
  new Set(hours.filter((hour) => hour.type === type).map(({ verdict }) => verdict));

test("an empty day is absent, and has no hours to judge", async () => {
  await put("EMPTY", "trades", [], 0);
  await put("EMPTY", "incremental_book_L2", [], 0);
  const result = await run("EMPTY");
  expect(words(result)).toEqual([
    "trades coverage: trades of this day has no rows",
    "incremental_book_L2 coverage: incremental_book_L2 of this day has no rows",
  ]);
  expect(result.hours).toEqual([]);
  expect(result.verdict).toBe("usable");
});

test("a book that never has asks is bad, and says so", async () => {
  await putTrades("BIDS");
  const snapshot: ChangeRow = [times[0]!, 1, 1, 100, 1];
  const bids = eachSecond((i) => (i === 0 ? [snapshot] : [[times[i]!, 0, 1, 100, 1 + (i % 9)]]));
  await putBook("BIDS", bids);
  const result = await run("BIDS");
  expect(words(result)).toContainEqual(
    expect.stringMatching(/^incremental_book_L2 one-sided: 10,800 book states were one-sided/),
  );
  expect(verdicts(result, "incremental_book_L2")).toEqual(new Set(["bad"]));
  expect(verdicts(result, "trades")).not.toContain("bad");
  expect(result.verdict).toBe("bad");
});

test("a book told by snapshots alone is usable: it is known, and there is no order flow", async () => {
  await putTrades("SHOTS");
  await putBook(
    "SHOTS",
    eachSecond((i) => both(i, 1)),
  );
  const result = await run("SHOTS");
  expect(words(result)).toContainEqual(
    "incremental_book_L2 reconnect: all 10,800 messages are snapshots: the book is known when they come, and there is no order flow",
  );
  expect(result.findings.map(({ check }) => check).sort()).toEqual([
    "coverage",
    "coverage",
    "reconnect",
  ]);
  expect(verdicts(result, "incremental_book_L2")).toEqual(new Set(["usable"]));
});

test("a book without any snapshot is bad: its changes build on nothing", async () => {
  await putTrades("NOSHOT");
  await putBook(
    "NOSHOT",
    eachSecond((i) => both(i, 0)),
  );
  const result = await run("NOSHOT");
  expect(words(result)).toContainEqual(
    "incremental_book_L2 reconnect: the day has no snapshot of the book, so its changes build on nothing",
  );
  expect(verdicts(result, "incremental_book_L2")).toEqual(new Set(["bad"]));
  expect(result.findings.find(({ check }) => check === "reconnect")!.isFatal).toBe(true);
  expect(result.verdict).toBe("bad");
});

async function putQuotes(symbol: string): Promise<void> {
  const side = (price: number, of: number): Float64Array[] => [
    filled(SECONDS, () => price),
    filled(SECONDS, (i) => 1 + (i % of)),
  ];
  const [[bid, bidAmount], [ask, askAmount]] = [side(200, 9), side(200.5, 7)];
  const columns = [times, times, askAmount!, ask!, bid!, bidAmount!];
  await put(symbol, "quotes", columns, SECONDS);
}

test("trades are held against the quotes where the book is never known", async () => {
  const outside = (result: AuditResult): unknown =>
    result.findings
      .filter(({ type, check }) => type === "trades" && check !== "coverage")
      .map(({ symbol: _, ...finding }) => finding);
  await putTrades("QUOTED");
  await putQuotes("QUOTED");
  const quoted = await run("QUOTED");
  expect(quoted.findings).toContainEqual(expect.objectContaining({ check: "trade-outside-book" }));
  for (const [symbol, rows] of [
    ["VOID", []],
    ["UNKNOWN", eachSecond((i) => both(i, 0))],
  ] as const) {
    await putTrades(symbol);
    await putQuotes(symbol);
    await putBook(symbol, rows);
    expect(outside(await run(symbol))).toEqual(outside(quoted));
  }
});

test("trades without a book are usable, and the book's absence is told", async () => {
  await putTrades("TAPE");
  const result = await run("TAPE");
  expect(words(result)).toContainEqual(
    "incremental_book_L2 coverage: the store has no incremental_book_L2 of this day",
  );
  expect(result.verdict).toBe("usable");
  expect(result.hours.map(({ hourUs, verdict }) => [(hourUs - DAY) / HOUR_US, verdict])).toEqual([
    [0, "good"],
    [1, "good"],
    [2, "usable"],
  ]);
});

test("trades that begin hours after the book have bad hours until then", async () => {
  await putTrades("LATE", 2 * 3600 + 600);
  const snapshot = both(0, 1);
  await putBook(
    "LATE",
    eachSecond((i) => (i === 0 ? snapshot : both(i, 0))),
  );
  const { hours } = await run("LATE");
  const trades = hours.filter(({ type }) => type === "trades");
  expect(trades.map(({ verdict, reasons }) => [verdict, reasons])).toEqual([
    ["bad", ["no trades although the book goes on"]],
    ["bad", ["no trades although the book goes on"]],
    ["usable", ["the hour is there in part"]],
  ]);
});

test.each([0, 1, 2, 3])(
  "rows that arrive outside the day are told, and count for no hour (%i)",
  async (shape) => {
    // From before the day into it, from it beyond it, and both.
    const [fromUs, step] = [
      [DAY - HOUR_US / 2, 1],
      [DAY + 23.5 * HOUR_US, 1],
      [DAY - HOUR_US / 2, 25],
      [DAY + 23 * HOUR_US, 2],
    ][shape] as [number, number];
    const rows = 3600;
    const at = filled(rows, (i) => fromUs + i * step * SECOND_US);
    const isInside = (time: number): boolean => time >= DAY && time < DAY + 24 * HOUR_US;
    const symbol = `OUT${shape}`;
    const ones = filled(rows, (i) => 100 + (i % 2));
    const side = Int8Array.from({ length: rows }, () => 1);
    await put(symbol, "trades", [at, at, Array.from(at, String), side, ones, ones], rows);
    await putBook(
      symbol,
      Array.from(at).flatMap((time, i): readonly ChangeRow[] => [
        [time, i === 0 ? 1 : 0, 1, 100, 1 + (i % 9)],
        [time, i === 0 ? 1 : 0, -1, 100.5, 1 + (i % 7)],
      ]),
    );
    const result = await run(symbol);
    for (const [type, rowsOf] of [
      ["trades", 1],
      ["incremental_book_L2", 2],
    ] as const) {
      const hours = result.hours.filter((hour) => hour.type === type);
      for (const { hourUs, messages } of hours) {
        expect(isInside(hourUs)).toBe(true);
        const own = at.filter((time) => time >= hourUs && time < hourUs + HOUR_US);
        expect(messages).toBe(own.length);
      }
      const outside = at.filter((time) => !isInside(time));
      const [finding, ...others] = result.findings.filter(
        (one) => one.type === type && one.unit === "rows",
      );
      expect(others).toEqual([]);
      expect(finding).toMatchObject({ check: "coverage", isFatal: false, firstUs: outside[0] });
      expect(finding!.count).toBe(outside.length * rowsOf);
    }
  },
);

test("a few rows with ids do not make the others' repeats unseen", async () => {
  // Twenty minutes of trades a second apart; ten of them come again at once, and only the first five have an id.
  const rows = 1200;
  const from = 600;
  const of = (i: number): number => (i >= from && i < from + 10 ? i - 10 : i);
  const arrival = filled(rows, (i) => DAY + SECOND_US * i);
  const exchange = filled(rows, (i) => DAY + SECOND_US * of(i));
  const ids = Array.from({ length: rows }, (_, i) => (i < 5 ? String(i) : ""));
  const side = new Int8Array(rows).fill(1);
  const amounts = filled(rows, (i) => 1 + of(i) / 1000);
  const price = filled(rows, (i) => 100 + (of(i) % 3));
  await put("FEWIDS", "trades", [exchange, arrival, ids, side, price, amounts], rows);
  const found = (await run("FEWIDS")).findings.filter(({ check }) => check === "duplicate");
  expect(found).toMatchObject([{ type: "trades", count: 10, unit: "messages" }]);
  expect(words(await run("FEWIDS")).filter((told) => told.includes("id"))).toEqual([]);
});

test("one trade is a day", async () => {
  const one = [filled(1, () => DAY + HOUR_US), filled(1, () => DAY + HOUR_US)];
  await put(
    "ONE",
    "trades",
    [...one, ["7"], Int8Array.of(0), filled(1, () => 5), filled(1, () => 1)],
    1,
  );
  const result = await run("ONE");
  expect(result.hours).toHaveLength(1);
  expect(result.verdict).toBe("usable");
});
