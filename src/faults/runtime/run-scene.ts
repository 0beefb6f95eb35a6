import path from "node:path";
import { DAY_US, dateOf, dayStartUs, MINUTE_US, SECOND_US } from "../../core/time.js";
import { catalogueHash } from "../../features/catalogue.js";
import {
  rowsBefore,
  START_US,
  slice,
  storeMarket,
  syntheticMarket,
} from "../../features/test-market.js";
import { PROFILE_BINS } from "../../models/input-profile.js";
import { storeFeed } from "../../runtime/feed/store-feed.js";
import { streamFeed } from "../../runtime/feed/stream-feed.js";
import type { LiveRequest } from "../../runtime/live-run.js";
import type { MarketStart } from "../../runtime/loop/open-run.js";
import type { RunSettings } from "../../runtime/loop/run-settings.js";
import type { LiveModel } from "../../runtime/signal/live-model.js";
import { SIGNAL_SETTINGS } from "../../runtime/signal/signal.js";
import {
  type ExchangeServer,
  startExchangeServer,
} from "../../simulate/exchange/exchange-server.js";
import { openStore, type Store } from "../../store/store.js";
import type { BookChanges, Trades } from "../../store/tables.js";
import type { PortfolioSettings } from "../../trading/portfolio.js";
import { RULES_PRESETS } from "../../trading/rules/account-rules.js";
import { GUARD_SETTINGS } from "../../trading/rules/guard.js";
import { mirrorMarket } from "./mirror-market.js";

/** A stored market of two symbols around a midnight that ends a day of the account. */
export interface RunScene {
  /** Root of the store with its days. */
  readonly store: string;
  /** The same days as dataset files. */
  readonly mirror: string;
  readonly bars: number;
  readonly barUs: number;
}

/** Name of every run of the campaigns; each has a root and a database of its own. */
export const RUN = "stopped";

const SYMBOLS: readonly string[] = ["BTCUSDT", "ETHUSDT"];
const EXCHANGE = "simulated";
/** Whose protocol the exchange speaks that plays them. */
const WORDS = "coinbase";
const DAYS: readonly string[] = ["2024-10-03", "2024-10-04"];

/** From where the markets begin to midnight. */
const BEFORE_MIDNIGHT_US = 10 * MINUTE_US;

/** Bars between two breaks of the market. */
const BREAK_BARS = 30;

/**
 * Writes the markets of a scene, as a store and as files. Two of three bars lie before midnight.
 *
 * @param folder - for both
 * @param options.bars - a multiple of 3; 600 s hold two thirds of them exactly
 */
export async function makeRunScene(
  folder: string,
  { seed, bars }: { readonly seed: number; readonly bars: number },
): Promise<RunScene> {
  const barUs = BEFORE_MIDNIGHT_US / ((2 * bars) / 3);
  const [store, mirror] = [path.join(folder, "store"), path.join(folder, "mirror")];
  const opened = await openStore(store);
  try {
    for (const [i, symbol] of SYMBOLS.entries()) {
      const { trades, bookChanges } = syntheticMarket(seed + i, bars, { barUs });
      const midnightUs = START_US + BEFORE_MIDNIGHT_US;
      // Nothing arrives after a replay's last day.
      const endUs = START_US + bars * barUs;
      const within = <Table extends Trades | BookChanges>(table: Table, from: number, to: number) =>
        slice(table, rowsBefore(table, from), rowsBefore(table, to));
      const parts = [[START_US, midnightUs] as const, [midnightUs, endUs] as const].map(
        ([from, to]) => {
          return { trades: within(trades, from, to), bookChanges: within(bookChanges, from, to) };
        },
      );
      for (const [day, date] of DAYS.entries()) {
        const place = { exchange: EXCHANGE, symbol, date };
        await storeMarket(opened, place, parts[day]!);
        await mirrorMarket(mirror, place, parts[day]!);
      }
    }
  } finally {
    await opened.close();
  }
  return { store, mirror, bars, barUs };
}

/**
 * What a run over a scene is driven with, besides its root, its database and whoever stands before its parts.
 *
 * @param url - of the exchange that plays the scene; left out for a replay of the store
 */
export function requestOf(
  scene: RunScene,
  store: Store,
  url?: string,
): Pick<
  LiveRequest,
  "settings" | "model" | "feed" | "source" | "starts" | "beginUs" | "untilUs" | "monitor"
