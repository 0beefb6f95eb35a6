import { type Random, seededRandom } from "../../core/random.js";
import { OrderBook } from "../../market/order-book.js";
import { BOOK_CHANGES_VERSION, bookChanges } from "../ingest/book-changes.js";
import { DELAY_US, type Pace, paced, whole } from "./made-messages.js";
import { type MadeMarket, OpenBlock } from "./open-block.js";

/** Names the events that a seed gives; the second number is raised when they would be others. */
export const MADE_MARKET_VERSION: string = `${BOOK_CHANGES_VERSION}.1`;

/** What is to be made. */
export interface MadeOptions {
  readonly startUs: number;
  /** Rows of the book; left out, as many as come before the end. */
  readonly rows?: number;
  /** Messages from here on are left out. */
  readonly endUs?: number;
  readonly seed: number;
  /** Mean number of orders after each message; an order is two trades in the mean. */
  readonly orders: number;
  /** Left out: the messages as `bookChanges` gives them, 68 rows each in the mean and one each 50 to 60 ms. */
  readonly pace?: Pace;
}

/** Time after a message in which its orders come, as it is without a pace. */
const ORDERS_US = 9000;

/**
 * The book of `bookChanges` and a seeded tape beside it: orders of both sides that meet the best level, some of them the next
 * ones too, as the book has them at that moment. An order's trades have one exchange time and come one after the other.
 *
 * Amounts of trades are multiples of 1/1024: sums of them are exact, in whatever order others add them up.
 *
 * @returns blocks of events, one after the other in time
 */
export function* madeMarket(options: MadeOptions): Generator<MadeMarket, void> {
  const { startUs, rows = Number.POSITIVE_INFINITY, seed, orders, pace } = options;
  const { endUs = Number.POSITIVE_INFINITY } = options;
  const random = seededRandom(seed, "trades beside book changes");
  const withinUs = pace === undefined ? ORDERS_US : 0.4 * pace.messageUs;
  const made = bookChanges({ rows, startUs, seed });
  const book = new OrderBook();
  let block = new OpenBlock();
  for (const part of pace === undefined ? whole(made) : paced(made, { pace, startUs, random })) {
    const { message, localUs, exchangeUs } = part;
    if (localUs >= endUs) break;
    const first = block.rows;
    for (const row of part.rows) block.addRow(message, row, localUs, exchangeUs);
    book.apply(block, first, block.rows);
    const count = book.isOrdered() ? random.poisson(orders) : 0;
    for (let i = 1; i <= count; i++) {
      addOrder(block, book, random, localUs + Math.ceil((i * withinUs) / (count + 1)));
    }
    if (!block.isFull) continue;
    yield block.events();
    block = new OpenBlock();
  }
  yield block.events();
}

function addOrder(block: OpenBlock, book: OrderBook, random: Random, arrivalUs: number): void {
  const side = random.uniform() < 0.5 ? 1 : -1;
  const exchangeUs = arrivalUs - DELAY_US;
  let tradeUs = arrivalUs;
  let level = 0;
  do {
    const price = side === 1 ? book.askPrice(level) : book.bidPrice(level);
    const amount = Math.ceil(Math.exp(3.2 + 1.9 * random.normal())) / 1024;
    block.addTrade(tradeUs++, exchangeUs, side, price, amount);
    if (random.uniform() < 0.3) level++;
  } while (random.uniform() < 0.5);
}
