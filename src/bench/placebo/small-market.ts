// A simulated market of few events a day, from its seed to the matrix that models are trained on, all in memory.
import { OptionError } from "../../core/errors.js";
import { SIMULATED_EXCHANGE } from "../../core/symbols.js";
import { DAY_US, dayStartUs, MINUTE_US } from "../../core/time.js";
import { assembleDataset } from "../../dataset/assemble-dataset.js";
import { columnsOf } from "../../dataset/column-sets.js";
import { DIRECTION } from "../../dataset/label-rule.js";
import type { Dataset } from "../../dataset/matrix.js";
import type { SymbolSeries } from "../../dataset/symbol-series.js";
import type { Truth } from "../../evaluation/ceilings.js";
import { catalogue } from "../../features/catalogue.js";
import { createFeatureEngine, type FeatureEngine } from "../../features/engine.js";
import { oneStream } from "../../features/row-parts.js";
import { Replay } from "../../market/replay.js";
import { midSampler, type SampledMids } from "../../market/sample-mids.js";
import { upProbabilities } from "../../simulate/ceilings.js";
import { type HiddenDay, hiddenDays } from "../../simulate/hidden-days.js";
import {
  EDGES,
  type Edge,
  HORIZON_MINUTES,
  LATENCY_US,
  SYMBOL_SETTINGS,
} from "../../simulate/settings.js";
import { thinDay } from "../../simulate/thin-market.js";

/** What makes a small market, and what is asked of it. */
export interface SmallMarketSettings {
  readonly edge: Edge;
  readonly days: number;
  /** How many of the market's symbols, in its own order. */
  readonly symbols: number;
  readonly barMinutes: number;
  /** One of the horizons that the simulator knows the true probabilities for. */
  readonly horizonMinutes: number;
}

/** A small market's matrix and the true probabilities at its rows. */
export interface SmallMarket {
  readonly dataset: Dataset;
  /** Left out where every probability is one half. */
  readonly truth?: Truth;
}

const FIRST_DAY = "2024-01-01";
const BOOK_SOURCE = "book_snapshot_25";

/**
 * Plays a market through the feature engine. Nothing was audited, since nothing can be wrong with it: all rows count as good.
 *
 * @throws {OptionError} a horizon without true probabilities
 */
export async function smallMarket(
  settings: SmallMarketSettings,
  seed: number,
): Promise<SmallMarket> {
  const { edge, days } = settings;
  requireHorizon(settings);
  const market = hiddenDays({ seed, edge, from: FIRST_DAY });
  const players = Array.from(
    { length: settings.symbols },
    (_, symbol) => new SymbolPlayer(symbol, settings, seed),
  );
  let today = market.next().value;
  for (let day = 0; day < days; day++) {
    const tomorrow = market.next().value;
    for (const player of players) await player.play(today, tomorrow);
    today = tomorrow;
  }
  const series = players.map((player) => player.series());
  const dataset = assembleDataset(series, {
    exchange: SIMULATED_EXCHANGE,
    symbols: SYMBOL_SETTINGS.slice(0, settings.symbols).map(({ symbol }) => symbol),
    names: columnsOf("full"),
    barUs: settings.barMinutes * MINUTE_US,
    horizonUs: settings.horizonMinutes * MINUTE_US,
    latencyUs: LATENCY_US,
    labelKind: "mid",
    labelRule: DIRECTION,
  });
  if (EDGES[edge].drift === 0) return { dataset };
  return { dataset, truth: joinTruths(players.map(({ truth }) => truth)) };
}

/** Features, prices and truth of one symbol, day after day. */
class SymbolPlayer {
  readonly truth: Truth;
  private readonly symbol: number;
  private readonly settings: SmallMarketSettings;
  private readonly seed: number;
  private readonly engine: FeatureEngine;
  private readonly replay: Replay;
  private readonly prices: SampledMids;
  private readonly barEndUs: Float64Array;
  private readonly mid: Float64Array;
  private readonly values: readonly Float64Array[];
  private readonly valid: BigUint64Array;
  private rows = 0;
  private day = 0;

  constructor(symbol: number, settings: SmallMarketSettings, seed: number) {
    this.symbol = symbol;
    this.settings = settings;
    this.seed = seed;
    const barUs = settings.barMinutes * MINUTE_US;
    const rows = (settings.days * DAY_US) / barUs;
    const column = (): Float64Array => new Float64Array(rows).fill(Number.NaN);
    const startUs = dayStartUs(FIRST_DAY);
    this.barEndUs = column().map((_, i) => startUs + (i + 1) * barUs);
    this.mid = column();
    this.values = catalogue().map(column);
    this.valid = new BigUint64Array(rows);
    this.truth = { oracleUp: column(), attainableUp: column() };
    this.engine = createFeatureEngine(
      ({ mid, values, valid }) => {
        const row = this.rows++;
        this.mid[row] = mid;
        this.valid[row] = valid;
        this.values.forEach((all, i) => {
          all[row] = values[i]!;
        });
      },
      { barUs, bookSource: BOOK_SOURCE },
    );
    const { engine } = this;
    const entryUs = this.barEndUs.map((time) => time + LATENCY_US);
    const prices = midSampler(entryUs, engine.book);
    this.prices = prices;
    const listener = {
      onTime: (localUs: number): void => {
        prices.onTime(localUs);
        engine.onTime(localUs);
      },
      onTrade: engine.onTrade,
      onBook: engine.onBook,
    };
    this.replay = new Replay(listener, { book: engine.book });
  }

  async play(today: HiddenDay, tomorrow: HiddenDay): Promise<void> {
    const { symbol, seed, settings } = this;
    await this.replay.run(thinDay(today, symbol, { seed, edge: settings.edge }));
    const day = this.day++;
    if (EDGES[settings.edge].drift === 0) return;
    const horizon = HORIZON_MINUTES.indexOf(settings.horizonMinutes);
    const { oracle, attainable } = upProbabilities(today, tomorrow, symbol, settings.edge);
    const bars = this.barEndUs.length / settings.days;
    for (let bar = 0; bar < bars; bar++) {
      const minute = (bar + 1) * settings.barMinutes - 1;
      this.truth.oracleUp[day * bars + bar] = oracle[horizon]![minute]!;
      this.truth.attainableUp[day * bars + bar] = attainable[horizon]![minute]!;
    }
  }

  /** Ends the stream. */
  series(): SymbolSeries {
    this.replay.finish();
    this.engine.finish();
    const { barEndUs, mid, valid, prices } = this;
    return {
      barEndUs,
      mid,
      values: Object.fromEntries(catalogue().map(({ name }, i) => [name, this.values[i]!])),
      valid,
      parts: [oneStream(barEndUs.length, BOOK_SOURCE)],
      verdict: Array.from(barEndUs, () => "good" as const),
      bookSource: BOOK_SOURCE,
      entryPrice: prices.mid,
      halfSpreadBps: prices.halfSpreadBps,
    };
  }
}

function joinTruths(truths: readonly Truth[]): Truth {
  const joined = (name: keyof Truth): Float64Array =>
    Float64Array.from(truths.flatMap((truth) => [...truth[name]]));
  return { oracleUp: joined("oracleUp"), attainableUp: joined("attainableUp") };
}

function requireHorizon({ horizonMinutes }: SmallMarketSettings): void {
  if (HORIZON_MINUTES.includes(horizonMinutes)) return;
  throw new OptionError({
    column: "horizonMinutes",
    message: `was ${horizonMinutes}, which the simulator knows no true probabilities for`,
    fix: `choose among ${HORIZON_MINUTES.join(", ")}`,
  });
}
