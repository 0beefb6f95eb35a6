import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { OptionError } from "../../core/errors.js";
import { dayStartUs, HOUR_US, MINUTE_US, SECOND_US } from "../../core/time.js";
import { EVENT_TYPES, type EventType, mirrorPath } from "../day-files.js";
import { CANDLE_KIND } from "./candles.js";
import { faultKindNames, hasCandleFault, kindsOfDay } from "./choose-kinds.js";
import { distortionTests } from "./test-distortions.js";
import {
  DATE,
  type MarketPair,
  marketPair,
  type PlainRow,
  type ReadDay,
  type Rows,
  readDay,
  rowsWithin,
  statesWithin,
  testMarket,
} from "./test-faulty-day.js";

const START_US = dayStartUs(DATE);
const L2 = "incremental_book_L2";
const root = mkdtempSync(path.join(tmpdir(), "tickbook-faulty-"));
afterAll(() => rmSync(root, { recursive: true }));

/** A drifting clock changes every row, so it has a test of its own. */
const KINDS = faultKindNames().filter((name) => name !== "clock-drift");
let market: MarketPair;
beforeAll(async () => {
  market = await marketPair(root, KINDS);
}, 120_000);

const arrival = ({ localUs }: PlainRow): number => localUs;
const exchange = ({ exchangeUs }: PlainRow): number => exchangeUs;
const delays = (rows: Rows): number[] =>
  rows.map(({ localUs, exchangeUs }) => localUs - exchangeUs);

test("every kind is planted, each in an hour of its own", () => {
  const { faults } = market;
  const events = KINDS.filter((name) => name !== CANDLE_KIND.name);
  expect([...new Set(faults.map(({ kind }) => kind))].sort()).toEqual([...events].sort());
  const hours = new Map<string, string>();
  for (const { kind, symbol, fromUs, toUs } of faults) {
    const hour = Math.floor(fromUs / HOUR_US);
    if (kind !== "coverage:end") expect(Math.floor(toUs / HOUR_US)).toBe(hour);
    expect(hours.get(`${symbol} ${hour}`) ?? kind).toBe(kind);
    hours.set(`${symbol} ${hour}`, kind);
  }
});

test("outside the faults' times files have a clean run's bytes, and the books are right again", () => {
  for (const { symbol, clean, faulty } of market.days) {
    const own = market.faults.filter((fault) => fault.symbol === symbol);
    const isOutside = (row: PlainRow): boolean =>
      !own.some(({ fromUs, toUs }) => arrival(row) >= fromUs && arrival(row) <= toUs);
    for (const type of EVENT_TYPES) {
      const lines = (rows: Rows): string[] => rows.filter(isOutside).map(({ line }) => line);
      const [expected, actual] = [lines(clean[type]), lines(faulty[type])];
      const isLate = own.some(({ kind }) => kind === "coverage:start") && type === "quotes";
      // A file's second quote is written whether it differs from the first or not.
      if (isLate && actual.length > expected.length) actual.shift();
      expect(actual.length).toBe(expected.length);
      expect(actual.filter((row, i) => row !== expected[i])).toEqual([]);
    }
    for (const { toUs } of own.filter(({ type, kind }) => type === L2 && kind !== "coverage:end")) {
      const bookAt = (day: ReadDay) => statesWithin(day[L2], toUs, toUs).at(-1)!;
      expect(bookAt(faulty)).toEqual(bookAt(clean));
    }
  }
});

test("one seed gives the same bytes and places, another one other places", async () => {
  const types = ["trades", "quotes"] as const;
  const places = await testMarket(path.join(root, "again"), { faultKinds: KINDS, types });
  expect(places).toEqual(market.faults.filter(({ type }) => types.some((one) => one === type)));
  for (const type of types) {
    const bytes = (folder: string): Buffer =>
      readFileSync(path.join(root, folder, mirrorPath(type, "BTCUSDT", DATE)));
    expect(bytes("again").equals(bytes("faulty"))).toBe(true);
  }
  const others = await testMarket(path.join(root, "other"), {
    ...{ faultKinds: ["gap:trades"], types: ["trades"], seed: 8, symbols: ["BTCUSDT"] },
  });
  expect(others).toHaveLength(1);
  expect(others[0]!.fromUs).not.toBe(market.one("gap:trades").fault.fromUs);
});

test("a silent type has no row between the last one before and the first one after", () => {
  const leastSeconds = {
    ...{ "gap:all": 300, "gap:book": 60, "gap:quotes": 60, "gap:trades": 300 },
    ...{ reconnect: 1, "zero-volume": 900, "coverage:end": 600 },
  };
  for (const [kind, seconds] of Object.entries(leastSeconds)) {
    for (const { fault, rows, clean } of market.all(kind)) {
      const { fromUs, toUs, type } = fault;
      expect(rows.map(arrival).filter((time) => time !== fromUs && time !== toUs)).toEqual([]);
      expect(toUs - fromUs).toBeGreaterThanOrEqual(seconds * SECOND_US);
      expect(rowsWithin(clean[type as EventType], fault).length).toBeGreaterThan(2);
      if (type !== L2 || kind === "coverage:end") continue;
      expect(rows.find((row) => arrival(row) === toUs)!.cells[4]).toBe("true");
    }
  }
  for (const { fault, rows } of market.all("coverage:start")) {
    expect(fault.fromUs).toBe(START_US);
    expect(arrival(rows[0]!)).toBe(fault.toUs);
    expect(fault.toUs).toBeGreaterThanOrEqual(START_US + 10 * MINUTE_US);
  }
});

