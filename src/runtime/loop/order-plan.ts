// From a signal to an order: what the trader wants, cut to what account, limits and journal allow. Exits pass all of them.
import type { FeatureRow } from "../../features/feature-rows.js";
import type { BookView } from "../../market/book-view.js";
import type { Portfolio } from "../../trading/portfolio.js";
import type { Position } from "../../trading/rules/exposure.js";
import { splitOrder } from "../../trading/rules/split-order.js";
import { inWholeLots } from "../../trading/rules/whole-lots.js";
import type { BrokerOrder } from "../broker/broker.js";
import { orderId } from "../order-id.js";
import type { OrderRecord } from "../records.js";
import type { OrderLimits } from "../risk/order-limits.js";
import type { RiskDesk } from "../risk/risk-desk.js";
import type { Signal } from "../signal/signal.js";
import type { RunSettings } from "./run-settings.js";

/** What is ordered on a bar, and what is said of it. */
export interface OrderPlan {
  readonly side: 1 | 0 | -1;
  /** Why nothing is staked, or not all of it; "" where all is. */
  readonly reason: string;
  readonly order: OrderRecord | undefined;
  /** The part of the order that only reduces the position, of the order's sign. */
  readonly reducing: number;
}

/** What a plan is made with. */
export interface PlanParts {
  readonly settings: Pick<RunSettings, "run" | "minimumOrderUsd" | "risk">;
  readonly portfolio: Portfolio;
  readonly desk: RiskDesk;
  readonly limits: OrderLimits;
}

/** A bar of a symbol that is to be decided on. */
export interface PlannedBar {
  readonly symbol: string;
  readonly index: number;
  readonly row: FeatureRow;
  readonly signal: Signal;
  /** Why nothing may be entered; "" where something may. */
  readonly gate: string;
  /** True while an order of the symbol is on its way: another would be decided on a position that is about to change. */
  readonly isWaiting: boolean;
  /** What orders of other symbols may still trade: sent before, or decided on for this bar. */
  readonly ahead: readonly Position[];
}

const NO_ORDER = { order: undefined, reducing: 0 } as const;

/** Plans the order of a bar. The trader is asked at every bar, since it also gives back what is due. */
export async function planOrder(
  { settings, portfolio, desk, limits }: PlanParts,
  { symbol, index, row, signal, gate, isWaiting, ahead }: PlannedBar,
): Promise<OrderPlan> {
  const { isEntering, ...said } = saidOf(signal, gate);
  const trader = portfolio.traders[index]!;
  const { barEndUs, mid } = row;
  const probability = isEntering ? signal.probability : Number.NaN;
  const wanted = trader.decide(barEndUs, probability, mid);
  if (wanted === 0 || isWaiting) return { ...said, ...NO_ORDER };
  const position = portfolio.position(index);
  // Where nothing may be entered, neither is what was staked before and not filled yet.
  const sized =
    gate === ""
      ? desk.size({ symbol, amount: wanted, price: mid }, ahead)
      : ({ amount: splitOrder(position, wanted).reducing, limit: "" } as const);
  const { rules } = settings.risk;
  const amountInLots = inWholeLots(rules, symbol, { position, amount: sized.amount });
  const { reducing, opening } = splitOrder(position, amountInLots);
  // What was staked before is still ordered where it was not filled; that is not what this bar's signal says.
  const limited = (limit: string): string =>
    limit === "" || limit === "lot-step" || !isEntering ? said.reason : `limit: ${limit}`;
  const cut = limited(sized.limit);
  const isTiny = Math.abs(amountInLots) * mid < settings.minimumOrderUsd;
  const isClosing = position + amountInLots === 0;
  if (amountInLots === 0 || (isTiny && !isClosing)) {
    return { ...said, ...(cut === said.reason ? {} : { side: 0, reason: cut }), ...NO_ORDER };
  }
  const isExit = opening === 0;
  const reached = await limits.take(barEndUs, desk.account.date, { isExit });
  const amount = reached === "" ? amountInLots : reducing;
  const reason = reached === "" ? cut : limited(reached);
  if (amount === 0) return { side: 0, reason, ...NO_ORDER };
  const hasEntry = !isExit && reached === "";
  const order = orderOf(settings.run, { symbol, barEndUs, amount, hasEntry });
  return { side: said.side, reason, order, reducing };
}

/** What a dry run says of a bar, and no order. */
export function dryPlan({ signal, gate }: Pick<PlannedBar, "signal" | "gate">): OrderPlan {
  const { side, reason } = saidOf(signal, gate);
  return { side, reason, ...NO_ORDER };
}

function saidOf(
  signal: Signal,
  gate: string,
): Pick<OrderPlan, "side" | "reason"> & { readonly isEntering: boolean } {
  const isEntering = signal.side !== 0 && gate === "";
  return isEntering
    ? { isEntering, side: signal.side, reason: "" }
    : { isEntering, side: 0, reason: signal.reason || gate };
}

/** What may still be traded by orders on their way, and by those that were planned a moment ago. */
export function ordersAhead(
  open: readonly BrokerOrder[],
  planned: readonly OrderRecord[],
  markets: readonly { readonly symbol: string; readonly book: BookView }[],
): readonly Position[] {
  const own = planned.map(({ symbol, side, amount }) => ({ symbol, amount: side * amount }));
  return [...open, ...own].map(({ symbol, amount }) => {
    const { book } = markets.find((market) => market.symbol === symbol)!;
    return { symbol, amount, price: book.isOrdered() ? book.mid() : Number.NaN };
  });
}

/** The record of an order that a bar's decision asks for. */
export function orderOf(
  run: string,
  {
    symbol,
    barEndUs,
    amount,
    hasEntry,
    strategy = run,
  }: {
    readonly symbol: string;
    readonly barEndUs: number;
    readonly amount: number;
    readonly hasEntry: boolean;
    readonly strategy?: string;
  },
): OrderRecord {
  const side = amount > 0 ? 1 : -1;
  return {
    kind: "order",
    run,
    id: orderId({ strategy, symbol, barEndUs, side }),
    symbol,
    barEndUs,
    side,
    amount: Math.abs(amount),
    purpose: hasEntry ? "entry" : "exit",
    decidedUs: barEndUs,
  };
}

/** The order in place of an entry that is not sent: what of it reduced a position. */
export function exitOf(run: string, { order, reducing }: OrderPlan): readonly OrderRecord[] {
  if (reducing === 0) return [];
  const { symbol, barEndUs } = order!;
  const named = { symbol, barEndUs, amount: reducing, hasEntry: false };
  return [orderOf(run, { ...named, strategy: `${run}/exit` })];
}
