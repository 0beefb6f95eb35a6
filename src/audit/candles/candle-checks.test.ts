import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DAY_US, dayStartUs, HOUR_US, MINUTE_US } from "../../core/time.js";
import type { MinuteCandles } from "../../market/exchange-minutes.js";
import type { Store } from "../../store/store.js";
import type { Candles } from "../../store/tables.js";
import { AUDIT_SETTINGS } from "../settings.js";
import {
  candlesOf,
  changed,
  DATE,
  filled,
  freshStore,
  randomTrades,
  rowsOf,
  START_US,
  storeCandles,
  storeTrades,
  ticksOf,
  without,
} from "../sources/test-sources.js";
import { auditCandleDay, checkCandles } from "./audit-candle-day.js";
import { candleContradiction } from "./candle-contradiction.js";
import type { CandleCheckResult } from "./candle-finding.js";
import { candleGap } from "./candle-gap.js";
import { candleOrder } from "./candle-order.js";
import { candleZeroVolume } from "./candle-zero-volume.js";
import { sourceMismatch } from "./source-mismatch.js";

const CANDLES = path.resolve(__dirname, "../../../../shared/market-data/candles");
const hasCandles = existsSync(CANDLES);
if (!hasCandles) console.warn(`skipped: no real candles at ${CANDLES}`);

const WHOLE_DAY = [START_US, START_US + DAY_US] as const;
const traded = candlesOf(randomTrades(30_000, { seed: 2 }));
const good = filled(traded);

function counts({ findings }: CandleCheckResult): Record<string, number> {
  return Object.fromEntries(findings.map(({ check, count }) => [check, count]));
}

const all = Array.from(good.barStartUs.keys());

test("whole and honest candles pass every check", () => {
  expect(good.barStartUs.length).toBe(1440);
  expect(checkCandles(good, START_US, AUDIT_SETTINGS.candles)).toEqual({ findings: [], marks: [] });
  expect(
    sourceMismatch(ticksOf(traded), traded, WHOLE_DAY, AUDIT_SETTINGS.candles).findings,
  ).toEqual([]);
});

test("every missing minute is counted, its runs are the spans, and an hour that lacks too many is bad", () => {
  const lacks = (i: number): boolean => i === 0 || (i >= 60 && i < 80) || i === 1439;
  const holey = rowsOf(
    good,
    all.filter((i) => !lacks(i)),
  );
  const { findings, marks } = candleGap(holey, START_US, AUDIT_SETTINGS.candles);
  expect(findings).toHaveLength(1);
  expect(findings[0]).toMatchObject({ check: "gap", type: "candles", count: 22, value: 1320 });
  expect(findings[0]!.spans).toEqual([
    [START_US, START_US + MINUTE_US],
    [START_US + HOUR_US, START_US + HOUR_US + 20 * MINUTE_US],
    [START_US + DAY_US - MINUTE_US, START_US + DAY_US],
  ]);
  expect(marks.map(({ hourUs, verdict }) => [(hourUs - START_US) / HOUR_US, verdict])).toEqual([
    [0, "usable"],
    [1, "bad"],
    [23, "usable"],
  ]);
  const none = candleGap({ barStartUs: new Float64Array(0) }, START_US, AUDIT_SETTINGS.candles);
  expect(counts(none)).toEqual({ gap: 1440 });
  expect(none.marks.every(({ verdict }) => verdict === "bad")).toBe(true);
});

test("a minute told twice is a duplicate, one that comes too late or from another day is out of order", () => {
  expect(counts(candleOrder(rowsOf(good, [0, 1, 1, 2]), START_US))).toEqual({ duplicate: 1 });
  expect(counts(candleOrder(rowsOf(good, [0, 2, 1, 3]), START_US))).toEqual({ order: 1 });
  expect(counts(candleOrder(rowsOf(good, [3, 2, 1, 0]), START_US))).toEqual({ order: 3 });
  const odd = { barStartUs: Float64Array.of(START_US - MINUTE_US, START_US, START_US + 1) };
  expect(counts(candleOrder(odd, START_US))).toEqual({ order: 2 });
});

test("candles that contradict themselves are bad, and many of them fatal", () => {
  const broken = (name: "high" | "low" | "open" | "volume", value: number): Candles => ({
    ...good,
    [name]: good[name].map((x, i) => (i === 700 ? value : x)),
  });
  for (const candles of [
    broken("high", 1),
    broken("low", 1e9),
    broken("open", Number.NaN),
    broken("volume", -1),
    broken("low", 0),
  ]) {
    const { findings, marks } = candleContradiction(candles, START_US, AUDIT_SETTINGS.candles);
    expect(findings).toMatchObject([{ check: "outlier", count: 1, isFatal: false }]);
    expect(findings[0]!.firstUs).toBe(START_US + 700 * MINUTE_US);
    expect(marks).toMatchObject([{ hourUs: START_US + 11 * HOUR_US, verdict: "bad" }]);
  }
  const swapped = { ...good, high: good.low, low: good.high };
  expect(candleContradiction(swapped, START_US, AUDIT_SETTINGS.candles).findings[0]!.isFatal).toBe(
    true,
  );
});

