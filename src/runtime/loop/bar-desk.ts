// What is done at the end of a bar, and when an order was filled: decided, written down, and only then sent.

import { DataError } from "../../core/errors.js";
import { numbersToText } from "../../core/exact-numbers.js";
import type { Position } from "../../trading/rules/exposure.js";
import type { BrokerReport } from "../broker/broker.js";
import type { DecisionRecord, JournalRecord, OrderRecord } from "../records.js";
import { type AskedBar, askMarkets } from "./ask-markets.js";
import { bookFill } from "./book-fill.js";
import { dryPlan, exitOf, type OrderPlan, orderOf, ordersAhead, planOrder } from "./order-plan.js";
import { OutsideWatch } from "./outside-watch.js";
import { TOO_LATE } from "./prior.js";
import type { WrittenRecords } from "./run-journal.js";
import type { SessionParts } from "./session.js";

/** A bar's decision with its order. */
interface Decided {
  readonly decision: DecisionRecord;
  readonly plan: OrderPlan;
}

/** What is known besides of the bar that is decided on. */
interface DecidedBeside {
  /** When its last event had come, ms of the machine's clock. */
  readonly closedMs: number;
  /** Why nobody outside of the market lets it enter; "" where they do. */
  readonly outside: string;
  readonly ahead: readonly Position[];
}

/** Decides, writes and sends. */
export class BarDesk {
  bars = 0;
  signals = 0;
  orders = 0;
  /** End of the last bar whose decisions were written down; −∞ before the first. */
  decidedUs: number;
  private readonly parts: SessionParts;
  private told: JournalRecord[] = [];
  /** What the broker has done that is written with the decisions of a bar. */
  private carried: JournalRecord[] = [];
  /** By order, the fills that it had. */
  private readonly fills = new Map<string, number>();
  /** What people and machines outside of the market say. */
  readonly outside: OutsideWatch;

  constructor(parts: SessionParts) {
    this.parts = parts;
    this.decidedUs = parts.decidedUs;
    const { control, journal, broker, prior, halted } = parts;
    const tell: BarDesk["tell"] = (...event) => this.tell(...event);
    this.outside = new OutsideWatch({ control, journal, broker, prior, halted, tell });
  }

  /** Something that an operator has to know of; written with what comes next. */
  tell(atUs: number, name: string, symbol: string, detail: string): void {
    const { run } = this.parts.settings;
    this.told.push({ kind: "risk", run, atUs, name, symbol, detail });
  }

  /**
   * Books what the broker has done, and writes it down.
   *
   * @param options.isCarried - it is written with the decisions of a bar, which come next and do not wait for the disk
   */
  async book(
    atUs: number,
    { isCarried = false }: { readonly isCarried?: boolean } = {},
  ): Promise<void> {
    const { broker, desk } = this.parts;
    const reports = broker.reports();
    for (const report of reports) {
      this.carried.push(...this.booked(report));
      // As of when it happened: a fill before midnight is part of the day's balance, whenever it is noticed.
      desk.lookAgain(report.atUs);
    }
    if (reports.length > 0 && atUs < desk.account.dayEndUs) desk.lookAgain(atUs);
    if (isCarried) return;
    const carried = this.takeCarried();
    await this.write([...carried, ...this.news()], "local");
    if (carried.length > 0) await this.parts.onOrders();
  }

  /** Takes the bars that have closed, which were decided on before. */
  pass(): void {
    for (const market of this.parts.markets) {
      for (const row of market.takeRows()) market.maker.warm(row);
    }
  }

