import type { BookView } from "../../market/book-view.js";
import type { Contract } from "../../market/contract.js";
import type { FillRule } from "../../trading/fill.js";
import type { Broker, BrokerOrder, BrokerReport } from "./broker.js";

/** How paper orders are filled. */
export interface PaperSettings {
  /** From the decision to when an order meets the book, µs of market time. */
  readonly latencyUs: number;
  readonly fill: FillRule;
  /** Age of the last book event beyond which nobody would trade on a book, µs. */
  readonly staleAfterUs: number;
  readonly contractOf: (symbol: string) => Contract;
}

/** Open orders, and identities of those that are over, as plain JSON. */
export interface PaperState {
  readonly open: readonly BrokerOrder[];
  readonly over: readonly string[];
}

/** Identities that are remembered: those of days, though nobody would send one again after minutes. */
const REMEMBERED = 4096;

/**
 * Fills orders from the book that they meet after a latency, as a backtest does. It is told the market's time, and forgets
 * nothing that its saved state does not hold.
 */
export class PaperBroker implements Broker {
  private readonly settings: PaperSettings;
  private readonly orders = new Map<string, BrokerOrder>();
  private readonly over = new Set<string>();
  private told: BrokerReport[] = [];
  /** When the next order is due; nothing is looked at before. */
  private dueUs = Number.POSITIVE_INFINITY;

  constructor(settings: PaperSettings) {
    this.settings = settings;
  }

  async submit(order: BrokerOrder): Promise<void> {
    if (this.hasSeen(order.id)) return;
    this.orders.set(order.id, order);
    this.dueUs = Math.min(this.dueUs, order.decidedUs + this.settings.latencyUs);
  }

  async withdraw(id: string, atUs: number, reason: string): Promise<void> {
    const order = this.orders.get(id);
    if (order !== undefined) this.end(order, atUs, "withdrawn", reason);
  }

  async knows(id: string): Promise<boolean> {
    return this.hasSeen(id);
  }

  open(): readonly BrokerOrder[] {
    return [...this.orders.values()];
  }

  reports(): readonly BrokerReport[] {
    if (this.told.length === 0) return NONE;
    const { told } = this;
    this.told = [];
    return told;
  }

  /**
   * A symbol's next arrival time begins: orders that were due before it meet the book as it still is.
   *
   * @param book - of that symbol, in its last state before `localUs`
   * @returns true where there is something to report
   */
  onTime(symbol: string, localUs: number, book: BookView): boolean {
    if (!(this.dueUs < localUs)) return false;
    for (const order of this.orders.values()) {
      if (order.symbol === symbol) this.meet(order, localUs, book);
    }
    this.dueUs = this.nextDue();
    return this.told.length > 0;
  }

  /** Orders of which it is known elsewhere that they are over, whether it has taken them or not. */
  forget(ids: ReadonlySet<string>): void {
    const { open, over } = this.save();
    this.restore({
      open: open.filter(({ id }) => !ids.has(id)),
      over: [...new Set([...over, ...ids])],
    });
  }

  save(): PaperState {
    return { open: this.open(), over: [...this.over] };
  }

  /** Takes over what a broker of the same settings saved. */
  restore({ open, over }: PaperState): void {
    this.orders.clear();
    this.over.clear();
    for (const order of open) this.orders.set(order.id, order);
    for (const id of over) this.over.add(id);
    this.dueUs = this.nextDue();
    this.told = [];
  }

  private hasSeen(id: string): boolean {
    return this.orders.has(id) || this.over.has(id);
  }

  private meet(order: BrokerOrder, localUs: number, book: BookView): void {
    const { latencyUs, fill, staleAfterUs, contractOf } = this.settings;
    const dueUs = order.decidedUs + latencyUs;
    if (!(dueUs < localUs)) return;
    // One that waits meets the first book that is one: as late as this arrival time where there was none when it was due.
    const metUs = order.waits ? Math.max(dueUs, book.lastEventUs) : dueUs;
    const mid = book.isValidAt(metUs, staleAfterUs) ? book.mid() : Number.NaN;
    if (!(mid > 0)) {
      if (!order.waits) this.end(order, dueUs, "unfilled", "there was no valid book");
      return;
    }
    const { amount, valueUsd } = fill(book, order.amount, contractOf(order.symbol));
    if (amount !== 0) this.told.push({ kind: "fill", order, atUs: metUs, amount, valueUsd, mid });
    const isWhole = amount === order.amount;
    if (isWhole) this.end(order, metUs, "filled", "");
    else this.end(order, metUs, "unfilled", "the book did not hold all of it");
  }

  private end(
    order: BrokerOrder,
    atUs: number,
    status: "filled" | "unfilled" | "withdrawn",
    reason: string,
  ): void {
    this.orders.delete(order.id);
    this.over.add(order.id);
    const [oldest] = this.over;
    if (this.over.size > REMEMBERED) this.over.delete(oldest!);
    this.told.push({ kind: "end", order, atUs, status, reason });
  }

  private nextDue(): number {
    let dueUs = Number.POSITIVE_INFINITY;
    for (const { decidedUs } of this.orders.values()) {
      dueUs = Math.min(dueUs, decidedUs + this.settings.latencyUs);
    }
    return dueUs;
  }
}

const NONE: readonly BrokerReport[] = [];
