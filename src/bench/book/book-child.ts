// Our book of a day in memory: `node book-child.js STORE EXCHANGE SYMBOL DATE MOMENTS ROUNDS LEVELS`. Applies all rows, message by
// message, and looks at the best prices after each; where LEVELS is more than 1, at the prices and amounts of so many levels.
import { readFileSync } from "node:fs";
import { OrderBook } from "../../market/order-book.js";
import type { BookChanges } from "../../store/tables.js";
import { type BestLevels, bestLevels } from "./best-levels.js";
import type { BookOutcome } from "./book-contestants.js";
import { wholeDay } from "./whole-day.js";

async function main(args: readonly string[]): Promise<void> {
  const [store, exchange, symbol, date, moments, rounds, levels] = args as [
    string,
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  const changes = await wholeDay(store, { exchange, symbol, date });
  const look = levels === "1" ? bestPrices : sumOfLevels(Number(levels));
  const seconds: number[] = [];
  let messages = 0;
  for (let round = 0; round < Number(rounds); round++) {
    let sum = 0;
    messages = 0;
    const begin = performance.now();
    follow(changes, (book) => {
      messages++;
      sum += look(book);
    });
    seconds.push((performance.now() - begin) / 1000);
    // What nobody uses might not be computed.
    if (!(sum > 0)) throw new Error("the book was empty");
  }
  const at = JSON.parse(readFileSync(moments, "utf8")) as readonly number[];
  const times = { first: seconds[0]!, fastest: Math.min(...seconds) };
  const outcome: BookOutcome = { ...times, messages, levels: levelsAt(changes, at) };
  process.stdout.write(`${JSON.stringify(outcome)}\n`);
}

/** Tells the book after each message. */
function follow(changes: BookChanges, onMessage: (book: OrderBook) => void): void {
  const { localTimestampUs } = changes;
  const rows = localTimestampUs.length;
  const book = new OrderBook();
  for (let from = 0, to = 0; from < rows; from = to) {
    const timeUs = localTimestampUs[from];
    while (to < rows && localTimestampUs[to] === timeUs) to++;
    book.apply(changes, from, to);
    onMessage(book);
  }
}

function bestPrices(book: OrderBook): number {
  return book.bidPrice() + book.askPrice();
}

/** Reads levels as features do that weigh each by its distance. */
function sumOfLevels(levels: number): (book: OrderBook) => number {
  return (book) => {
    let sum = 0;
    for (let i = 0; i < levels; i++) sum += book.bidPrice(i) * book.bidAmount(i);
    for (let i = 0; i < levels; i++) sum += book.askPrice(i) * book.askAmount(i);
    return sum;
  };
}

function levelsAt(changes: BookChanges, at: readonly number[]): readonly BestLevels[] {
  const found: BestLevels[] = [];
  let message = 0;
  follow(changes, (book) => {
    if (at[found.length] !== message++) return;
    const bids = {
      price: (i: number) => book.bidPrice(i),
      amount: (i: number) => book.bidAmount(i),
    };
    const asks = {
      price: (i: number) => book.askPrice(i),
      amount: (i: number) => book.askAmount(i),
    };
    found.push(bestLevels(bids, asks));
  });
  return found;
}

void main(process.argv.slice(2));
