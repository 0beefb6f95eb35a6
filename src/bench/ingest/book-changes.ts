import { type Random, seededRandom } from "../../core/random.js";

/** Raised when the same seed would give other rows. */
export const BOOK_CHANGES_VERSION = 2;

/** Rows that came at once, with the same two times, in file order. */
export interface Message {
  readonly isSnapshot: boolean;
  timestampUs: number;
  localTimestampUs: number;
  rows: number;
  /** How many rows are bids; they come first. */
  bids: number;
  /** Price in ticks of 0.1. */
  readonly priceTicks: Int32Array;
  /** Amount in thousandths; 0 deletes the level. */
  readonly amountMilli: Int32Array;
}

const LEVELS = 1_300_000;
const SNAPSHOT_ROWS = 2000;
const MAX_MESSAGE_ROWS = 2000;
/** Levels that a move of the mid passes in one message, at most. */
const MAX_PASSED = 200;

/** Quantiles of the distance between a changed price and the mid, in ticks, at 0, 5, 10, 20 … 90, 95, 99 and 100 %. */
const DISTANCE: readonly (readonly [number, number])[] = [
  [0, 1],
  [0.05, 22],
  [0.1, 63],
  [0.2, 136],
  [0.3, 215],
  [0.4, 298],
  [0.5, 408],
  [0.6, 551],
  [0.7, 797],
  [0.8, 1295],
  [0.9, 5950],
  [0.95, 16_060],
  [1, 60_000],
];

/** Share of rows that delete a level; that come back to a price of the last messages; that restore an earlier amount. */
const DELETED = 0.29;
const RECENT = 0.45;
const RESTORED = 0.28;

/** Beyond it orders lie at whole prices. */
const FAR_TICKS = 600;

/** Prices that the next message may come back to. */
const RECENT_PRICES = 256;

/**
 * One day of a busy perpetual's order book, as seeded messages whose sizes, distances from the mid and repeats are those
 * of a real day: a snapshot, then a message each 50 to 60 ms, its bids by rising price and then its asks. Levels that the mid
 * passes are deleted, so the book is never crossed.
 *
 * @param options.rows - data rows in all
 * @param options.startUs - start of the day
 * @returns the messages, the last one cut to the number of rows; what is handed out is reused for the next one
 */
export function* bookChanges({
  rows,
  startUs,
  seed,
}: {
  readonly rows: number;
  readonly startUs: number;
  readonly seed: number;
}): Generator<Message, void> {
  const random = seededRandom(seed, "book changes");
  const book = { now: new Int32Array(LEVELS), before: new Int32Array(LEVELS) };
  const recent = new Int32Array(RECENT_PRICES);
  let midTick = 618_000;
  let exchangeUs = startUs + 5000;
  let message = snapshot(random, { midTick, book, rows });
  message.timestampUs = exchangeUs;
  message.localTimestampUs = exchangeUs + 3000;
  recent.set(message.priceTicks.subarray(0, RECENT_PRICES));
  yield message;
  let done = message.rows;
  let localUs = message.localTimestampUs;
  message = emptyMessage(false);
  for (let count = 0; done < rows; count++) {
    const lastMid = midTick;
    midTick = Math.min(Math.max(midTick + Math.round(5 * random.normal()), 300_000), 900_000);
    const passed = passedLevels(lastMid, midTick, book);
    exchangeUs += 1000 * (50 + Math.min(random.poisson(2), 20));
    localUs = Math.max(localUs + 1, exchangeUs + 2000 + Math.floor(1500 * random.exponential()));
    message.timestampUs = exchangeUs;
    message.localTimestampUs = localUs;
    fillPrices(message, random, { midTick, recent, count, most: rows - done });
    fillAmounts(message, random, book);
    deletePassed(message, passed, { wasBid: midTick < lastMid, most: rows - done });
    yield message;
    done += message.rows;
  }
}

interface Book {
  /** Amount of each level, and the one it had before. */
  readonly now: Int32Array;
  readonly before: Int32Array;
}

function emptyMessage(isSnapshot: boolean): Message {
  const size = Math.max(MAX_MESSAGE_ROWS, SNAPSHOT_ROWS) + MAX_PASSED;
  const priceTicks = new Int32Array(size);
  const amountMilli = new Int32Array(size);
  return {
    isSnapshot,
    timestampUs: 0,
    localTimestampUs: 0,
    rows: 0,
    bids: 0,
    priceTicks,
    amountMilli,
  };
}

