// A small market in memory, from events on, to plant leaks in.
import { seededRandom } from "../../core/random.js";
import { isShortfall } from "../../core/shortfall.js";
import { dayStartUs, MINUTE_US } from "../../core/time.js";
import { type AssemblySettings, assembleDataset } from "../../dataset/assemble-dataset.js";
import { DIRECTION } from "../../dataset/label-rule.js";
import type { Dataset, Fold } from "../../dataset/matrix.js";
import type { SymbolSeries } from "../../dataset/symbol-series.js";
import type { Pipeline } from "../../evaluation/canaries/pipeline.js";
import { type WalkMarket, walkMarket, walkSpan } from "../../evaluation/canaries/walk-market.js";
import { futureReturns } from "../../features/future-returns.js";
import { oneStream } from "../../features/row-parts.js";
import { COINS } from "../../market/contract.js";

/** What is drawn. */
export interface LeakMarketSettings {
  readonly seed: number;
  /** Of each of two symbols. */
  readonly bars: number;
  readonly horizonBars: number;
  /** Weight of the coming return, in its deviations, in the imbalance of the best levels; 0 is a market without edge. */
  readonly edge: number;
}

/** What a pipeline makes of a market. */
export interface LeakMarket {
  readonly dataset: Dataset;
  readonly folds: readonly Fold[];
}

/** First day of a market. */
export const DATE = "2024-03-01";

/** Its symbols. */
export const SYMBOLS: readonly string[] = ["BTCUSDT", "ETHUSDT"];
const LATENCY_US = 500_000;

/** Features that are warm within some hours. */
export const NAMES: readonly string[] = [
  ...["close", "log_ret_5", "log_ret_15", "ema_ratio_12", "rsi_14", "bb_pctb_20"],
  ...["obi_l1", "obi_l5", "ofi_norm", "tfi", "vwap_dev_bar", "quoted_spread_bps"],
];

/** The inputs of a dataset that tells where bars lie and how far prices move in them. */
const PLAIN = { close: 100, volume_ratio_60: 0 };

/**
 * Canaries walk with coins of their own: by those that made the market's prices, the sizes of its moves, which are sums of
 * neighbours, would foretell a walk.
 */
const OWN_SEEDS = 1e9;

/** Deviation of a bar's return, and how strongly and how long its logarithm wanders. */
const RETURN = 5e-4;
const WANDERING = 0.05;
const MEMORY = 0.995;

/**
 * A market of two symbols whose returns are a coin's, with volatility that comes in clusters, as a pipeline sees it.
 *
 * @throws {Error} it has too few bars for a fold
 */
export async function leakMarket(
  settings: LeakMarketSettings,
  pipeline: Pipeline,
): Promise<LeakMarket> {
  const assembly = assemblyOf(settings);
  const { barUs, horizonUs, latencyUs } = assembly;
  const series: SymbolSeries[] = [];
  for (const runs of leakEvents(settings)) {
    const names = [...new Set([...NAMES, ...Object.keys(PLAIN)])];
    const engine = { barUs, staleAfterUs: barUs - 1, contract: COINS } as const;
    const one = await pipeline.series(runs, { ...engine, names, latencyUs, horizonUs });
    series.push(informed(one, settings));
  }
  const dataset = pipeline.assemble(series, assembly);
  const folds = pipeline.split(dataset, {});
  if (isShortfall(folds)) throw new Error(`${settings.bars} bars were too few for a fold`);
  return { dataset, folds };
}

/** The events of both symbols, in gap-free runs; the bars begin with the day `DATE`. */
export function leakEvents(settings: LeakMarketSettings): WalkMarket["events"] {
  const plan = assembleDataset(
    SYMBOLS.map((symbol) => calendar(settings, symbol)),
    { ...assemblyOf(settings), names: [] },
  );
  return walkMarket(plan, walkSpan(plan), OWN_SEEDS + settings.seed).events;
}

function assemblyOf({ horizonBars }: LeakMarketSettings): AssemblySettings {
  return {
    exchange: "simulated",
    symbols: SYMBOLS,
    names: NAMES,
    barUs: MINUTE_US,
    horizonUs: horizonBars * MINUTE_US,
    latencyUs: LATENCY_US,
    labelKind: "mid",
    labelRule: DIRECTION,
  };
}

/** Bars and sizes of moves, from which a walk is made. */
function calendar({ seed, bars }: LeakMarketSettings, symbol: string): SymbolSeries {
  const random = seededRandom(seed, `calendar of ${symbol}`);
  const startUs = dayStartUs(DATE);
  let logVolatility = 0;
  let log = 0;
  const price = Float64Array.from({ length: bars }, () => {
    logVolatility = MEMORY * logVolatility + WANDERING * random.normal();
    log += RETURN * Math.exp(logVolatility) * random.normal();
    return PLAIN.close * Math.exp(log);
  });
  return {
    barEndUs: price.map((_, bar) => startUs + (bar + 1) * MINUTE_US),
    mid: price,
    values: Object.fromEntries(
      Object.entries(PLAIN).map(([name, value]) => [name, new Float64Array(bars).fill(value)]),
    ),
    valid: new BigUint64Array(bars),
    parts: [oneStream(bars, "incremental_book_L2")],
    verdict: Array.from(price, () => "good"),
    bookSource: "incremental_book_L2",
    entryPrice: price,
    halfSpreadBps: new Float64Array(bars).fill(1),
  };
}

/** The series of a market whose imbalance leans to where the price goes. */
function informed(series: SymbolSeries, { edge, horizonBars }: LeakMarketSettings): SymbolSeries {
  if (edge === 0) return series;
  const { barEndUs, entryPrice, values } = series;
  const coming = futureReturns(entryPrice, barEndUs, { horizonBars, barUs: MINUTE_US });
  const deviation = RETURN * Math.sqrt(horizonBars);
  const lean = (value: number, row: number): number =>
    Number.isNaN(coming[row]!) ? value : value + (edge * coming[row]!) / deviation;
  return { ...series, values: { ...values, obi_l1: values["obi_l1"]!.map(lean) } };
}
