// What is a day of candles worth?
import { dayStartUs, HOUR_US } from "../../core/time.js";
import { candleFolder } from "../../store/candle-table.js";
import { readDerivedManifest } from "../../store/derived.js";
import { readManifest, type SymbolDay } from "../../store/read.js";
import { readCandles } from "../../store/read-candles.js";
import type { Store } from "../../store/store.js";
import type { Candles } from "../../store/tables.js";
import { tradeMinutes } from "../sources/tick-minutes.js";
import { candleContradiction } from "./candle-contradiction.js";
import type { CandleCheckResult } from "./candle-finding.js";
import { candleGap } from "./candle-gap.js";
import { candleMinutes } from "./candle-minutes.js";
import { candleOrder } from "./candle-order.js";
import { candleOutlier } from "./candle-outlier.js";
import type { CandleSettings } from "./candle-settings.js";
import { candleZeroVolume } from "./candle-zero-volume.js";
import { sourceMismatch } from "./source-mismatch.js";

/** What a check of candles gives, and the candles of each hour of the day. */
export interface CandleDayResult extends CandleCheckResult {
  readonly candlesByHour: Float64Array;
}

/**
 * Checks a day's candles by themselves and, where the store has trades of the same exchange and symbol, against those.
 *
 * @returns undefined when the store has no candles of the day
 * @throws {DataError} a partition is damaged
 */
export async function auditCandleDay(
  store: Store,
  day: SymbolDay,
  settings: CandleSettings,
): Promise<CandleDayResult | undefined> {
  if ((await readDerivedManifest(store, candleFolder(day))) === undefined) return undefined;
  const candlesByHour = new Float64Array(24);
  const results: CandleCheckResult[] = [];
  // A day's candles come in one batch: there are 1,440 minutes in it.
  for await (const candles of readCandles(store, day)) {
    results.push(checkCandles(candles, dayStartUs(day.date), settings));
    for (const startUs of candles.barStartUs) {
      candlesByHour[Math.floor((startUs - dayStartUs(day.date)) / HOUR_US)]!++;
    }
  }
  if (results.length === 0) results.push(candleGap(NO_CANDLES, dayStartUs(day.date), settings));
  const mismatch = await againstTrades(store, day, settings);
  return { ...joined(mismatch === undefined ? results : [...results, mismatch]), candlesByHour };
}

const NO_CANDLES = { barStartUs: new Float64Array(0) };

/** All checks of a day's candles that look at nothing else; `candles` in stored order. */
export function checkCandles(
  candles: Candles,
  dayUs: number,
  settings: CandleSettings,
): CandleCheckResult {
  return joined([
    candleGap(candles, dayUs, settings),
    candleOrder(candles, dayUs),
    candleContradiction(candles, dayUs, settings),
    candleOutlier(candles, dayUs, settings),
    candleZeroVolume(candles, dayUs, settings),
  ]);
}

async function againstTrades(
  store: Store,
  day: SymbolDay,
  settings: CandleSettings,
): Promise<CandleCheckResult | undefined> {
  const manifest = await readManifest(store, { ...day, type: "trades" });
  if (manifest === undefined || manifest.first === null || manifest.last === null) return undefined;
  const range = { exchange: day.exchange, symbol: day.symbol, days: [day.date] };
  const covered = [manifest.first.timestampUs, manifest.last.timestampUs] as const;
  const candles = await candleMinutes(store, range);
  return sourceMismatch(await tradeMinutes(store, range), candles, covered, settings);
}

function joined(results: readonly CandleCheckResult[]): CandleCheckResult {
  return {
    findings: results.flatMap(({ findings }) => findings),
    marks: results.flatMap(({ marks }) => marks),
  };
}