test("candles without volume are counted; one in an hour leaves it good", () => {
  const quiet = (isQuiet: (i: number) => boolean): Candles => ({
    ...good,
    volume: good.volume.map((x, i) => (isQuiet(i) ? 0 : x)),
  });
  const one = candleZeroVolume(
    quiet((i) => i === 10),
    START_US,
    AUDIT_SETTINGS.candles,
  );
  expect(counts(one)).toEqual({ "zero-volume": 1 });
  expect(one.marks).toEqual([]);
  const many = candleZeroVolume(
    quiet((i) => i < 30),
    START_US,
    AUDIT_SETTINGS.candles,
  );
  expect(many.marks).toMatchObject([{ hourUs: START_US, verdict: "usable" }]);
});

test("a candle that differs from its trades in any figure is a mismatch, also where nothing was traded", () => {
  const ticks = ticksOf(traded);
  const judge = (candles: MinuteCandles, covered = WHOLE_DAY): CandleCheckResult =>
    sourceMismatch(ticks, candles, covered, AUDIT_SETTINGS.candles);
  for (const figure of ["open", "high", "low", "close", "volume"]) {
    const off = changed(traded, (column, name) =>
      column.map((x, m) => (name === figure && m === 90 ? 1.02 * x : x)),
    );
    const { findings, marks } = judge(off);
    expect(findings).toMatchObject([{ check: "source-mismatch", count: 1, isFatal: false }]);
    expect(findings[0]!.spans).toEqual([[START_US + 90 * MINUTE_US, START_US + 91 * MINUTE_US]]);
    expect(marks).toMatchObject([{ hourUs: START_US + HOUR_US, verdict: "usable" }]);
    expect(judge(off, [START_US + 91 * MINUTE_US, START_US + DAY_US]).findings).toEqual([]);
  }
  const untraded = { ...ticks, trades: ticks.trades.map((n, m) => (m < 10 ? 0 : n)) };
  const found = sourceMismatch(untraded, traded, WHOLE_DAY, AUDIT_SETTINGS.candles);
  expect(found.findings[0]!.count).toBe(10);
  expect(found.marks).toMatchObject([{ verdict: "bad" }]);
  const missing = without(traded, (m) => m < 300);
  expect(judge(missing).findings).toEqual([]);
  const late = changed(traded, (column) => column.map((_, m) => column[m - 1] ?? Number.NaN));
  expect(judge(late).findings[0]!.isFatal).toBe(true);
});

describe("a stored day", () => {
  let store: Store;
  let remove: () => Promise<void>;
  beforeAll(async () => {
    ({ store, remove } = await freshStore());
  });
  afterAll(() => remove());

  test("is checked by itself, and against trades where they are stored", async () => {
    const market = { exchange: "coinbase", symbol: "BTC-USD" };
    const day = { ...market, date: DATE };
    expect(await auditCandleDay(store, day, AUDIT_SETTINGS.candles)).toBeUndefined();
    const off = changed(traded, (column, name) =>
      column.map((x, m) => (name === "close" && m === 90 ? traded.high[m]! * 1.0002 : x)),
    );
    const candles = without(off, (m) => m === 5);
    await storeCandles(store, day, candles);
    const alone = await auditCandleDay(store, day, AUDIT_SETTINGS.candles);
    expect(counts(alone!)).toEqual({ gap: 1, outlier: 1 });
    await storeTrades(store, market, randomTrades(30_000, { seed: 2 }));
    const beside = await auditCandleDay(store, day, AUDIT_SETTINGS.candles);
    expect(counts(beside!)).toEqual({ gap: 1, outlier: 1, "source-mismatch": 1 });
  });
});

describe.skipIf(!hasCandles)("real candles", () => {
  test.each(["BTC", "ETH"])(
    "Bitfinex %s-USD 2018: every missing minute is counted, and nothing else is wrong",
    (coin) => {
      const file = path.join(CANDLES, `bitfinex_${coin}-USD_1m_2018.csv.gz`);
      const rows = gunzipSync(readFileSync(file)).toString().trimEnd().split("\n").slice(1);
      const cells = rows.map((row) => row.split(",").map(Number));
      const startUs = dayStartUs("2018-01-01");
      const byDay = new Map<number, number[][]>();
      for (const row of cells) {
        const day = Math.floor((1e6 * row[0]! - startUs) / DAY_US);
        const own = byDay.get(day);
        if (own === undefined) byDay.set(day, [row]);
        else own.push(row);
      }
      let missing = 0;
      const others: string[] = [];
      for (let day = 0; day < 365; day++) {
        const dayUs = startUs + day * DAY_US;
        const own = byDay.get(day) ?? [];
        const { findings } = checkCandles(columnsOf(own), dayUs, AUDIT_SETTINGS.candles);
        for (const { check, count, detail } of findings) {
          if (check === "gap") missing += count;
          else others.push(`${check} ${detail}`);
        }
      }
      const minutes = new Set(cells.map(([time]) => time));
      expect(missing).toBe(365 * 1440 - minutes.size);
      expect(missing).toBeGreaterThan(5000);
      expect(others).toEqual([]);
    },
  );
});

/** Rows of a file in Coinbase's order: time, low, high, open, close, volume. */
function columnsOf(rows: readonly number[][]): Candles {
  const column = (at: number): Float64Array => Float64Array.from(rows, (row) => row[at]!);
  const barStartUs = column(0).map((time) => 1e6 * time);
  return {
    barStartUs,
    barEndUs: barStartUs.map((time) => time + MINUTE_US),
    low: column(1),
    high: column(2),
    open: column(3),
    close: column(4),
    volume: column(5),
  };
}
