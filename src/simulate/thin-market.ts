// The simulated market with few events a day: its hidden days, shown by some thousand rows each.
import { type Random, seededRandom } from "../core/random.js";
import { MINUTE_US } from "../core/time.js";
import type { MarketSources } from "../market/event-cursors.js";
import type { HiddenDay } from "./hidden-days.js";
import { marketOrders } from "./market-orders.js";
import {
  DAY_MINUTES,
  edgeSymbol,
  LATENCY_US,
  type MarketSettings,
  SYMBOL_SETTINGS,
  type SymbolSettings,
} from "./settings.js";
import { STATES_PER_MINUTE, type ThinStates, thinStates } from "./thin-states.js";

/** A fill here stands for so many of the full market, and is as large as all of them. */
const FILLS_SHARE = 4;
/**
 * Deviation of ln(amount) of an order. A quarter of the orders of deviation 0.72 makes a minute's volume as uncertain as
 * all of them of deviation 1.15: (e^σ² − 1)/n stays.
 */
const ORDER_SPREAD = 0.72;
const FEWEST_FILLS = 3;
/** Orders arrive between the minute's first book state and this long before its end. */
const LAST_ORDER_US: number = MINUTE_US - 5_000;
/** What happens on the exchange arrives so much later. */
const DELAY_US = 3_000;

/** Levels of each side that a row shows, and over how many of them the imbalance is kept. */
export const LEVELS = 25;
const IMBALANCE_LEVELS = 5;
const LARGEST_IMBALANCE = 0.92;
/** Rows of a batch: an hour. */
const BATCH_ROWS: number = 60 * STATES_PER_MINUTE;
/** Prices whose levels differ in size, before the pattern comes again. */
const PATTERN = 1024;

/** A day's events as a replay takes them: trades, and a book that is made of snapshots of 25 levels. */
export type ThinDay = Required<Pick<MarketSources, "trades" | "bookSnapshots">>;

/**
 * One symbol's day of few events: seven book states and about four trades a minute, that say what the full market says.
 * The traded imbalance of a minute is tanh(c·flow), that of the book tanh(c·flow + flicker), and the mids are the hidden
 * ones; volume, spread and depth follow the volatility. Everything else is drawn from a stream of its own, so that no
 * event carries other news of the price.
 *
 * @param day - what is hidden of the day
 * @param symbol - index of the symbol
 * @returns batches to be read once; the arrays of the book's are filled anew for each
 */
export function thinDay(
  day: HiddenDay,
  symbol: number,
  { seed, edge }: Pick<MarketSettings, "seed" | "edge">,
): ThinDay {
  const settings = edgeSymbol(SYMBOL_SETTINGS[symbol]!, edge);
  const random = seededRandom(seed, `thin/${settings.symbol}/${day.date}`);
  const states = thinStates(day, symbol, random);
  return {
    trades: [thinTrades(day, symbol, { settings, states, random })],
    bookSnapshots: snapshotBatches(day, symbol, { settings, states, random }),
  };
}

interface Shown {
  readonly settings: SymbolSettings;
  readonly states: ThinStates;
  readonly random: Random;
}

type TradeColumns = Record<"localTimestampUs" | "timestampUs" | "price" | "amount", number[]> & {
  readonly side: number[];
};

/** The day's trades, each at the touch that was shown last. */
function thinTrades(day: HiddenDay, symbol: number, { settings, states, random }: Shown) {
  const { tradeCount, tradeFlow, volatility } = day.symbols[symbol]!;
  const columns: TradeColumns = {
    localTimestampUs: [],
    timestampUs: [],
    side: [],
    price: [],
    amount: [],
  };
  const decimals = decimalsOf(settings);
  let row = 0;
  for (let minute = 0; minute < DAY_MINUTES; minute++) {
    const orders = marketOrders(random, {
      flow: tradeFlow[minute]!,
      fills: Math.max(FEWEST_FILLS, Math.round(tradeCount[minute]! / FILLS_SHARE)),
      medianLots: FILLS_SHARE * settings.orderLots * volatility[minute]! ** 0.3,
      spread: ORDER_SPREAD,
    });
    const gapUs = (LAST_ORDER_US - LATENCY_US) / orders.length;
    for (const [i, { side, fillLots }] of orders.entries()) {
      const offsetUs = minute * MINUTE_US + LATENCY_US + Math.ceil((i + random.uniform()) * gapUs);
      while (row + 1 < states.offsetUs.length && states.offsetUs[row + 1]! < offsetUs) row++;
      const ticks = side === 1 ? states.askTick[row]! : states.bidTick[row]!;
      for (const lots of fillLots) {
        columns.localTimestampUs.push(day.startUs + offsetUs);
        columns.timestampUs.push(day.startUs + offsetUs - DELAY_US);
        columns.side.push(side);
        columns.price.push(decimals.price(ticks));
        columns.amount.push(decimals.amount(lots));
      }
    }
  }
  return {
    localTimestampUs: Float64Array.from(columns.localTimestampUs),
    timestampUs: Float64Array.from(columns.timestampUs),
    side: Int8Array.from(columns.side),
    price: Float64Array.from(columns.price),
    amount: Float64Array.from(columns.amount),
  };
}

