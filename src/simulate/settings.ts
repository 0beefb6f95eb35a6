import { OptionError } from "../core/errors.js";

/** How much the hidden pressure moves the price: the committed markets. */
export const EDGE_NAMES = ["informative", "strong", "none"] as const;

/** One of the committed markets. */
export type Edge = (typeof EDGE_NAMES)[number];

/** What sets one market apart from another. */
export interface EdgeSettings {
  /** Minutes after which half of a pressure is gone. */
  readonly halfLifeMinutes: number;
  /** β: mean of a minute's return, in units of its volatility, per unit of pressure. */
  readonly drift: number;
  /** g: mean of a minute's flow, in units of its noise, per unit of pressure; shared evenly by trades and book. */
  readonly flow: number;
  /** How many times finer than usual the ticks are: a market of strong trends needs smaller steps to stay a market. */
  readonly finerTicks: number;
}

/** Fixed before any model was trained on them, and never tuned on a model's results. */
export const EDGES: Readonly<Record<Edge, EdgeSettings>> = {
  informative: { halfLifeMinutes: 45, drift: 0.1, flow: 0.6, finerTicks: 1 },
  strong: { halfLifeMinutes: 90, drift: 0.4, flow: 1, finerTicks: 2.5 },
  none: { halfLifeMinutes: 45, drift: 0, flow: 0.6, finerTicks: 1 },
};

/** How one symbol is quoted; amounts are counted in lots, prices in ticks. */
export interface SymbolSettings {
  readonly symbol: string;
  readonly startTicks: number;
  /** A tick in units of the last printed digit, and how many digits are printed after the point. */
  readonly tickUnits: number;
  readonly priceDecimals: number;
  readonly lotDecimals: number;
  /** Mean amount of a level near the touch, and median amount of a market order. */
  readonly levelLots: number;
  readonly orderLots: number;
  /** Volatility of a minute beside the market's mean. */
  readonly volatilityRatio: number;
}

/** The three symbols: BTC near 60,000 in ticks of 2.5, ETH near 2,400 in ticks of 0.1, SOL near 180 in ticks of 0.01. */
export const SYMBOL_SETTINGS: readonly SymbolSettings[] = [
  {
    symbol: "BTCUSDT",
    startTicks: 24_000,
    tickUnits: 25,
    priceDecimals: 1,
    lotDecimals: 4,
    levelLots: 20_000,
    orderLots: 800,
    volatilityRatio: 0.95,
  },
  {
    symbol: "ETHUSDT",
    startTicks: 24_000,
    tickUnits: 10,
    priceDecimals: 2,
    lotDecimals: 3,
    levelLots: 30_000,
    orderLots: 1_200,
    volatilityRatio: 1,
  },
  {
    symbol: "SOLUSDT",
    startTicks: 18_000,
    tickUnits: 10,
    priceDecimals: 3,
    lotDecimals: 2,
    levelLots: 40_000,
    orderLots: 1_600,
    volatilityRatio: 1.05,
  },
];

/** Lowest mid, in ticks, from which a day may begin: below it the grid is too coarse to be a market's. */
export const LEAST_TICKS = 1_500;

/** A symbol's settings in one of the markets: first price and volatility in ticks agree, the tick differs. */
export function edgeSymbol(settings: SymbolSettings, edge: Edge): SymbolSettings {
  const { finerTicks } = EDGES[edge];
  return {
    ...settings,
    startTicks: settings.startTicks * finerTicks,
    tickUnits: settings.tickUnits / finerTicks,
  };
}

/** How many symbols the market has, whichever of them are written. */
export const SYMBOL_COUNT: number = SYMBOL_SETTINGS.length;

/** Minutes of a day. */
export const DAY_MINUTES = 1440;

/** Horizons of the ceilings, in minutes. */
export const HORIZON_MINUTES: readonly number[] = [1, 5, 15, 30, 60];

/** Time from a bar's end to the start of the label's window. */
export const LATENCY_US = 500_000;

/** Correlation of the pressures of two symbols. */
export const PRESSURE_CORRELATION = 0.4;

/** Scale c of the observed imbalances: a minute's imbalance of traded volume is tanh(c·flow), of the book likewise. */
export const IMBALANCE_SCALE = 0.4;

/** What determines every byte of a market's days. */
export interface MarketSettings {
  readonly seed: number;
  readonly edge: Edge;
  /** First day, `yyyy-mm-dd`; the market starts there, so its days depend on it. */
  readonly from: string;
}

/** Where a symbol stands in the market's order. */
export function symbolIndex(symbol: string): number {
  const index = SYMBOL_SETTINGS.findIndex((settings) => settings.symbol === symbol);
  if (index >= 0) return index;
  throw new OptionError({
    column: "--symbols",
    message: `was "${symbol}", which the simulated market does not have`,
    fix: `choose among ${SYMBOL_SETTINGS.map((settings) => settings.symbol).join(", ")}`,
  });
}
