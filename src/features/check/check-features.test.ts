import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DAY_US, dateOf, SECOND_US } from "../../core/time.js";
import { sampleMids } from "../../market/sample-mids.js";
import { readDerived, writeDerived } from "../../store/derived.js";
import type { SymbolDay } from "../../store/read.js";
import { openStore, type Store } from "../../store/store.js";
import { FEATURES } from "../catalogue.js";
import { computeFeatures } from "../compute-features.js";
import { featuresFolder } from "../feature-partition.js";
import { futureReturns } from "../future-returns.js";
import { MISSING_CAUSES } from "../missing-rule.js";
import {
  BAR_US,
  type Market,
  rowsBefore,
  START_US,
  slice,
  storeMarket,
  syntheticMarket,
} from "../test-market.js";
import { checkFeatures, type FeatureChecks } from "./check-features.js";
import { informationCoefficient } from "./information-coefficient.js";
import { symbolColumns } from "./symbol-columns.js";

const DAYS = [dateOf(START_US), dateOf(START_US + DAY_US)] as const;
const MIDNIGHT_US = START_US + 600 * SECOND_US;
const dayOf = (symbol: string, place: 0 | 1): SymbolDay => ({
  exchange: "simulated",
  symbol,
  date: DAYS[place],
});
const WHOLE = [dayOf("WHOLE", 0), dayOf("WHOLE", 1)];
let root: string;
let store: Store;
let checks: FeatureChecks;

/** Ten minutes before midnight on one day, five after it on the next. */
const MARKET = syntheticMarket(1, 900);

function half({ trades, bookChanges }: Market, place: 0 | 1): Market {
  const cut = <Table extends Market["trades"] | Market["bookChanges"]>(table: Table): Table => {
    const at = rowsBefore(table, MIDNIGHT_US);
    return place === 0 ? slice(table, 0, at) : slice(table, at);
  };
  return { trades: cut(trades), bookChanges: cut(bookChanges) };
}

async function compute(symbol: string, days: readonly string[]): Promise<void> {
  await computeFeatures(store, { exchange: "simulated", symbols: [symbol], days, barUs: BAR_US });
}

async function* inOneBatch<Batch>(batch: Batch): AsyncGenerator<Batch> {
  yield batch;
}

/** Changes a day's stored table as no computation would. */
async function spoil(
  day: SymbolDay,
  change: (columns: Record<string, Float64Array>, valid: BigUint64Array) => void,
): Promise<void> {
  const folder = featuresFolder(day, BAR_US);
  const { manifest, columns } = await readDerived(store, folder);
  change(columns as Record<string, Float64Array>, columns["valid"] as BigUint64Array);
  await writeDerived(store, folder, columns, manifest.origin);
}

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), "tickbook-check-"));
  store = await openStore(root);
  for (const place of [0, 1] as const) {
    await storeMarket(store, dayOf("WHOLE", place), half(MARKET, place));
    await storeMarket(store, dayOf("TAPE", place), { trades: half(MARKET, place).trades });
    await storeMarket(store, dayOf("SPOILT", place), half(MARKET, place));
  }
  for (const symbol of ["WHOLE", "TAPE", "SPOILT"]) await compute(symbol, DAYS);
  checks = await checkFeatures(store, WHOLE, BAR_US);
});

afterAll(async () => {
  await store.close();
  await rm(root, { recursive: true, force: true });
});

test("features as they are computed have no fault, and every row is accounted for", () => {
  expect(checks.findings.filter(({ severity }) => severity === "fault")).toEqual([]);
  expect(checks.overall.map(({ name }) => name)).toEqual(FEATURES.map(({ name }) => name));
  for (const { rows, values, missing } of checks.overall) {
    expect(rows).toBe(checks.rows);
    expect(values + MISSING_CAUSES.reduce((sum, cause) => sum + missing[cause], 0)).toBe(rows);
  }
  expect(checks).toMatchObject({ bar: "1s", horizons: [1, 5, 15, 60], latencyMs: 500 });
  expect(checks.symbols).toMatchObject([{ symbol: "WHOLE", price: "mid", rows: checks.rows }]);
});

