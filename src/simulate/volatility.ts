import { type Random, seededRandom } from "../core/random.js";
import { DAY_MINUTES, SYMBOL_COUNT, SYMBOL_SETTINGS } from "./settings.js";

/** An Ornstein–Uhlenbeck part of the log volatility: half-life in minutes, standard deviation. */
const SLOW_COMMON = { halfLife: 600, deviation: 0.22 };
const SLOW_OWN = { halfLife: 400, deviation: 0.1 };
const FAST_COMMON = { halfLife: 15, deviation: 0.28 };
const FAST_OWN = { halfLife: 8, deviation: 0.2 };
const BURST = { perDay: 3, halfLife: 6, mean: 0.7 };
/** Keeps the mean ratio near 1: half the variance of the parts above, and the bursts' mean. */
const LOG_MEAN = -0.12;
const LOG_LIMIT = 2.1;

/**
 * Volatility of every minute beside its long-run mean: intraday pattern × slow regime × clustered part × bursts, partly
 * common to the symbols. It is drawn from a stream of its own and carries no sign.
 *
 * @param seed - the market's seed
 * @returns a function that gives the next day: one column of 1,440 ratios per symbol
 */
export function volatilityPath(seed: number): () => readonly Float64Array[] {
  const random = seededRandom(seed, "volatility");
  const slowCommon = meanReverting(random, SLOW_COMMON);
  const fastCommon = meanReverting(random, FAST_COMMON);
  const own = SYMBOL_SETTINGS.map(() => [
    meanReverting(random, SLOW_OWN),
    meanReverting(random, FAST_OWN),
  ]);
  const decay = 2 ** (-1 / BURST.halfLife);
  let burst = 0;
  return () => {
    const days = SYMBOL_SETTINGS.map(() => new Float64Array(DAY_MINUTES));
    for (let minute = 0; minute < DAY_MINUTES; minute++) {
      burst *= decay;
      if (random.uniform() < BURST.perDay / DAY_MINUTES) burst += BURST.mean * random.exponential();
      const common = LOG_MEAN + intradayPattern(minute) + slowCommon() + fastCommon() + burst;
      for (let symbol = 0; symbol < SYMBOL_COUNT; symbol++) {
        const log = own[symbol]!.reduce((sum, part) => sum + part(), common);
        days[symbol]![minute] =
          SYMBOL_SETTINGS[symbol]!.volatilityRatio *
          Math.exp(Math.max(-LOG_LIMIT, Math.min(LOG_LIMIT, log)));
      }
    }
    return days;
  };
}

/** Log volatility by minute of the day: lively when Europe and America trade, quiet before Asia opens. */
function intradayPattern(minute: number): number {
  const turn = (2 * Math.PI * minute) / DAY_MINUTES;
  const peak = (2 * Math.PI * 870) / DAY_MINUTES;
  return 0.32 * Math.cos(turn - peak) + 0.14 * Math.cos(2 * (turn - 0.3 * Math.PI));
}

function meanReverting(
  random: Random,
  { halfLife, deviation }: { readonly halfLife: number; readonly deviation: number },
): () => number {
  const keep = 2 ** (-1 / halfLife);
  const noise = deviation * Math.sqrt(1 - keep * keep);
  let value = deviation * random.normal();
  return () => {
    value = keep * value + noise * random.normal();
    return value;
  };
}
