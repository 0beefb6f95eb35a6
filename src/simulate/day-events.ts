import { type Random, seededRandom } from "../core/random.js";
import { DAY_US, MINUTE_US } from "../core/time.js";
import { FLICKER, spreadFor, widened } from "./book-shape.js";
import type { DaySink } from "./day-sink.js";
import { clusteredOffsets } from "./event-times.js";
import type { HiddenDay } from "./hidden-days.js";
import { type MarketOrder, marketOrders } from "./market-orders.js";
import {
  DAY_MINUTES,
  IMBALANCE_SCALE,
  SYMBOL_COUNT,
  SYMBOL_SETTINGS,
  type SymbolSettings,
} from "./settings.js";
import { SimulatedBook } from "./simulated-book.js";

/** Book batches in a minute that neither move the mid nor follow a trade. */
const QUIET_BATCHES = 36;
/** The day's snapshot arrives this long after midnight; its last batch this long before. */
const SNAPSHOT_US = 30_000;
const MIDNIGHT_BATCH_US = 2_000;

/**
 * Plays one symbol's day into a sink: snapshot, trades and book changes in arrival order.
 *
 * The day's last batch turns the book into the one that the next day's snapshot shows, so days can be made in any order
 * and still fit together.
 *
 * @param day - what is hidden of the day
 * @param tomorrow - the day after, for its first book
 * @param symbol - index of the symbol
 */
export async function playDay(
  { day, tomorrow, symbol, seed }: PlayedDay,
  sink: DaySink,
): Promise<void> {
  const settings = SYMBOL_SETTINGS[symbol]!;
  const minutes = day.symbols[symbol]!;
  const random = seededRandom(seed, `book/${settings.symbol}/${day.date}`);
  const arrival = arrivalClock(random, day.startUs);
  const { book, flicker } = midnightBook(day, symbol, seed);
  let extraSpread = 0;
  let tradeId = minutes.startTrades;
  let halfTicks = minutes.startHalfTicks;
  let nextMove = 0;

  const send = (localUs: number, isSnapshot = false): void => {
    sink.book(localUs, arrival(localUs), book, isSnapshot);
  };
  send(day.startUs + SNAPSHOT_US, true);

  for (let minute = 0; minute < DAY_MINUTES; minute++) {
    const ratio = minutes.volatility[minute]!;
    const level = IMBALANCE_SCALE * minutes.bookFlow[minute]!;
    book.depthRatio = ratio ** -0.25;
    const orders = marketOrders(random, {
      flow: minutes.tradeFlow[minute]!,
      fills: minutes.tradeCount[minute]!,
      medianLots: settings.orderLots * ratio ** 0.3,
    });
    const timeline = minuteTimeline(random, {
      moves: movesOf(day, symbol, nextMove, minute),
      orders: orders.length,
      quiet: random.poisson(QUIET_BATCHES * Math.sqrt(ratio)),
    });
    let order = 0;
    for (const { offsetUs, kind, move } of timeline) {
      const localUs = day.startUs + minute * MINUTE_US + offsetUs;
      const imbalance = Math.tanh(level + flicker(localUs));
      book.beginChanges();
      if (kind === "trade") {
        const now = orders[order++]!;
        tradeId = sendTrades(sink, { localUs, exchangeUs: arrival(localUs) }, now, book, tradeId);
      } else if (kind === "move") {
        halfTicks += move;
        extraSpread = widened(random, extraSpread, ratio);
        book.moveTo(halfTicks, spreadFor(halfTicks, extraSpread));
      } else {
        if (random.uniform() < 0.6) book.changeDeepLevel();
        if (extraSpread > 0 && random.uniform() < 0.35) {
          extraSpread--;
          book.moveTo(halfTicks, spreadFor(halfTicks, extraSpread));
        }
      }
      book.rebalance(imbalance, { keepsTouch: kind === "trade" });
      send(localUs);
    }
    while (
      nextMove < day.moveTimeUs.length &&
      day.moveTimeUs[nextMove]! < (minute + 1) * MINUTE_US
    ) {
      nextMove++;
    }
    if (minute === DAY_MINUTES - 1) {
      book.beginChanges();
      becomeBook(book, midnightBook(tomorrow, symbol, seed).book);
      send(day.startUs + DAY_US - MIDNIGHT_BATCH_US);
    }
    await sink.minuteEnd();
  }
}

/** What {@link playDay} plays. */
export interface PlayedDay {
  readonly day: HiddenDay;
  readonly tomorrow: HiddenDay;
  readonly symbol: number;
  readonly seed: number;
}

interface TimelineEvent {
  readonly offsetUs: number;
  readonly kind: "move" | "trade" | "quiet";
  /** Half ticks the mid moves by. */
  readonly move: number;
}