/** The book's states, an hour a batch. */
function* snapshotBatches(day: HiddenDay, symbol: number, { settings, states, random }: Shown) {
  const { volatility } = day.symbols[symbol]!;
  const sizes = levelSizes(random);
  const [bids, asks] = [new ShownSide(settings, sizes, -1), new ShownSide(settings, sizes, 1)];
  const localTimestampUs = new Float64Array(BATCH_ROWS);
  const timestampUs = new Float64Array(BATCH_ROWS);
  for (let first = 0; first < states.offsetUs.length; first += BATCH_ROWS) {
    for (let i = 0; i < BATCH_ROWS; i++) {
      const row = first + i;
      localTimestampUs[i] = day.startUs + states.offsetUs[row]!;
      timestampUs[i] = localTimestampUs[i]! - DELAY_US;
      const ratio = volatility[Math.floor(row / STATES_PER_MINUTE)]!;
      const levelLots = settings.levelLots * ratio ** -0.25;
      const asked = states.imbalance[row]!;
      const imbalance = Math.max(-LARGEST_IMBALANCE, Math.min(LARGEST_IMBALANCE, asked));
      bids.show(i, states.bidTick[row]!, levelLots, 1 + imbalance, 0.5 + random.uniform());
      asks.show(i, states.askTick[row]!, levelLots, 1 - imbalance, 0.5 + random.uniform());
    }
    yield {
      localTimestampUs,
      timestampUs,
      bidPrice: bids.price,
      bidAmount: bids.amount,
      askPrice: asks.price,
      askAmount: asks.amount,
    };
  }
}

/** Sizes of levels by price, beside the usual one. */
function levelSizes(random: Random): Float64Array {
  return Float64Array.from({ length: PATTERN }, () => Math.exp(0.45 * random.normal() - 0.1));
}

/** One side's columns, filled state by state. */
class ShownSide {
  readonly price: readonly Float64Array[];
  readonly amount: readonly Float64Array[];
  private readonly sizes: Float64Array;
  private readonly step: 1 | -1;
  private readonly decimals: Decimals;
  /** Lots of the levels of the state that is being made, beside the usual ones. */
  private readonly lots = new Float64Array(LEVELS);
  /** Levels are thinner near the touch. */
  private readonly shape = Float64Array.from(
    { length: LEVELS },
    (_, level) => 0.7 + 0.5 * Math.min(1, level / 5),
  );

  constructor(settings: SymbolSettings, sizes: Float64Array, step: 1 | -1) {
    const columns = (): readonly Float64Array[] =>
      Array.from({ length: LEVELS }, () => new Float64Array(BATCH_ROWS));
    this.price = columns();
    this.amount = columns();
    this.sizes = sizes;
    this.step = step;
    this.decimals = decimalsOf(settings);
  }

  /**
   * Fills in a state: each price has a size of its own, and the best levels have a sum of `share` times their usual one.
   *
   * @param touch - size of the best level beside what it would have
   */
  show(row: number, best: number, levelLots: number, share: number, touch: number): void {
    const { lots, shape, sizes, step, decimals } = this;
    let top = 0;
    for (let level = 0; level < LEVELS; level++) {
      lots[level] = shape[level]! * sizes[(best + step * level) & (PATTERN - 1)]!;
      if (level === 0) lots[level] = touch * lots[level]!;
      if (level < IMBALANCE_LEVELS) top += lots[level]!;
    }
    const scale = (levelLots * IMBALANCE_LEVELS * share) / top;
    for (let level = 0; level < LEVELS; level++) {
      const whole = Math.round((level < IMBALANCE_LEVELS ? scale : levelLots) * lots[level]!);
      this.price[level]![row] = decimals.price(best + step * level);
      this.amount[level]![row] = decimals.amount(Math.max(1, whole));
    }
  }
}

/** Prices and amounts as numbers. */
interface Decimals {
  readonly price: (ticks: number) => number;
  readonly amount: (lots: number) => number;
}

/** Each is the number that its decimal reads as: a quotient of whole numbers is the nearest one, a product with 0.04 is not. */
function decimalsOf({ tickUnits, priceDecimals, lotDecimals }: SymbolSettings): Decimals {
  // Powers are made once: they would take more time than all else.
  const [priceUnits, lotUnits] = [10 ** priceDecimals, 10 ** lotDecimals];
  return {
    price: (ticks) => (ticks * tickUnits) / priceUnits,
    amount: (lots) => lots / lotUnits,
  };
}
