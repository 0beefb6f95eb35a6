// The one accounting: every figure of money in an evaluation comes from here.
import { OptionError } from "../core/errors.js";
import { DAY_US, SECOND_US } from "../core/time.js";
import type { Dataset } from "../dataset/matrix.js";
import { contractOf } from "../market/contract.js";
import type { Account } from "../trading/account.js";
import { type FillBook, type FillRule, NO_FILL } from "../trading/fill.js";
import { type Funding, NO_FUNDING } from "../trading/funding.js";
import { Trader } from "../trading/trader.js";
import { LastTouch } from "./last-touch.js";

/** Columns of a dataset that trading needs. */
export type TradedColumns = Pick<
  Dataset,
  | "exchange"
  | "symbols"
  | "symbolIndex"
  | "barEndUs"
  | "labelEndUs"
  | "entryPrice"
  | "halfSpreadBps"
  | "barUs"
  | "horizonUs"
  | "horizonBars"
  | "latencyUs"
>;

/** Probabilities at rows that are traded. */
export interface TradedRows {
  readonly dataset: TradedColumns;
  /** n row numbers, ordered by symbol and time. */
  readonly rows: Uint32Array;
  /** n probabilities of "up"; NaN where a model cannot be asked: nothing is staked there, but what is due is given back. */
  readonly probability: ArrayLike<number>;
}

/** What is staked. */
export interface StakeSettings {
  /** Split evenly over the symbols; default 100,000. */
  readonly capitalUsd?: number;
  /** Least distance of a probability from ½ that is traded, so that the coverage fixed before is what is traded; default 0. */
  readonly threshold?: number;
  /**
   * Value below which no order is sent, at least a cent, since smaller differences are rounding; default 5, as on Binance's
   * perpetuals (Updates to USDⓈ-M Futures Trading Rules, February 2021).
   */
  readonly minimumOrderUsd?: number;
}

/** Where orders are executed and what that costs. */
export interface Execution {
  /** The book that a row's decision sees; to be read at once. */
  readonly decisionBook: (row: number) => FillBook;
  /** The book that its order meets; to be read at once. */
  readonly orderBook: (row: number) => FillBook;
  /** From a bar's end to when its order meets the book. */
  readonly delayUs: number;
  readonly fill: FillRule;
  readonly feeBps: number;
  /** By symbol; none where left out. */
  readonly funding?: readonly Funding[];
}

/** What trading gave, row by row and in all; in shares of the whole capital. */
export interface TradeOutcome {
  /** n: how much the equity grew since the symbol's row before; at the first of a stretch, what its order cost. */
  readonly net: Float64Array;
  /** n: the same had every fill been at the mid, without fees and funding. */
  readonly gross: Float64Array;
  /** n: traded value. */
  readonly turnover: Float64Array;
  readonly totals: TradeTotals;
}

/** Sums over all rows; values are shares of the whole capital. */
export interface TradeTotals {
  /** Number of fills of at least a cent. */
  readonly trades: number;
  /** Traded value, and that of what was left open. */
  readonly turnover: number;
  readonly fees: number;
  /** Below 0 when more was received than paid. */
  readonly funding: number;
  /** Value of all orders, and of what of them was not filled. */
  readonly ordered: number;
  readonly unfilled: number;
  /** Number of stakes given back after their time, at the first row that could be decided on, since none could when it came. */
  readonly lateStakes: number;
  /** Value of positions that no book took at the end of a stretch of data; they are charged as if the last touch had. */
  readonly leftOpen: number;
}

type Sums = { -readonly [Name in keyof TradeTotals]: TradeTotals[Name] };

/** Smaller values are what rounding leaves. */
const CENT = 0.01;

/** What is staked unless said otherwise. */
export const DEFAULT_STAKE: Required<StakeSettings> = {
  capitalUsd: 100_000,
  threshold: 0,
  minimumOrderUsd: 5,
};