  /** Decides on the bars that have closed at a time. */
  async decide(barEndUs: number, closedMs: number): Promise<void> {
    const { markets, desk, settings } = this.parts;
    const outside = await this.outside.look(barEndUs);
    desk.payHolding(barEndUs);
    desk.lookAgain(barEndUs);
    const decided: Decided[] = [];
    for (const asked of await askMarkets(markets, barEndUs)) {
      const planned = decided.flatMap(({ plan: { order } }) => order ?? []);
      const ahead = ordersAhead(this.parts.broker.open(), planned, markets);
      decided.push(await this.decideOn(asked, { closedMs, outside, ahead }));
    }
    if (decided.length > 0) this.bars++;
    const orders = decided.flatMap(({ plan }) => (plan.order === undefined ? [] : [plan]));
    const hasEntry = orders.some(({ order }) => order!.purpose === "entry");
    const carried = this.takeCarried();
    const records = [
      ...carried,
      ...decided.map(({ decision }) => decision),
      ...orders.map(({ order }) => order!),
      // A phase that begins is told before what the account is worth in it.
      ...this.news(),
      this.equity(barEndUs),
    ];
    const needs = hasEntry && settings.mode === "paper" ? "database" : "local";
    const { where, refused, isReduced } = await this.writeOrReduce(records, needs);
    this.decidedUs = barEndUs;
    // What was ordered before under the same identity stays as it was.
    const sound = orders.filter(({ order }) => !isAmong(refused, order!));
    const late: OrderPlan[] = [];
    const sent: OrderRecord[] = [];
    for (const plan of sound) {
      const isUnwritten = isReduced && isEntry(plan.order!);
      if (isUnwritten || (await this.outside.isTooLate(plan.order!, where))) late.push(plan);
      else sent.push(plan.order!);
    }
    const ends = isReduced ? [] : late.map(({ order }) => this.takenBack(order!, barEndUs));
    const exits = late.flatMap((plan) => exitOf(settings.run, plan));
    await this.write([...ends, ...exits], "local");
    const all = [...sent, ...exits];
    await this.sendAll(all);
    if (carried.length > 0 && all.length === 0) await this.parts.onOrders();
  }

  /** Closes everything where the account or an operator wants that; one order a symbol and bar. */
  async flatten(atUs: number, openBarEndUs: number): Promise<void> {
    const { desk, broker, portfolio, markets, settings, limits } = this.parts;
    if (settings.mode !== "paper") return;
    if (desk.action !== "flatten" && this.outside.halted === "") return;
    const { run } = settings;
    const records: OrderRecord[] = [];
    for (const order of broker.open()) {
      if (!order.waits) await broker.withdraw(order.id, atUs, "everything is closed");
    }
    await this.book(atUs);
    const closing = new Set(broker.open().map(({ symbol }) => symbol));
    for (const [index, { symbol }] of markets.entries()) {
      portfolio.traders[index]!.release();
      const amount = -portfolio.position(index);
      if (amount === 0 || closing.has(symbol)) continue;
      const named = { symbol, barEndUs: openBarEndUs, amount, hasEntry: false };
      const order = orderOf(run, { ...named, strategy: `${run}/flatten` });
      records.push({ ...order, purpose: "flatten", decidedUs: atUs });
      await limits.take(atUs, desk.account.date, { isExit: true });
    }
    if (records.length === 0) return;
    await this.write([...records, ...this.news()], "local");
    await this.sendAll(records);
  }

  private async decideOn(
    { market, index, row, signal }: AskedBar,
    { closedMs, outside, ahead }: DecidedBeside,
  ): Promise<Decided> {
    const { settings, model, desk, broker } = this.parts;
    const { symbol } = market;
    const { barEndUs } = row;
    const isOutside = this.outside.reasonAt(symbol, barEndUs, outside);
    const barred = desk.entryBar(barEndUs);
    const inside = barred === "" ? "" : `risk: ${barred}`;
    const gate = isOutside || inside;
    const isWaiting = broker.open().some((order) => order.symbol === symbol);
    const bar = { symbol, index, row, signal, gate, isWaiting, ahead };
    const plan = settings.mode === "paper" ? await planOrder(this.parts, bar) : dryPlan(bar);
    if (plan.side !== 0) this.signals++;
    else market.maker.unstake();
    const { run } = settings;
    const decision: DecisionRecord = {
      ...{ kind: "decision", run, symbol, barEndUs, model },
      probability: signal.probability,
      side: plan.side,
      // Told before anything else, so that whoever decides on this bar again knows it.
      reason: isOutside || plan.reason,
      mid: row.mid,
      features: numbersToText(row.values),
      valid: row.valid.toString(),
      tookUs: Math.round(1e3 * (performance.now() - closedMs)),
    };
    return { decision, plan };
  }