/** The minute's events in order, no two at one time. */
function minuteTimeline(
  random: Random,
  {
    moves,
    orders,
    quiet,
  }: { readonly moves: TimelineEvent[]; readonly orders: number; readonly quiet: number },
): readonly TimelineEvent[] {
  const draw = clusteredOffsets(random);
  const events = [...moves];
  for (let i = 0; i < orders; i++) events.push({ offsetUs: draw(), kind: "trade", move: 0 });
  for (let i = 0; i < quiet; i++) events.push({ offsetUs: draw(), kind: "quiet", move: 0 });
  events.sort((a, b) => a.offsetUs - b.offsetUs);
  let last = 0;
  return events.map((event) => {
    last = Math.max(last + 1, event.offsetUs);
    return last === event.offsetUs ? event : { ...event, offsetUs: last };
  });
}

function movesOf(day: HiddenDay, symbol: number, first: number, minute: number): TimelineEvent[] {
  const moves: TimelineEvent[] = [];
  const endUs = (minute + 1) * MINUTE_US;
  for (let j = first; j < day.moveTimeUs.length && day.moveTimeUs[j]! < endUs; j++) {
    const size = day.moveMagnitude[SYMBOL_COUNT * j + symbol]!;
    if (size === 0) continue;
    const offsetUs = day.moveTimeUs[j]! - minute * MINUTE_US;
    moves.push({ offsetUs, kind: "move", move: size * day.moveSign[j]! });
  }
  return moves;
}

function sendTrades(
  sink: DaySink,
  { localUs, exchangeUs }: { readonly localUs: number; readonly exchangeUs: number },
  { side, fillLots }: MarketOrder,
  book: SimulatedBook,
  lastId: number,
): number {
  const ticks = side === 1 ? book.asks.best : book.bids.best;
  let id = lastId;
  let sum = 0;
  for (const lots of fillLots) {
    sum += lots;
    sink.trade(localUs, exchangeUs, { id: ++id, side, ticks, lots });
  }
  book.takeFromTouch(side, sum);
  return id;
}

/** The book at 00:00 of a day, from a stream of its own, and the imbalance's fluctuation from there on. */
function midnightBook(
  day: HiddenDay,
  symbol: number,
  seed: number,
): { readonly book: SimulatedBook; readonly flicker: (localUs: number) => number } {
  const settings: SymbolSettings = SYMBOL_SETTINGS[symbol]!;
  const { startHalfTicks, startBookFlow, volatility } = day.symbols[symbol]!;
  const random = seededRandom(seed, `midnight/${settings.symbol}/${day.date}`);
  const book = new SimulatedBook({
    random,
    levelLots: settings.levelLots,
    halfTicks: startHalfTicks,
    spread: spreadFor(startHalfTicks, 0),
  });
  book.depthRatio = volatility[0]! ** -0.25;
  let value = FLICKER.deviation * random.normal();
  let lastUs = day.startUs;
  book.rebalance(Math.tanh(IMBALANCE_SCALE * startBookFlow + value), { keepsTouch: false });
  const flicker = (localUs: number): number => {
    const keep = Math.exp((lastUs - localUs) / FLICKER.fadeUs);
    value = keep * value + FLICKER.deviation * Math.sqrt(1 - keep * keep) * random.normal();
    lastUs = localUs;
    return value;
  };
  return { book, flicker };
}

/** Changes every level in which a book differs from another of the same mid. */
function becomeBook(book: SimulatedBook, other: SimulatedBook): void {
  for (const name of ["bids", "asks"] as const) {
    const [side, target] = [book[name], other[name]];
    const { better } = side;
    const top = better * Math.max(better * side.best, better * target.best);
    const bottom = better * Math.min(better * side.deepest, better * target.deepest);
    const within = (ladder: typeof side, tick: number): boolean =>
      better * (ladder.best - tick) >= 0 && better * (tick - ladder.deepest) >= 0;
    for (let tick = top; better * (tick - bottom) >= 0; tick -= better) {
      const lots = within(target, tick) ? target.lotsAt(tick) : 0;
      if ((within(side, tick) ? side.lotsAt(tick) : 0) !== lots) side.set(tick, lots);
    }
    side.best = target.best;
    side.deepest = target.deepest;
  }
}

/** Exchange time of an arrival: some milliseconds before, in whole milliseconds, never falling. */
function arrivalClock(random: Random, startUs: number): (localUs: number) => number {
  let last = startUs;
  return (localUs) => {
    const delayUs = 2_000 + Math.min(20_000, 3_000 * random.exponential());
    last = Math.max(last, 1_000 * Math.floor((localUs - delayUs) / 1_000));
    return last;
  };
}