test("clocks: one message steps back, ten minutes are early, ten minutes are late", () => {
  const { rows, before } = market.one("order");
  for (const row of rows) expect(exchange(row)).toBe(exchange(before) - 1.5 * SECOND_US);
  const early = market.all("clock-offset:early");
  const late = market.all("clock-offset:late");
  expect([early.length, late.length]).toEqual([4, 4]);
  for (const one of early) expect(Math.max(...delays(one.rows))).toBeLessThan(-0.199 * SECOND_US);
  for (const one of late) expect(Math.min(...delays(one.rows))).toBeGreaterThan(3 * SECOND_US);
  for (const { fault } of [...early, ...late]) {
    expect(fault.toUs - fault.fromUs).toBeGreaterThan(9 * MINUTE_US);
  }
});

test("a drifting clock is 100 ms later at the day's end", async () => {
  const folder = path.join(root, "drift");
  const faults = await testMarket(folder, { faultKinds: ["clock-drift"], symbols: ["BTCUSDT"] });
  expect(faults).toHaveLength(EVENT_TYPES.length);
  const drifted = readDay(folder, "BTCUSDT");
  for (const type of EVENT_TYPES) {
    const clean = market.days[0]!.clean[type];
    const late = clean.map((row, i) => exchange(row) - exchange(drifted[type][i]!));
    expect(late[0]).toBeLessThanOrEqual(1_000);
    expect(late.at(-1)).toBeGreaterThanOrEqual(99_000);
    expect(late.every((lateUs, i) => i === 0 || lateUs >= late[i - 1]! - 1_000)).toBe(true);
  }
});

test("duplicates are rows of before with a later arrival", () => {
  const content = ({ cells }: PlainRow): string => cells.filter((_, i) => i !== 3).join();
  const leastMessages = { "duplicate:trade": 1, "duplicate:book": 3, "duplicate:quotes": 3 };
  for (const [kind, messages] of Object.entries(leastMessages)) {
    const { fault, faulty, rows } = market.one(kind);
    const repeats = rows.slice(0, fault.rows);
    const file = faulty[fault.type as EventType];
    const at = file.indexOf(rows[0]!);
    const earlier = file.slice(at - fault.rows - 5, at).map(content);
    const start = earlier.indexOf(content(repeats[0]!));
    expect(earlier.slice(start, start + repeats.length)).toEqual(repeats.map(content));
    expect(new Set(repeats.map(exchange)).size).toBe(messages);
  }
});

test("a trade's id is missing, a row is garbled, another arrives before the row above it", () => {
  const jump = market.one("sequence-jump");
  const last = jump.rows.filter((row) => arrival(row) === jump.fault.fromUs).at(-1)!;
  const next = jump.faulty.trades[jump.faulty.trades.indexOf(last) + 1]!;
  expect(Number(next.cells[4]) - Number(last.cells[4])).toBe(2);
  expect(arrival(next)).toBe(jump.fault.toUs);
  const garbled = market.one("rejected-row:value").rows;
  expect(garbled.filter((row) => row.line.includes("nan"))).toHaveLength(1);
  const swapped = market.one("rejected-row:arrival");
  const { trades } = swapped.faulty;
  const back = trades.filter((row, i) => i > 0 && arrival(row) < arrival(trades[i - 1]!));
  expect(back.map(arrival)).toEqual([swapped.fault.fromUs]);
});

test("kinds are chosen by name or check, and take turns where they do not fit into one day", () => {
  expect(faultKindNames("gap, reconnect")).toEqual([
    "gap:all",
    "gap:book",
    "gap:quotes",
    "gap:trades",
    "reconnect",
  ]);
  expect(faultKindNames("outlier:price")).toEqual(["outlier:price"]);
  expect(() => faultKindNames("gap,flood")).toThrow(OptionError);
  const names = (list: readonly string[], day: number, symbol: number): string[] =>
    kindsOfDay(list, { day, symbol }).map(({ name }) => name);
  const few = faultKindNames("gap");
  expect(names(few, 0, 0)).toEqual(few);
  expect(names(few, 1, 0)).toEqual(few);
  expect(hasCandleFault(faultKindNames())).toBe(true);
  expect(hasCandleFault(few)).toBe(false);
  const all = faultKindNames().filter((name) => name !== CANDLE_KIND.name);
  expect([...names(all, 0, 0), ...names(all, 0, 1)].sort()).toEqual([...all].sort());
  expect(names(all, 1, 1)).toEqual(names(all, 0, 0));
  const clocks = faultKindNames("clock-offset,clock-drift");
  expect(names(clocks, 1, 0)).toEqual(["clock-drift"]);
});

distortionTests(() => market);