/**
 * Trades rows in order, symbol by symbol: each row's probability becomes an order, which meets the book after the delay and
 * the funding that fell due until then; then the position is valued at that book's mid, or the last one that was known.
 *
 * Each stake is held until its label ends, so that bet and label are the same thing: for the horizon, or with barriers until
 * the row at whose bar's end plus the dataset's latency one is met, as an order would that rests at the exchange and is looked
 * at then. Rungs without latency trade at that row's bar's end, so that all rungs hold the same.
 *
 * A stake whose time comes while nothing can be decided is given back at the first row where something can, and counted.
 *
 * Positions are carried over gaps of at most a day. Where a symbol's next row comes later than that, a stretch of data ends:
 * the position is closed at its last row of a known price, and the next stretch begins anew. What that row's book does not
 * take is charged as if the last known touch had taken it: half its spread and the fee, as far as the rung charges them.
 *
 * @throws {OptionError} capital, threshold or order size out of range, or a horizon that ends between bars
 */
export function tradeRows(
  traded: TradedRows,
  execution: Execution,
  settings: StakeSettings = {},
): TradeOutcome {
  const { rows, dataset } = traded;
  const all = { ...DEFAULT_STAKE, ...settings };
  requireStake(all);
  requireWholeBars(dataset);
  const { barUs, horizonBars } = dataset;
  const symbols = new Set(Array.from(rows, (row) => dataset.symbolIndex[row]!)).size;
  const stake = { ...all, capitalUsd: all.capitalUsd / symbols };
  const outcome = emptyOutcome(rows.length);
  for (let from = 0, to = 0; from < rows.length; from = to) {
    to = stretchEnd(traded, from);
    const trader = new Trader({ ...stake, barUs, horizonBars });
    tradeStretch(traded, { from, to, trader }, execution, outcome);
  }
  return inShares(outcome, all.capitalUsd);
}

/** Number of the first row that belongs to another symbol, or comes more than a day after the one before. */
function stretchEnd({ dataset, rows }: TradedRows, from: number): number {
  const { symbolIndex, barEndUs } = dataset;
  let last = rows[from]!;
  let to = from + 1;
  for (; to < rows.length; to++) {
    const row = rows[to]!;
    if (symbolIndex[row] !== symbolIndex[last] || barEndUs[row]! - barEndUs[last]! > DAY_US) break;
    last = row;
  }
  return to;
}

function tradeStretch(
  { dataset, rows, probability }: TradedRows,
  { from, to, trader }: { readonly from: number; readonly to: number; readonly trader: Trader },
  { decisionBook, orderBook, delayUs, fill, feeBps, funding }: Execution,
  { net, gross, turnover, totals }: Outcome,
): void {
  const { account } = trader;
  const { labelEndUs, latencyUs } = dataset;
  const symbol = dataset.symbolIndex[rows[from]!]!;
  const contract = contractOf(dataset.exchange, dataset.symbols[symbol]!);
  const due = new DueFunding(
    funding?.[symbol] ?? NO_FUNDING,
    dataset.barEndUs[rows[from]!]! + delayUs,
  );
  const touch = new LastTouch();
  let equity = account.cashUsd;
  let grossEquity = equity;
  const last = lastPriced(dataset.entryPrice, rows, from, to);
  for (let i = from; i <= last; i++) {
    const row = rows[i]!;
    const barEndUs = dataset.barEndUs[row]!;
    due.pay(account, barEndUs + delayUs, touch.mid());
    const seen = decisionBook(row).mid();
    const dueUs = labelEndUs[row]! - latencyUs;
    const order =
      i === last ? trader.close() : trader.decide(barEndUs, probability[i]!, seen, dueUs);
    if (i < last) totals.lateStakes += trader.lateStakes;
    const book = orderBook(row);
    const mid = book.mid();
    touch.see(book);
    const mark = touch.mid();
    if (order !== 0) {
      const filled = mid > 0 ? fill(book, order, contract) : NO_FILL;
      account.take(filled, mid, feeBps);
      totals.trades += Number(Math.abs(filled.valueUsd) >= CENT);
      turnover[i] = Math.abs(filled.valueUsd);
      totals.turnover += turnover[i]!;
      const price = mark > 0 ? mark : seen;
      totals.ordered += Math.abs(order) * price;
      totals.unfilled += Math.abs(order - filled.amount) * price;
    }
    if (i === last && account.position !== 0) {
      totals.leftOpen += Math.abs(account.position) * mark;
      const rest = fill(touch, trader.close(), contract);
      account.take(rest, mark, feeBps);
      turnover[i]! += Math.abs(rest.valueUsd);
      totals.turnover += Math.abs(rest.valueUsd);
    }
    net[i] = account.equityUsd(mark) - equity;
    gross[i] = account.grossEquityUsd(mark) - grossEquity;
    equity += net[i]!;
    grossEquity += gross[i]!;
  }
  totals.fees += account.feesUsd;
  totals.funding += account.fundingUsd;
}

