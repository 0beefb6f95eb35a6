// What did a run's closed trades earn, and how sure is that?
import {
  blockLengthUs,
  type Uncertainty,
  weightedBlockBootstrap,
} from "../../core/block-bootstrap.js";
import { DIFFERENCE } from "../../core/figure-range.js";
import type { Interval } from "../../core/interval.js";
import { dateOf } from "../../core/time.js";
import { weightedSum } from "../../core/weighted-sum.js";
import { wilsonInterval } from "../../core/wilson-interval.js";
import type { TradeRecord } from "../records.js";
import { effectiveTrades } from "./effective-trades.js";

/** Figures of the trades that count. */
export interface TradeFigures {
  /** Opened on days that the model has not seen, and closed. */
  readonly trades: number;
  /** Left out: opened on a day that the model was trained, calibrated or tested on. */
  readonly leftOut: number;
  /** Independent bets that the trades are worth. */
  readonly effective: number;
  /** UTC days on which one was opened. */
  readonly days: number;
  /** Share of trades that earned more than their fees, with Wilson's interval over the effective ones. */
  readonly winRate: Interval;
  /** Earned by winners over lost by losers, after fees; its interval by resampled blocks of time. */
  readonly profitFactor: Interval;
  readonly profitUsd: number;
  /** Means after fees; NaN without one. */
  readonly winUsd: number;
  readonly lossUsd: number;
  /** Mean of the value at opening. */
  readonly valueUsd: number;
}

/** What judging takes besides the trades. */
export interface TradeOptions {
  /** Trades that were opened earlier are left out. */
  readonly fromUs: number;
  readonly barUs: number;
  readonly horizonBars: number;
  readonly seed: number;
}

/** Figures of closed trades. */
export function tradeFigures(
  all: readonly TradeRecord[],
  { fromUs, barUs, horizonBars, seed }: TradeOptions,
): TradeFigures {
  const trades = all.filter(({ openedUs }) => openedUs >= fromUs);
  const profits = Float64Array.from(trades, ({ profitUsd }) => profitUsd);
  const wins = profits.filter((profit) => profit > 0);
  const losses = profits.filter((profit) => profit <= 0);
  const effective = effectiveTrades(trades);
  const rate = wins.length / trades.length;
  const timeUs = Float64Array.from(trades, ({ openedUs }) => openedUs);
  const blockUs = blockLengthUs({ barUs, horizonBars }, timeUs);
  return {
    trades: trades.length,
    leftOut: all.length - trades.length,
    effective,
    days: new Set(trades.map(({ openedUs }) => dateOf(openedUs))).size,
    winRate:
      trades.length === 0 ? wilsonInterval(0, 0) : wilsonInterval(rate * effective, effective),
    profitFactor: profitFactor(profits, timeUs, { blockUs, barUs, seed }),
    profitUsd: sum(profits),
    winUsd: sum(wins) / wins.length,
    lossUsd: -sum(losses) / losses.length,
    valueUsd: trades.reduce((all, { openValueUsd }) => all + openValueUsd, 0) / trades.length,
  };
}

/**
 * G / L of gains G and losses L. Resampled is (G − L) / (G + L), which lies between −1 and 1 and is defined also where a resample has
 * no loss; its ends are those of the factor, (1 + s) / (1 − s).
 */
function profitFactor(
  profits: Float64Array,
  timeUs: Float64Array,
  options: { readonly blockUs: number; readonly barUs: number; readonly seed: number },
): Interval {
  const absolute = profits.map(Math.abs);
  const { share } = weightedBlockBootstrap<"share">(
    timeUs,
    (weight) => ({ share: weightedSum(weight, profits) / weightedSum(weight, absolute) }),
    { ...options, rangeOf: () => DIFFERENCE, replicates: 1000 },
  );
  const factor = (end: keyof Uncertainty): number => (1 + share[end]) / (1 - share[end]);
  return { estimate: factor("estimate"), lower: factor("lower"), upper: factor("upper") };
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