/** The start of a day: a thousand bids downwards from the mid, then as many asks upwards. */
function snapshot(
  random: Random,
  { midTick, book, rows }: { readonly midTick: number; readonly book: Book; readonly rows: number },
): Message {
  const message = emptyMessage(true);
  message.rows = Math.min(SNAPSHOT_ROWS, rows);
  message.bids = Math.ceil(message.rows / 2);
  for (let i = 0; i < message.rows; i++) {
    const isBid = i < message.bids;
    const tick = isBid ? midTick - i : midTick + 1 + i - message.bids;
    message.priceTicks[i] = tick;
    message.amountMilli[i] = book.now[tick] = freshAmount(random);
  }
  return message;
}

/** Distinct prices: rising bids, then rising asks; half of the recent ones come again. */
function fillPrices(
  message: Message,
  random: Random,
  {
    midTick,
    recent,
    count,
    most,
  }: {
    readonly midTick: number;
    readonly recent: Int32Array;
    readonly count: number;
    readonly most: number;
  },
): void {
  // Log-normal; equal prices fall together, which leaves a median of 34 rows and a mean of 68.
  const drawn = Math.round(39 * Math.exp(1.18 * random.normal()));
  const wanted = Math.min(Math.max(drawn, 1), MAX_MESSAGE_ROWS, most);
  const prices = message.priceTicks.subarray(0, wanted);
  for (let i = 0; i < wanted; i++) {
    const isRecent = random.uniform() < RECENT;
    prices[i] = isRecent ? recent[random.below(RECENT_PRICES)]! : freshPrice(random, midTick);
  }
  prices.sort();
  let rows = 0;
  let bids = 0;
  for (let i = 0; i < wanted; i++) {
    const tick = prices[i]!;
    if (rows > 0 && prices[rows - 1] === tick) continue;
    prices[rows++] = tick;
    if (tick <= midTick) bids++;
  }
  message.rows = rows;
  message.bids = bids;
  for (let i = 0; i < rows; i++) recent[(count * 61 + i) % RECENT_PRICES] = prices[i]!;
}

function fillAmounts(message: Message, random: Random, { now, before }: Book): void {
  for (let i = 0; i < message.rows; i++) {
    const tick = message.priceTicks[i]!;
    const draw = random.uniform();
    const earlier = before[tick]!;
    const isDelete = draw < DELETED && now[tick]! > 0;
    const isRestored = !isDelete && draw > 1 - RESTORED && earlier > 0;
    const amount = isDelete ? 0 : isRestored ? earlier : freshAmount(random);
    if (now[tick]! > 0) before[tick] = now[tick]!;
    now[tick] = amount;
    message.amountMilli[i] = amount;
  }
}

/** Levels that lie on the other side of the mid from now on, by rising price; the book forgets them. */
function passedLevels(lastMid: number, midTick: number, { now, before }: Book): readonly number[] {
  const passed: number[] = [];
  for (let tick = Math.min(lastMid, midTick) + 1; tick <= Math.max(lastMid, midTick); tick++) {
    if (now[tick]! > 0 && passed.length < MAX_PASSED) passed.push(tick);
    now[tick] = 0;
    before[tick] = 0;
  }
  return passed;
}

/** Puts the deletes of passed levels between the bids and the asks, where they stand in the order of prices. */
function deletePassed(
  message: Message,
  passed: readonly number[],
  { wasBid, most }: { readonly wasBid: boolean; readonly most: number },
): void {
  const { priceTicks, amountMilli, rows, bids } = message;
  priceTicks.copyWithin(bids + passed.length, bids, rows);
  amountMilli.copyWithin(bids + passed.length, bids, rows);
  passed.forEach((tick, i) => {
    priceTicks[bids + i] = tick;
    amountMilli[bids + i] = 0;
  });
  message.rows = Math.min(rows + passed.length, most);
  message.bids = Math.min(wasBid ? bids + passed.length : bids, message.rows);
}

function freshPrice(random: Random, midTick: number): number {
  const level = random.uniform();
  let at = 1;
  while (DISTANCE[at]![0] < level) at++;
  const [below, from] = DISTANCE[at - 1]!;
  const [above, to] = DISTANCE[at]!;
  const distance = Math.round(from + ((level - below) / (above - below)) * (to - from));
  const tick = random.uniform() < 0.5 ? midTick - distance : midTick + distance;
  return distance > FAR_TICKS ? tick - (tick % 10) : tick;
}

/** Thousandths: mostly a few, seldom thousands. */
function freshAmount(random: Random): number {
  return Math.max(2, Math.round(Math.exp(3.2 + 1.9 * random.normal())));
}
