// Does the backtest tell what trading the whole test on its books would have given?
import { counted } from "../core/counted.js";
import type { Dataset } from "../dataset/matrix.js";
import { SampledBook } from "../market/sampled-book.js";
import type { BacktestLadder } from "./backtest-ladder.js";
import type { ExecutionBooks } from "./execution-books.js";
import { unknownWorth } from "./unknown-worth.js";

/** Share of the scored bars that may lack a side of a book they are traded on: a feed loses it for a moment now and then. */
const ALLOWED_WITHOUT_BOOK = 0.01;

/** A backtest and what it was traded on. */
interface Backtested {
  readonly dataset: Pick<Dataset, "labelKind" | "exchange" | "symbols" | "symbolIndex">;
  /** Scored rows, at which the price was known. */
  readonly rows: Uint32Array;
  readonly traded: { readonly rows: Uint32Array };
  readonly ladder: Pick<BacktestLadder, "absent" | "latencyUs">;
  readonly execution: { readonly books?: ExecutionBooks };
}

/** Why it does not, as a clause; undefined where it does, and of labels on closes, which no gate asks. */
export function untradedReason({
  dataset,
  rows,
  traded,
  ladder,
  execution,
}: Backtested): string | undefined {
  if (dataset.labelKind !== "mid") return undefined;
  if (!(ladder.latencyUs > 0)) {
    return "orders meet the book of the decision itself, after no latency at all, which nobody's do";
  }
  const unknown = unknownWorth(dataset, traded.rows);
  if (unknown !== undefined) return unknown.why;
  const { books } = execution;
  if (books === undefined) return undefined;
  if (ladder.absent.length > 0) return "the store has no books of the tested days";
  if (books.daysWithout > 0) {
    const days = counted(books.daysWithout, "tested symbol-day");
    return `the store has no book of ${days}, which ${books.daysWithout === 1 ? "was" : "were"} not traded`;
  }
  const without = barsWithoutBook(books, rows);
  if (without <= ALLOWED_WITHOUT_BOOK * rows.length) return undefined;
  const share = ((100 * without) / rows.length).toFixed(1);
  return `at ${counted(without, "tested bar")} (${share} %) a price is known but no book to trade on`;
}

/** Rows of which the decision's book or the order's has an empty side. */
function barsWithoutBook(books: ExecutionBooks, rows: Uint32Array): number {
  const book = new SampledBook(books);
  const isEmpty = (at: number): boolean => {
    const { bidLevels, askLevels } = book.at(at);
    return bidLevels === 0 || askLevels === 0;
  };
  return rows.filter((row) => {
    const place = books.place[row]!;
    return place < 0 || isEmpty(place) || isEmpty(place + 1);
  }).length;
}
