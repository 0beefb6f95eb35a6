// Is the effective spread of the mid before the trade? Then what the book does after a bar's trades changes none of it.
import { type Random, seededRandom } from "../../core/random.js";
import { dayStartUs, MINUTE_US } from "../../core/time.js";
import { walkBook } from "../../evaluation/canaries/walk-book.js";
import type { WalkPath } from "../../evaluation/canaries/walk-path.js";
import { FEATURES } from "../../features/catalogue.js";
import { createFeatureEngine, type FeatureEngine } from "../../features/engine.js";
import type { MarketListener } from "../../market/market-stream.js";
import { Replay } from "../../market/replay.js";
import type { BookChanges, Trades } from "../../store/tables.js";

const BARS = 200;
const TICK = 2 ** -6;

/** Where in a bar its only trade lies: after the first move of the book, and before the second. */
const TRADED = 0.5;

/** Most ticks that the book moves at once. */
const MOST_TICKS = 12;

/**
 * Bars whose effective spread is another where the book goes another way after the bar's trade, and comes back before the
 * next one.
 *
 * @param listenerOf - what is told the events in place of an engine
 * @returns the number of such bars, 0 where nothing of the future is in it, and how many there are in all
 */
export async function barsMovedByLaterBook(
  listenerOf: (engine: FeatureEngine) => MarketListener,
  seed: number,
): Promise<{ readonly moved: number; readonly bars: number }> {
  const random = seededRandom(seed, "later book");
  const early = Float64Array.from({ length: BARS }, () => 65_536 + random.below(MOST_TICKS));
  const later = (): Float64Array => early.map((tick) => tick - random.below(MOST_TICKS));
  const trades = oneTradeABar(early, random);
  const [one, other] = [later(), later()];
  const before = await effectiveSpreads(listenerOf, pathOf(early, one), trades, seed);
  const after = await effectiveSpreads(listenerOf, pathOf(early, other), trades, seed);
  const moved = before.filter((value, bar) => !Object.is(value, after[bar])).length;
  return { moved, bars: before.length };
}

/** An engine that is told a trade only with the next state of the book, so that its mid is the one after the trade. */
export function toldWithNextBook(engine: FeatureEngine): MarketListener {
  const held: Parameters<MarketListener["onTrade"]>[] = [];
  return {
    onTime: (localUs) => engine.onTime(localUs),
    onTrade: (...trade) => {
      held.push(trade);
    },
    onBook: (localUs, book) => {
      engine.onBook(localUs, book);
      for (const trade of held.splice(0)) engine.onTrade(...trade);
    },
  };
}

function pathOf(early: Float64Array, late: Float64Array): WalkPath {
  const startUs = dayStartUs("2024-03-01");
  return {
    barEndUs: early.map((_, bar) => startUs + (bar + 1) * MINUTE_US),
    ...{ barUs: MINUTE_US, latencyUs: 500_000, tick: TICK, early, late },
    hasPrice: new Uint8Array(BARS).fill(1),
  };
}

function oneTradeABar(early: Float64Array, random: Random): Trades {
  const { barEndUs } = pathOf(early, early);
  const side = Int8Array.from(early, () => (random.uniform() < 0.5 ? 1 : -1));
  const localTimestampUs = barEndUs.map((endUs) => endUs - TRADED * MINUTE_US);
  return {
    localTimestampUs,
    timestampUs: localTimestampUs,
    side,
    price: early.map((tick, bar) => (tick + (side[bar] === 1 ? 1 : 0)) * TICK),
    amount: early.map(() => 0.1 + random.exponential()),
  };
}

async function effectiveSpreads(
  listenerOf: (engine: FeatureEngine) => MarketListener,
  path: WalkPath,
  trades: Trades,
  seed: number,
): Promise<readonly number[]> {
  const place = FEATURES.findIndex(({ name }) => name === "effective_spread_bps");
  const values: number[] = [];
  const engine = createFeatureEngine((row) => values.push(row.values[place]!));
  const replay = new Replay(listenerOf(engine), { book: engine.book });
  const bookChanges: Iterable<BookChanges> = walkBook(path, seededRandom(seed, "book"));
  await replay.run({ trades: [trades], bookChanges });
  replay.finish();
  engine.finish();
  return values;
}
