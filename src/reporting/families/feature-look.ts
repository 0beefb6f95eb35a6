// Where in the data are families of features seen best?
import { isShortfall, type Shortfall } from "../../core/shortfall.js";
import { dateOf } from "../../core/time.js";
import { storedBookSource } from "../../features/feature-partition.js";
import { staleAfterUs } from "../../features/stale-after.js";
import { type Contract, contractOf } from "../../market/contract.js";
import type { Store } from "../../store/store.js";
import type { FeatureFrame } from "../features/feature-frame.js";
import { type MarketRange, symbolDays } from "../store-summary.js";
import { type BarRows, busiestBars, widestHours } from "./look-bars.js";
import { type LookTicks, lookTicks } from "./look-ticks.js";

/** One symbol's features, and the two stretches in which pictures show them. */
export interface FeatureLook {
  readonly frame: FeatureFrame;
  readonly contract: Contract;
  /** Four hours in which the price ranged far; fewer where there are fewer. */
  readonly hours: BarRows;
  /** Some minutes in which much was traded. */
  readonly minutes: BarRows;
  /** All that happened in those minutes. */
  readonly ticks: LookTicks;
}

/** Bars of a picture of ticks: the fewest that hold enough trades to see anything. */
const MINUTES: readonly number[] = [10, 30, 120];
const ENOUGH_TRADES = 200;

/**
 * Chooses where to look at the first symbol's features, and reads the ticks there.
 *
 * @throws {DataError} a partition is damaged
 */
export async function featureLook(
  store: Store,
  range: MarketRange,
  frames: readonly FeatureFrame[] | Shortfall,
): Promise<FeatureLook | Shortfall> {
  if (isShortfall(frames)) return frames;
  const frame = frames[0]!;
  const { exchange } = range;
  const hours = widestHours(frame);
  const contract = contractOf(exchange, frame.symbol);
  const how = {
    bookSource: await storedBookSource(store, symbolDays(range, frame.symbol)),
    staleAfterUs: staleAfterUs(exchange),
  };
  const at = async (bars: number): Promise<FeatureLook> => {
    const minutes = busiestBars(frame, bars);
    const day = { exchange, symbol: frame.symbol, date: dateOf(minutes.fromUs) };
    const ticks = await lookTicks(store, { day, window: minutes, ...how });
    return { frame, contract, hours, minutes, ticks };
  };
  let look = await at(MINUTES[0]!);
  for (const bars of MINUTES.slice(1)) {
    if (look.ticks.trades.timesUs.length >= ENOUGH_TRADES) break;
    look = await at(bars);
  }
  return look;
}