/** Number of the last row of a stretch whose order's price is known; where none is, of its last row. */
function lastPriced(entryPrice: Float64Array, rows: Uint32Array, from: number, to: number): number {
  for (let i = to - 1; i >= from; i--) if (entryPrice[rows[i]!]! > 0) return i;
  return to - 1;
}

/** Pays funding as its times come. */
class DueFunding {
  private readonly funding: Funding;
  private next = 0;

  /** @param fromUs - times up to this are past */
  constructor(funding: Funding, fromUs: number) {
    this.funding = funding;
    while (funding.timeUs[this.next]! <= fromUs) this.next++;
  }

  /** Pays all that is due up to a time. */
  pay(account: Account, untilUs: number, price: number): void {
    const { timeUs, rate } = this.funding;
    for (; timeUs[this.next]! <= untilUs; this.next++) account.payFunding(rate[this.next]!, price);
  }
}

type Outcome = Omit<TradeOutcome, "totals"> & { readonly totals: Sums };

function emptyOutcome(rows: number): Outcome {
  const totals = {
    trades: 0,
    turnover: 0,
    fees: 0,
    funding: 0,
    ordered: 0,
    unfilled: 0,
    lateStakes: 0,
    leftOpen: 0,
  };
  const column = (): Float64Array => new Float64Array(rows);
  return { net: column(), gross: column(), turnover: column(), totals };
}

function inShares(
  { net, gross, turnover, totals }: TradeOutcome,
  capitalUsd: number,
): TradeOutcome {
  const share = (value: number): number => value / capitalUsd;
  const { trades, lateStakes, ...values } = totals;
  const counts = { trades, lateStakes };
  const shares = Object.entries(values).map(([name, value]) => [name, share(value)]);
  return {
    net: net.map(share),
    gross: gross.map(share),
    turnover: turnover.map(share),
    totals: {
      ...counts,
      ...(Object.fromEntries(shares) as Omit<TradeTotals, keyof typeof counts>),
    },
  };
}

/** A stake can only be given back where something is decided, which is at the end of a bar. */
function requireWholeBars({ horizonUs, barUs }: TradedColumns): void {
  if (horizonUs % barUs === 0) return;
  const seconds = (us: number): string => `${us / SECOND_US} s`;
  throw new OptionError({
    column: "horizon",
    message: `was ${seconds(horizonUs)}, which ends between bars of ${seconds(barUs)}: a stake could not be closed when its label ends`,
    fix: "trade a horizon of whole bars, or make shorter bars",
  });
}

function requireStake({ capitalUsd, threshold, minimumOrderUsd }: Required<StakeSettings>): void {
  const isMoney = (value: number): boolean => value >= CENT && Number.isFinite(value);
  requireRange("capitalUsd", capitalUsd, isMoney(capitalUsd), `at least ${CENT}`);
  requireRange("threshold", threshold, threshold >= 0 && threshold <= 0.5, "0 to 0.5, from ½");
  requireRange("minimumOrderUsd", minimumOrderUsd, isMoney(minimumOrderUsd), `at least ${CENT}`);
}

function requireRange(column: string, value: number, isGood: boolean, expected: string): void {
  if (isGood) return;
  throw new OptionError({
    column,
    message: `was ${value}, expected ${expected}`,
    fix: "leave it out for the default",
  });
}