test("the second day of a stream has warmed up with the first, asked for or not", async () => {
  const first = await symbolColumns(store, WHOLE[0]!, [DAYS[0]], BAR_US);
  const second = await symbolColumns(store, WHOLE[0]!, [DAYS[1]], BAR_US);
  const both = await symbolColumns(store, WHOLE[0]!, DAYS, BAR_US);
  const at = first.barEndUs.length;
  for (const name of [
    "sinceTrade",
    "sinceBook",
    "sinceMidnight",
    "quietBars",
    "bookBars",
  ] as const) {
    expect([...both.ages[name]]).toEqual([...first.ages[name], ...second.ages[name]]);
  }
  expect(second.ages.sinceTrade[0]).toBe(at);
  expect([second.ages.sinceMidnight[0], second.ages.sinceMidnight[30]]).toEqual([0, 30]);
  expect(first.ages.sinceMidnight.every((age) => age === -1)).toBe(true);
  const alone = (await checkFeatures(store, [WHOLE[1]!], BAR_US)).overall;
  expect(alone.find(({ name }) => name === "log_ret_240")!.missing["warm-up"]).toBe(0);
  const session = alone.find(({ name }) => name === "vwap_dev_session")!;
  expect(session.missing).toMatchObject({ "warm-up": 30, undefined: 0 });
});

test("a day whose day before is not there begins a stream", async () => {
  await storeMarket(store, dayOf("LATE", 1), half(MARKET, 1));
  await compute("LATE", [DAYS[1]]);
  const { overall } = await checkFeatures(store, [dayOf("LATE", 1)], BAR_US);
  const missing = overall.find(({ name }) => name === "log_ret_240")!.missing;
  const first = (await symbolColumns(store, dayOf("LATE", 1), [DAYS[1]], BAR_US)).ages.sinceTrade;
  // Whatever comes before the first trade waits for it.
  const before = first.indexOf(0);
  expect(missing).toMatchObject({ "warm-up": before + 240, undefined: 0 });
});

test("a trade tape is compared with its closes, without a delayed coefficient, and lacks the book by source", async () => {
  const days = [dayOf("TAPE", 0), dayOf("TAPE", 1)];
  const tape = await checkFeatures(store, [...days, ...WHOLE], BAR_US);
  const symbol = tape.symbols.find((one) => one.symbol === "TAPE")!;
  expect(symbol.price).toBe("close");
  for (const { name, rows, missing, coefficients } of symbol.features) {
    const needsBook = FEATURES.find((one) => one.name === name)!.inputs.includes("book");
    expect([name, missing.source]).toEqual([name, needsBook ? rows : 0]);
    expect(coefficients.every(({ afterLatency }) => afterLatency === null)).toBe(true);
  }
  // Over all symbols, rows add up and coefficients are the mean of those that have one.
  const overall = (name: string): (typeof tape.overall)[number] =>
    tape.overall.find((one) => one.name === name)!;
  const of = (place: number, name: string): number =>
    tape.symbols[place]!.features.find((one) => one.name === name)!.coefficients[0]!.now.value;
  expect(overall("tfi").rows).toBe(tape.rows);
  expect(overall("tfi").coefficients[0]!.now!.value).toBeCloseTo(
    (of(0, "tfi") + of(1, "tfi")) / 2,
    12,
  );
  expect(overall("obi_l1").coefficients[0]!.now!.value).toBe(of(1, "obi_l1"));
  expect(overall("tfi").coefficients[0]!.afterLatency).not.toBeNull();
});

