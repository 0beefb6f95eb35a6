// Which friction takes the edge? The same probabilities, traded ever less ideally.
import { SampledBook } from "../market/sampled-book.js";
import type { Costs } from "../trading/costs.js";
import { type FillRule, fillAtMid, fillAtTouch, walkBook } from "../trading/fill.js";
import type { Funding } from "../trading/funding.js";
import { type TradingFigures, tradingFigures } from "./backtest-summary.js";
import { datasetExecution } from "./dataset-execution.js";
import type { Trials } from "./deflated-sharpe.js";
import type { ExecutionBooks } from "./execution-books.js";
import {
  DEFAULT_STAKE,
  type Execution,
  type StakeSettings,
  type TradedColumns,
  tradeRows,
} from "./trade-rows.js";
import { type UnknownWorth, unknownWorth } from "./unknown-worth.js";

/** What trading the test rows gave, and with which fees. */
export interface Backtest extends TradingFigures {
  readonly costs: Costs;
}

/** What a backtest may know besides. */
export interface BacktestOptions extends StakeSettings {
  /** By symbol; none is paid where left out. */
  readonly funding?: readonly Funding[];
  readonly trials?: Trials;
}

/** The rungs of the friction ladder from the most ideal down; each has every friction of those before. */
export const RUNG_NAMES = ["mid", "touch", "book", "latency", "costs"] as const;

/** One way to execute. */
export type RungName = (typeof RUNG_NAMES)[number];

/** What one way to execute gave. */
export interface LadderRung extends TradingFigures {
  readonly name: RungName;
  /** How orders are filled, as a phrase. */
  readonly about: string;
}

/** A rung that the data cannot give. */
export interface AbsentRung {
  readonly name: RungName;
  /** A sentence. */
  readonly why: string;
}

/** The friction ladder: the rungs that the data gives, from the most ideal down, and those that it does not. */
export interface BacktestLadder {
  readonly costs: Costs;
  readonly stake: Required<StakeSettings>;
  /** From a bar's end to the book that its orders meet, in the rungs with latency. */
  readonly latencyUs: number;
  readonly rungs: readonly LadderRung[];
  readonly absent: readonly AbsentRung[];
}

/** What is traded on, and how. */
export interface LadderRequest extends BacktestOptions {
  /** The matrix, or the columns of it that matter here. */
  readonly dataset: TradedColumns & { readonly labelKind: "mid" | "close" };
  /** n row numbers, ordered by symbol and time. */
  readonly rows: Uint32Array;
  /** n probabilities of "up". */
  readonly probability: ArrayLike<number>;
  readonly costs: Costs;
  /** Of these rows, and any others; left out where there is no store. */
  readonly books?: ExecutionBooks;
}

/**
 * Trades the same probabilities at the mid, at the touch, walking the book with size, the same after the latency, and with fees
 * and funding. Without books, or where nobody knows what their amounts are worth, the dataset's own prices serve: mids after the
 * latency, or closes.
 *
 * @throws {OptionError} capital or threshold out of range
 */
export function backtestLadder(request: LadderRequest): BacktestLadder {
  const { dataset, rows, probability, books, costs, trials, funding, ...settings } = request;
  const stake = { ...DEFAULT_STAKE, ...settings };
  const hasBooks = books?.place.some((place) => place >= 0) ?? false;
  // Mids come from books; of closes alone there need be none whose worth could matter.
  const isAsked = dataset.labelKind === "mid" || hasBooks;
  const unknown = isAsked ? unknownWorth(dataset, rows) : undefined;
  const onBooks = books !== undefined && hasBooks && unknown === undefined ? books : undefined;
  const charged = funding === undefined ? "with fees" : "with fees and funding";
  const { present, absent } =
    onBooks === undefined
      ? datasetRungs(request, charged, unknown)
      : { present: bookRungs(onBooks, charged), absent: [] };
  const isOfCloses = dataset.labelKind === "close" && onBooks !== undefined;
  const entryPrice = isOfCloses ? orderMids(onBooks, rows, dataset.entryPrice) : dataset.entryPrice;
  const traded = { dataset: { ...dataset, entryPrice }, rows, probability };
  const rungs = present.map(({ name, about, execution }) => {
    const isDear = name === "costs";
    const feeBps = isDear ? costs.feeBps : 0;
    const paid = isDear && funding !== undefined ? { funding } : {};
    const outcome = tradeRows(traded, { ...execution, feeBps, ...paid }, stake);
    return { name, about, ...tradingFigures(traded, outcome, trials) };
  });
  return { costs, stake, latencyUs: books?.latencyUs ?? dataset.latencyUs, rungs, absent };
}

