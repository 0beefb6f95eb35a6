// How would figures of money scatter if the market were lived again? Stretches of the test are drawn and traded in a row.

import {
  type BlockBootstrapOptions,
  type Bootstrapped,
  REPLICATES,
  scatter,
  uncertainty,
} from "../core/block-bootstrap.js";
import { effectiveRows } from "../core/effective-sample-size.js";
import { fewBlocksWidening } from "../core/few-blocks.js";
import { POSITIVE, type Range } from "../core/figure-range.js";
import { seededRandom } from "../core/random.js";
import { DAY_US } from "../core/time.js";
import type { Backtest, BacktestLadder, LadderRung } from "./backtest-ladder.js";
import type { EquitySeries } from "./equity-series.js";

/** Figures of money that are made of bars; `TradingFigures` says what each is. */
const NAMES = [
  "grossReturn",
  "netReturn",
  "turnoverADay",
  "sideCostBps",
  "breakEvenCostBps",
  "maxDrawdown",
] as const;

type Name = (typeof NAMES)[number];

const RANGES: Readonly<Partial<Record<Name, Range>>> = {
  turnoverADay: POSITIVE,
  maxDrawdown: POSITIVE,
};

/** Each with its interval and the independent bars it rests on. A Sharpe ratio has an interval of its own, by days. */
export interface TradingIntervals extends Readonly<Record<Name, Bootstrapped>> {
  /** Net return less that of the rung before, over the same resamples; absent for the first. */
  readonly overPrevious?: Bootstrapped;
}

/** A rung with its intervals. */
export interface JudgedRung extends LadderRung {
  readonly intervals: TradingIntervals;
}

/** A backtest with its intervals. */
export interface JudgedBacktest extends Backtest {
  readonly intervals: TradingIntervals;
}

/** The friction ladder with intervals. */
export interface JudgedLadder extends Omit<BacktestLadder, "rungs"> {
  readonly rungs: readonly JudgedRung[];
}

/** What each bar added. */
type Added = Readonly<Record<"gross" | "net" | "turnover", Float64Array>>;

/**
 * Adds intervals to the rungs of the friction ladder. Blocks of bars are drawn, all symbols of a bar together, and laid in a row, so that
 * a fall from a peak can be measured on each of these paths too: how deep it would be over as many bars of such a market.
 * Positions are those that were held, so that costs at the seams are not paid again.
 *
 * @returns an interval is NaN where a resample's figure is
 */
export function judgedLadder(ladder: BacktestLadder, options: BlockBootstrapOptions): JudgedLadder {
  const intervals = tradingIntervals(
    ladder.rungs.map(({ equity }) => equity),
    options,
  );
  const rungs = ladder.rungs.map((rung, i) => ({ ...rung, intervals: intervals[i]! }));
  return { ...ladder, rungs };
}

/**
 * Intervals of ways to trade the same rows, the most ideal first.
 *
 * @param equities - of the same bars
 */
export function tradingIntervals(
  equities: readonly EquitySeries[],
  options: BlockBootstrapOptions,
): readonly TradingIntervals[] {
  const bars = equities[0]?.timeUs.length ?? 0;
  const added = equities.map(({ gross, net, turnover }) => {
    return { gross: steps(gross), net: steps(net), turnover: steps(turnover) };
  });
  const figures = (path: Uint32Array): Record<string, number> => flat(added, path, options.barUs);
  const estimate = figures(Uint32Array.from({ length: bars }, (_, i) => i));
  const { replicates = REPLICATES } = options;
  const blockBars = Math.max(1, Math.round(options.blockUs / options.barUs));
  const { seed } = options;
  const blocks = drawn(figures, Object.keys(estimate), { bars, blockBars, replicates, seed });
  const singles = { bars, blockBars: 1, replicates: Math.ceil(replicates / 2), seed };
  const single = drawn(figures, Object.keys(estimate), singles);
  const widening = fewBlocksWidening(bars / blockBars);
  const judged = (key: string, range?: Range): Bootstrapped => {
    const figure = uncertainty(estimate[key]!, blocks[key]!, { widening, range });
    const rowError = scatter(single[key]!);
    const errors = { rowError, blockError: figure.standardError, horizonBars: 1 };
    return { ...figure, effectiveRows: effectiveRows(bars, errors) };
  };
  return equities.map((_, rung) => ({
    ...(Object.fromEntries(
      NAMES.map((name) => [name, judged(`${rung} ${name}`, RANGES[name])]),
    ) as Record<Name, Bootstrapped>),
    ...(rung === 0 ? {} : { overPrevious: judged(`${rung} over`) }),
  }));
}

/** All rungs' figures of a path, in one record. */
function flat(added: readonly Added[], path: Uint32Array, barUs: number): Record<string, number> {
  const all: Record<string, number> = {};
  let above = Number.NaN;
  added.forEach((rung, i) => {
    const figures = figuresOf(rung, path, barUs);
    for (const name of NAMES) all[`${i} ${name}`] = figures[name];
    if (i > 0) all[`${i} over`] = figures.netReturn - above;
    above = figures.netReturn;
  });
  return all;
}

function figuresOf(added: Added, path: Uint32Array, barUs: number): Readonly<Record<Name, number>> {
  let [gross, net, turnover, peak, maxDrawdown] = [0, 0, 0, 0, 0];
  for (const bar of path) {
    gross += added.gross[bar]!;
    net += added.net[bar]!;
    turnover += added.turnover[bar]!;
    peak = Math.max(peak, net);
    maxDrawdown = Math.max(maxDrawdown, peak - net);
  }
  return {
    grossReturn: gross,
    netReturn: net,
    turnoverADay: turnover / ((path.length * barUs) / DAY_US),
    sideCostBps: (1e4 * (gross - net)) / turnover,
    breakEvenCostBps: (1e4 * gross) / turnover,
    maxDrawdown,
  };
}

/** Differences of a running sum. */
function steps(sums: Float64Array): Float64Array {
  return sums.map((sum, i) => (i === 0 ? sum : sum - sums[i - 1]!));
}

/**
 * Figures of so many circular block resamples of the bars, in the order in which they were drawn.
 *
 * @see Politis & Romano (1992), A Circular Block-Resampling Procedure for Stationary Data
 */
function drawn(
  figures: (path: Uint32Array) => Readonly<Record<string, number>>,
  names: readonly string[],
  {
    bars,
    blockBars,
    replicates,
    seed,
  }: {
    readonly bars: number;
    readonly blockBars: number;
    readonly replicates: number;
    readonly seed: number;
  },
): Readonly<Record<string, Float64Array>> {
  const random = seededRandom(seed, `paths of blocks of ${blockBars} bars`);
  const path = new Uint32Array(bars);
  const draws = Object.fromEntries(
    names.map((name) => [name, new Float64Array(replicates).fill(Number.NaN)]),
  );
  for (let k = 0; k < replicates && bars > 0; k++) {
    for (let from = 0; from < bars; from += blockBars) {
      const start = random.below(bars);
      const end = Math.min(bars, from + blockBars);
      for (let i = from; i < end; i++) path[i] = (start + i - from) % bars;
    }
    const found = figures(path);
    for (const name of names) draws[name]![k] = found[name]!;
  }
  return draws;
}
