// Which days are audited, with which types, and what is told of days that are not there?
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { OptionError } from "../core/errors.js";
import { dayStartUs, daysBetween, SECOND_US } from "../core/time.js";
import { candleFolder } from "../store/candle-table.js";
import { writeDerived } from "../store/derived.js";
import { auditFolder } from "../store/present-audit.js";
import { openStore, type Store } from "../store/store.js";
import { writePartition } from "../store/write.js";
import { type AuditResult, audit } from "./audit.js";
import { AUDIT_SETTINGS } from "./settings.js";

const MARKET = { exchange: "binance", symbol: "ASKED" };
let root: string;
let store: Store;

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), "tickbook-asked-"));
  store = await openStore(root);
});

afterEach(async () => {
  await store.close();
  await rm(root, { recursive: true, force: true });
});

async function put(date: string, type: "trades" | "quotes"): Promise<void> {
  await writePartition(store, { ...MARKET, type, date }, async ({ append }) => {
    const time = Float64Array.of(dayStartUs(date) + SECOND_US);
    const one = Float64Array.of(1);
    const columns =
      type === "trades"
        ? [time, time, ["1"], Int8Array.of(1), one, one]
        : [time, time, one, Float64Array.of(2), one, one];
    append(columns, 1);
    const source = { kind: "file", path: "x", bytes: 1, sha256: "0".repeat(64) } as const;
    return { source, rejected: {} };
  });
}

async function putCandles(date: string): Promise<void> {
  const none = new Float64Array(0);
  const names = ["bar_start_us", "bar_end_us", "open", "high", "low", "close", "volume"];
  const columns = Object.fromEntries(names.map((name) => [name, none]));
  await writeDerived(store, candleFolder({ ...MARKET, date }), columns, {});
}

const run = (
  days: readonly string[],
  symbols: readonly string[] = ["ASKED"],
): Promise<AuditResult> =>
  audit(store, { exchange: "binance", symbols, days, settings: AUDIT_SETTINGS });

const told = ({ findings }: AuditResult): readonly string[] =>
  findings
    .map(({ date, detail }) => `${date}: ${detail}`)
    .filter((words) => /store has/.test(words));

const manifest = (date: string): string =>
  readFileSync(store.path(`${auditFolder({ ...MARKET, date })}/manifest.json`), "utf8");

const [FIRST, SECOND, THIRD, FOURTH] = daysBetween("2024-05-01", "2024-05-05") as [
  string,
  string,
  string,
  string,
];

test("a day is judged the same whichever days are asked for with it", async () => {
  await put(FIRST, "trades");
  await put(SECOND, "trades");
  await put(SECOND, "quotes");
  const alone = await run([FIRST]);
  const before = manifest(FIRST);
  const both = await run([FIRST, SECOND]);
  expect(manifest(FIRST)).toBe(before);
  expect(both.findings.filter(({ date }) => date === FIRST)).toEqual(alone.findings);
  expect(told(alone)).toEqual([
    `${FIRST}: the store has no incremental_book_L2 of this day`,
    `${FIRST}: the store has no quotes of this day`,
  ]);
});

test("a symbol of which the store has nothing on the days is wrong usage, beside one that it has", async () => {
  await put(FIRST, "trades");
  const refusal = run([FIRST], ["ASKED", "NOPE", "NADA"]);
  await expect(refusal).rejects.toThrow(OptionError);
  await expect(refusal).rejects.toThrow(
    /named binance NOPE, NADA from 2024-05-01, of which the store has nothing/,
  );
  await expect(run([SECOND])).rejects.toThrow(/named binance ASKED from 2024-05-02/);
  expect(existsSync(store.path("audit"))).toBe(false);
});

test("days of which the store has nothing are told run by run, and nothing is stored of them", async () => {
  await put(SECOND, "trades");
  await put(FOURTH, "trades");
  const result = await run(daysBetween("2024-05-01", "2034-05-01"));
  const book = told(result).filter((words) => words.includes("incremental_book_L2"));
  expect(book).toEqual([
    `${FIRST}: the store has no incremental_book_L2 of this day`,
    `${SECOND}: the store has no incremental_book_L2 of this day`,
    `${THIRD}: the store has no incremental_book_L2 of this day`,
    `${FOURTH}: the store has no incremental_book_L2 of this day`,
    "2024-05-05: the store has no incremental_book_L2 of the 3,648 days from 2024-05-05 to 2034-04-30",
  ]);
  const [after] = result.findings.filter(({ date }) => date === "2024-05-05");
  expect(after).toMatchObject({ type: "trades", check: "coverage", count: 3648, isFatal: false });
  expect(result.verdict).toBe("usable");
  for (const date of [FIRST, THIRD, "2024-05-05"]) {
    expect(existsSync(store.path(auditFolder({ ...MARKET, date })))).toBe(false);
  }
});

test("a type is due where the days beside have it, and not on days apart from those", async () => {
  for (const date of [FIRST, SECOND, FOURTH]) await put(date, "trades");
  await put(SECOND, "quotes");
  const quotes = told(await run([FIRST, SECOND, THIRD, FOURTH])).filter((words) =>
    words.includes("quotes"),
  );
  expect(quotes).toEqual([
    `${FIRST}: the store has no quotes of this day`,
    `${THIRD}: the store has no quotes of this day`,
  ]);
});

test("candles beside a day of ticks need no ticks on their other days", async () => {
  for (const date of [FIRST, SECOND, THIRD]) await putCandles(date);
  await put(SECOND, "trades");
  const result = await run([FIRST, SECOND, THIRD]);
  expect(told(result)).toEqual([`${SECOND}: the store has no incremental_book_L2 of this day`]);
});