interface Rung {
  readonly name: RungName;
  readonly about: string;
  readonly execution: Omit<Execution, "feeBps">;
}

function bookRungs(books: ExecutionBooks, charged: string): readonly Rung[] {
  const { place, latencyUs } = books;
  const [seen, met] = [new SampledBook(books), new SampledBook(books)];
  const decisionBook = (row: number): SampledBook => seen.at(place[row]!);
  // Where a row has no books there is none a latency later either.
  const laterBook = (row: number): SampledBook => met.at(place[row]! < 0 ? -1 : place[row]! + 1);
  const atOnce = (fill: FillRule): Rung["execution"] => {
    return { decisionBook, orderBook: decisionBook, delayUs: 0, fill };
  };
  const later = { decisionBook, orderBook: laterBook, delayUs: latencyUs, fill: walkBook };
  return [
    { name: "mid", about: "at the mid, at once", execution: atOnce(fillAtMid) },
    { name: "touch", about: "at the best price, at once", execution: atOnce(fillAtTouch) },
    { name: "book", about: "level by level, at once", execution: atOnce(walkBook) },
    {
      name: "latency",
      about: "level by level, after the latency of feed and order",
      execution: later,
    },
    { name: "costs", about: `the same ${charged}`, execution: later },
  ];
}

/** Closes are known where no book is: what is traded on books ends where these do. */
function orderMids(books: ExecutionBooks, rows: Uint32Array, closes: Float64Array): Float64Array {
  const book = new SampledBook(books);
  const mids = new Float64Array(closes.length).fill(Number.NaN);
  for (const row of rows) {
    const place = books.place[row]!;
    if (place >= 0) mids[row] = book.at(place + 1).mid();
  }
  return mids;
}

function datasetRungs(
  { dataset, costs, books }: LadderRequest,
  charged: string,
  unknown: UnknownWorth | undefined,
): { readonly present: readonly Rung[]; readonly absent: readonly AbsentRung[] } {
  const execution = datasetExecution(dataset, costs);
  const isMid = dataset.labelKind === "mid";
  const price = isMid ? "mid" : "close";
  const mid = { ...execution, fill: fillAtMid };
  const present: Rung[] = [
    { name: "mid", about: isMid ? "at the mid after the latency" : "at the close", execution: mid },
    { name: "touch", about: "half the spread from it", execution },
    { name: "costs", about: `half a spread from the ${price}, ${charged}`, execution },
  ];
  const reason = absenceReason(books, unknown);
  const remedy = unknown === undefined ? "" : ` To walk books, ${unknown.fix}.`;
  const noTouch =
    unknown === undefined
      ? "There is no book, so no touch either"
      : `${reason}, so no touch is taken`;
  const noSpread = `${noTouch}: the rung of costs assumes half a spread of ${costs.fallbackHalfSpreadBps} bps.${remedy}`;
  const prices = isMid
    ? "the prices are those after the latency already"
    : "closes are traded at once";
  return {
    present: present.filter(({ name }) => isMid || name !== "touch"),
    absent: [
      ...(isMid ? [] : [{ name: "touch" as const, why: noSpread }]),
      { name: "book", why: `${reason}, so there are no levels to walk.${remedy}` },
      {
        name: "latency",
        why: `${reason}; ${prices}.${remedy}`,
      },
    ],
  };
}

function absenceReason(
  books: ExecutionBooks | undefined,
  unknown: UnknownWorth | undefined,
): string {
  if (unknown !== undefined) return `${unknown.why[0]!.toUpperCase()}${unknown.why.slice(1)}`;
  return books === undefined ? "No books were read" : "The store has no books of the tested days";
}