test("delayed coefficients are of the mids in force a latency after each bar, and of no other", async () => {
  const day = [dayOf("WHOLE", 0)];
  const options = { horizons: [5], latencyUs: 300_000 };
  const [symbol] = (await checkFeatures(store, day, BAR_US, options)).symbols;
  const { barEndUs, mid, values } = await symbolColumns(store, day[0]!, [DAYS[0]], BAR_US);
  const late = barEndUs.map((end) => end + 300_000);
  const sampled = await sampleMids(late, [{ bookChanges: inOneBatch(MARKET.bookChanges) }]);
  const found = symbol!.features.find(({ name }) => name === "obi_l1")!.coefficients[0]!;
  const horizon = { horizonBars: 5, barUs: BAR_US };
  const expected = (price: Float64Array): number =>
    informationCoefficient(values["obi_l1"]!, futureReturns(price, barEndUs, horizon), horizon)
      .value;
  expect(found.now.value).toBe(expected(mid));
  expect(found.afterLatency!.value).toBe(expected(sampled.mid));
  expect(found.afterLatency!.value).not.toBe(found.now.value);
});

test("values out of range, wrong bits, a constant, a copy and the future itself are found, by name", async () => {
  const columns = await symbolColumns(store, WHOLE[0]!, DAYS, BAR_US);
  const at = { [DAYS[0]]: 0, [DAYS[1]]: columns.days[1]!.from };
  for (const place of [0, 1] as const) {
    await spoil(dayOf("SPOILT", place), (stored, valid) => {
      stored["rsi_14"]![500 * (1 - place)] = 1.5;
      stored["tfi"]![3] = Number.POSITIVE_INFINITY;
      valid[4]! ^= 1n << 8n;
      stored["ofi_norm"]!.fill(0.25);
      stored["obi_l5"]!.set(stored["obi_l1"]!);
      // The mid of the bar after.
      const mids = columns.mid.subarray(at[DAYS[place]]! + 1);
      stored["cvd_z"] = stored["mid"]!.map((mid, row) => {
        return Math.max(Math.min(1e4 * Math.log((mids[row] ?? Number.NaN) / mid), 8), -8);
      });
    });
  }
  const spoilt = await checkFeatures(store, [dayOf("SPOILT", 1), dayOf("SPOILT", 0)], BAR_US);
  const found = spoilt.findings.map(
    ({ severity, check, feature }) => `${severity} ${check} ${feature}`,
  );
  expect(found).toEqual(
    expect.arrayContaining([
      "fault range rsi_14",
      "fault range tfi",
      "fault mask log_ret_240",
      "fault constancy ofi_norm",
      "fault mask cvd_z",
      "review duplicate obi_l5",
      "review information cvd_z",
    ]),
  );
  expect(spoilt.findings.every(({ symbol }) => symbol === "SPOILT")).toBe(true);
  const severities = spoilt.findings.map(({ severity }) => severity);
  expect(severities.lastIndexOf("fault")).toBeLessThan(severities.indexOf("review"));
});

test("one bar, no values and no days are checked like any others", async () => {
  const one = { trades: slice(MARKET.trades, 0, 2) };
  await storeMarket(store, dayOf("ONE", 0), one);
  await compute("ONE", [DAYS[0]]);
  await spoil(dayOf("ONE", 0), (stored, valid) => {
    for (const { name } of FEATURES) stored[name]!.fill(Number.NaN);
    valid.fill(3n << 53n);
  });
  const single = await checkFeatures(store, [dayOf("ONE", 0)], BAR_US);
  expect(single.findings.filter(({ severity }) => severity === "fault")).toEqual([]);
  expect(single.overall.every(({ least, largest }) => least === null && largest === null)).toBe(
    true,
  );
  expect(JSON.parse(JSON.stringify(single)).symbols[0].features[0].drift).toBeNull();
  const none = await checkFeatures(store, [], BAR_US);
  expect(none).toMatchObject({ rows: 0, symbols: [], findings: [] });
  expect(none.overall).toHaveLength(FEATURES.length);
});

test("a day whose features are not stored is an error that names the table", async () => {
  const day = { ...dayOf("WHOLE", 0), date: "2001-01-01" };
  await expect(checkFeatures(store, [day], BAR_US)).rejects.toThrow(/features/);
});