> {
  const start: MarketStart = {
    engine: { barUs: scene.barUs, staleAfterUs: 3 * scene.barUs },
    source: { hasTrades: true, tag: "incremental_book_L2" },
    state: undefined,
    before: [],
    clock: [],
  };
  const settings = settingsOf(scene);
  const request = {
    settings,
    model: modelOf(scene),
    starts: SYMBOLS.map(() => start),
    beginUs: START_US,
    monitor: {},
  };
  if (url !== undefined) {
    const source = streamFeed({ exchange: WORDS, symbols: SYMBOLS, url });
    // What it misses while it is away would keep it from trading, and there would be nothing to lose.
    const signal = { ...settings.signal, maxBookless: 1 };
    return { ...request, settings: { ...settings, signal }, feed: "stream", source };
  }
  const source = storeFeed(store, { exchange: EXCHANGE, days: DAYS });
  return { ...request, feed: "replay", source, untilUs: barEndUs(scene, scene.bars - 1) };
}

/** An exchange that plays a scene to whoever connects, once, `speed` times as fast as it was. */
export async function playScene(
  { mirror }: RunScene,
  { speed }: { readonly speed: number },
): Promise<ExchangeServer> {
  const [from, to] = [DAYS[0]!, dateOf(dayStartUs(DAYS.at(-1)!) + DAY_US)];
  const market = { folder: mirror, exchange: EXCHANGE, symbols: SYMBOLS, from, to };
  return await startExchangeServer({ ...market, protocol: WORDS, speed });
}

/** What a scene's account is traded with; its orders' costs do not matter to what is held. */
export function portfolioSettings(scene: RunScene): PortfolioSettings {
  const { feeBps, minimumOrderUsd, risk } = settingsOf(scene);
  const { horizonBars, barUs } = modelOf(scene);
  const capitalUsd = risk.rules.initialUsd;
  return {
    capitalUsd,
    symbols: SYMBOLS,
    feeBps,
    horizonBars,
    barUs,
    threshold: 0,
    minimumOrderUsd,
  };
}

/** End of a scene's bar, counted from 0, µs. */
export function barEndUs({ barUs }: RunScene, bar: number): number {
  return START_US + (bar + 1) * barUs;
}

/** Breaks that are closed for, losses that are cooled down after, and limits that are reached now and then. */
function settingsOf({ bars, barUs }: RunScene): RunSettings {
  const rules = RULES_PRESETS["ftmo-two-step"];
  const phases = rules.phases.map((phase) => ({ ...phase, flatBeforeBreakHours: 0 }));
  const breaks = Array.from({ length: Math.floor(bars / BREAK_BARS) }, (_, i) => {
    const fromUs = START_US + ((i + 0.8) * BREAK_BARS + 0.5) * barUs;
    return { fromUs, untilUs: fromUs + 3 * barUs };
  });
  const barsAMinute = MINUTE_US / barUs;
  return {
    run: RUN,
    mode: "paper",
    exchange: EXCHANGE,
    symbols: SYMBOLS,
    feeBps: 3.25,
    minimumOrderUsd: 5,
    signal: { ...SIGNAL_SETTINGS, maxSpreadBps: 1000, maxBookless: 0.5, maxExcess: 1000 },
    risk: {
      rules: { ...rules, timeZone: "UTC", phases, lots: {} },
      phase: rules.phases[0]!.name,
      guard: { ...GUARD_SETTINGS, breakMinutes: barUs / MINUTE_US },
      cooldown: { lossesInARow: 12, lossUsd: 0, windowMinutes: 0, bars: 4, barUs },
      costRatio: 5e-4,
      swapRatio: 1e-4,
      fundingRate: 1e-4,
      calendar: { newsUs: [], breaks },
    },
    limits: {
      ordersPerMinute: Math.round(1.5 * barsAMinute),
      ordersPerDay: 1e6,
      requestsPerMinute: 1000,
    },
  };
}

/** Reads two inputs, and is sure of one bar in two; nobody has promoted it. */
function modelOf({ barUs }: RunScene): LiveModel {
  const featureNames = ["obi_l1", "tfi"];
  const width = featureNames.length;
  const scaler = { mean: new Float64Array(width), deviation: new Float64Array(width).fill(1) };
  const model = { kind: "logistic", weights: Float64Array.of(1, 0.5), intercept: 0 } as const;
  return {
    name: "logistic@000000000000",
    exchange: EXCHANGE,
    symbols: SYMBOLS,
    barUs,
    horizonBars: 4,
    latencyUs: Math.min(0.2 * barUs, SECOND_US / 2),
    predictor: {
      ...{ featureNames, scaler, model },
      calibrator: { kind: "temperature", temperature: 1 },
    },
    profile: {
      ...{ featureNames, scaler, threshold: 0.1 },
      edges: new Float64Array(width * (PROFILE_BINS - 1)),
      counts: new Float64Array(width * PROFILE_BINS).fill(1),
      distanceLimit: 8,
      shiftLimit: Number.POSITIVE_INFINITY,
    },
    steps: 1,
    bundleSha256: "0".repeat(64),
    catalogueHash: catalogueHash(),
    promotedEntry: null,
  };
}

/** Folder of a run's files. */
export function runFolder(root: string): string {
  return path.join(root, "runtime", RUN);
}
