// tardis-dev's book of a day: `node --expose-gc vendor-child.js STORE EXCHANGE SYMBOL DATE MOMENTS`. Its messages are objects; they
// are made in pieces, outside the time that counts, since those of a whole day would not fit into memory.
import { readFileSync } from "node:fs";
import { type BookChange, OrderBook } from "tardis-dev";
import type { BookChanges } from "../../store/tables.js";
import { type BestLevels, bestLevels, LEVELS } from "./best-levels.js";
import type { BookOutcome } from "./book-contestants.js";
import { vendorMessages } from "./vendor-messages.js";
import { wholeDay } from "./whole-day.js";

const PIECE_ROWS = 200_000;

async function main(args: readonly string[]): Promise<void> {
  const [store, exchange, symbol, date, moments] = args as [string, string, string, string, string];
  const changes = await wholeDay(store, { exchange, symbol, date });
  const at = JSON.parse(readFileSync(moments, "utf8")) as readonly number[];
  process.stdout.write(`${JSON.stringify(follow(changes, at))}\n`);
}

/** Follows the day once, since its code is compiled long before the first second is over. */
function follow(changes: BookChanges, at: readonly number[]): BookOutcome {
  const book = new OrderBook();
  const levels: BestLevels[] = [];
  let seconds = 0;
  let messages = 0;
  let sum = 0;
  for (const piece of pieces(changes)) {
    // The garbage of making messages is not the book's.
    globalThis.gc?.();
    const begin = performance.now();
    for (const message of piece) {
      book.update(message);
      sum += (book.bestBid()?.price ?? 0) + (book.bestAsk()?.price ?? 0);
      // A thousand looks at five levels are nothing beside the whole.
      if (at[levels.length] === messages++) levels.push(levelsNow(book));
    }
    seconds += (performance.now() - begin) / 1000;
  }
  if (!(sum > 0)) throw new Error("the book was empty");
  return { first: seconds, fastest: seconds, messages, levels };
}

/** Messages of some rows at a time, all rows of an arrival time in one piece. */
function* pieces(changes: BookChanges): Generator<readonly BookChange[], void> {
  const { localTimestampUs } = changes;
  const rows = localTimestampUs.length;
  for (let from = 0, to = 0; from < rows; from = to) {
    to = Math.min(from + PIECE_ROWS, rows);
    while (to < rows && localTimestampUs[to] === localTimestampUs[to - 1]) to++;
    yield [...vendorMessages(changes, from, to)];
  }
}

function levelsNow(book: OrderBook): BestLevels {
  const [bids, asks] = [best(book.bids()), best(book.asks())];
  return bestLevels(
    { price: (i) => bids[i]?.price, amount: (i) => bids[i]?.amount },
    { price: (i) => asks[i]?.price, amount: (i) => asks[i]?.amount },
  );
}

function best<T>(levels: Iterable<T>): readonly T[] {
  const found: T[] = [];
  for (const level of levels) if (found.push(level) === LEVELS) break;
  return found;
}

void main(process.argv.slice(2));