  private booked(report: BrokerReport): readonly JournalRecord[] {
    const { settings, portfolio, desk, markets } = this.parts;
    const { run } = settings;
    const { order, atUs } = report;
    if (report.kind === "end") {
      this.fills.delete(order.id);
      const { status, reason } = report;
      return [{ kind: "order-end", run, orderId: order.id, atUs, status, reason }];
    }
    const { amount, valueUsd, mid } = report;
    const index = markets.findIndex(({ symbol }) => symbol === order.symbol);
    const fill = { orderId: order.id, atUs, amount, valueUsd, mid };
    const { feeUsd, closed } = bookFill(portfolio, desk, index, fill);
    const number = this.fills.get(order.id) ?? 0;
    this.fills.set(order.id, number + 1);
    const { symbol } = order;
    return [
      { kind: "fill", run, number, symbol, ...fill, feeUsd },
      ...closed.map((lot) => ({ kind: "trade", run, symbol, ...lot }) as const),
    ];
  }

  /** What is written down of an entry that came too late. */
  private takenBack({ id: orderId }: OrderRecord, atUs: number): JournalRecord {
    const { run } = this.parts.settings;
    return { kind: "order-end", run, orderId, atUs, status: "withdrawn", reason: TOO_LATE };
  }

  private async sendAll(orders: readonly OrderRecord[]): Promise<void> {
    for (const order of orders) await this.send(order);
    if (orders.length > 0) await this.parts.onOrders();
  }

  private async send(order: OrderRecord): Promise<void> {
    const { settings, broker } = this.parts;
    if (settings.mode !== "paper") return;
    const { id, symbol, side, amount, decidedUs, purpose } = order;
    this.orders++;
    const waits = purpose === "flatten";
    await broker.submit({ id, symbol, amount: side * amount, decidedUs, waits });
  }

  private equity(atUs: number): JournalRecord {
    const { settings, desk, portfolio } = this.parts;
    const { dailyUsd, maximumUsd } = desk.floors();
    const { balanceUsd, equityUsd } = desk.value();
    const floors = { dailyFloorUsd: dailyUsd, maximumFloorUsd: maximumUsd };
    const { exposureUsd } = portfolio.value();
    const { run } = settings;
    return { kind: "equity", run, atUs, equityUsd, balanceUsd, ...floors, exposureUsd };
  }

  private takeCarried(): readonly JournalRecord[] {
    const { carried } = this;
    this.carried = [];
    return carried;
  }

  private news(): readonly JournalRecord[] {
    const { run } = this.parts.settings;
    const news = this.parts.desk
      .takeNews()
      .map((one) => ({ kind: "risk", run, symbol: "", ...one }) as const);
    const { told } = this;
    this.told = [];
    return [...told, ...news];
  }

  /** Where a full disk takes no entry, all else is still written where it can be: exits go on. */
  private async writeOrReduce(
    records: readonly JournalRecord[],
    needs: "database" | "local",
  ): Promise<WrittenRecords & { readonly isReduced: boolean }> {
    try {
      return { ...(await this.write(records, needs)), isReduced: false };
    } catch (error) {
      if (!(error instanceof DataError) || needs === "local") throw error;
      const rest = records.filter((record) => !isEntry(record));
      return { ...(await this.write(rest, "local")), isReduced: true };
    }
  }

  private async write(
    records: readonly JournalRecord[],
    needs: "database" | "local",
  ): Promise<WrittenRecords> {
    if (records.length === 0) return { where: "file", refused: [] };
    const { journal, watcher, onNews } = this.parts;
    if (records.some(({ kind }) => kind === "risk")) await onNews(records);
    const startMs = performance.now();
    const written = await journal.write(records, needs);
    watcher.journalTook(1e3 * (performance.now() - startMs));
    for (const record of records) watcher.record(record);
    return written;
  }
}

/** True for an order that opens something. */
function isEntry(record: JournalRecord): boolean {
  return record.kind === "order" && record.purpose === "entry";
}

function isAmong(refused: readonly JournalRecord[], { id }: OrderRecord): boolean {
  return refused.some((record) => record.kind === "order" && record.id === id);
}
