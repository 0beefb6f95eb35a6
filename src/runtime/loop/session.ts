// The loop: feed → features → model → signal → risk → limits → journal → order. Events stand still while a bar is decided on.
import type { BookView } from "../../market/book-view.js";
import type { Portfolio } from "../../trading/portfolio.js";
import type { Broker } from "../broker/broker.js";
import type { Feed, FeedKeeper, FeedSource } from "../feed/feed.js";
import type { JournalRecord } from "../records.js";
import type { OrderLimits } from "../risk/order-limits.js";
import type { RiskDesk } from "../risk/risk-desk.js";
import { BarDesk } from "./bar-desk.js";
import type { Control } from "./control.js";
import type { Pacer } from "./pacer.js";
import type { Prior } from "./prior.js";
import type { RunJournal } from "./run-journal.js";
import type { RunSettings } from "./run-settings.js";
import type { RunWatcher } from "./run-watcher.js";
import type { SymbolMarket } from "./symbol-market.js";

/** A broker that is told the market's time: one that stands for an exchange and has no clock of its own. */
export interface PacedBroker extends Broker {
  onTime(symbol: string, localUs: number, book: BookView): boolean;
}

/** What a session is made of. */
export interface SessionParts {
  readonly settings: RunSettings;
  readonly barUs: number;
  /** `NAME@version` of the model that is asked. */
  readonly model: string;
  readonly markets: readonly SymbolMarket[];
  readonly source: FeedSource;
  readonly journal: RunJournal;
  readonly broker: PacedBroker;
  readonly portfolio: Portfolio;
  readonly desk: RiskDesk;
  readonly limits: OrderLimits;
  readonly control: Control;
  readonly watcher: RunWatcher;
  readonly pacer: Pacer;
  /** What an earlier process of the run wrote down of the time that is gone through again. */
  readonly prior: Prior;
  /** The order to stop that it had found; "" for none. */
  readonly halted: string;
  /** End of the last bar that is not decided on, since an earlier process did; −∞ where none did. */
  readonly decidedUs: number;
  /** Called after each bar, when all of it is done: time for a checkpoint, or to wait for the clock. */
  readonly onBar: (barEndUs: number) => Promise<void>;
  /** Called when orders were sent or filled, after that was written down. */
  readonly onOrders: () => Promise<void>;
  /** Called before records are written that tell of something an operator has to know. */
  readonly onNews: (records: readonly JournalRecord[]) => Promise<void>;
}

/** Counts of what a session did. */
export interface SessionCounts {
  readonly events: number;
  readonly bars: number;
  readonly signals: number;
  readonly orders: number;
}

/** How often an operator's word is looked for between bars, ms of the machine's clock. */
const LOOK_EVERY_MS = 500;

/** Drives a run from a moment on. Markets call back into it: make them with its `hooks`. */
export class Session implements FeedKeeper {
  private parts: SessionParts | undefined;
  private desk: BarDesk | undefined;
  private timeUs = Number.NEGATIVE_INFINITY;
  private nextBarEndUs = Number.NaN;
  private isPausing = false;
  private isStopping = false;
  /** True while nothing of the present arrival time has been told. */
  private isBetweenTimes = false;
  private events = 0;
  /** When the loop saw the event that closed the bar, ms of the machine's clock. */
  private closedMs = 0;
  private nextLookMs = 0;

  /** For the markets. */
  readonly hooks = {
    onTime: (symbol: number, localUs: number, book: BookView): void => {
      const { broker, markets, watcher } = this.parts!;
      this.events++;
      this.isBetweenTimes = false;
      const { symbol: name } = markets[symbol]!;
      watcher.event(name, localUs);
      if (broker.onTime(name, localUs, book)) this.isPausing = true;
    },
    onBook: (symbol: number, localUs: number, book: BookView): void => {
      const { portfolio, desk } = this.parts!;
      if (book.isOrdered()) portfolio.mark(symbol, book.bidPrice(), book.askPrice(), localUs);
      if (portfolio.position(symbol) !== 0 && desk.look(localUs)) this.isPausing = true;
    },
  } as const;

  /** Hands over the parts; the markets among them were made with the hooks. */
  begin(parts: SessionParts): void {
    this.parts = parts;
    this.desk = new BarDesk(parts);
  }

  get counts(): SessionCounts {
    const { bars, signals, orders } = this.desk!;
    return { events: this.events, bars, signals, orders };
  }

  /** Time that has come; where the run stands still, nothing that arrived at it or after it has been told. */
  get nextUs(): number {
    return this.timeUs;
  }

  /** End of the last bar whose decisions were written down; −∞ before the first. */
  get decidedUs(): number {
    return this.desk!.decidedUs;
  }

  /** The order to stop that was found last; "" for none. */
  get halted(): string {
    return this.desk!.outside.halted;
  }

  /** Ends the run after the bar that is worked on, before the next arrival time. */
  stop(): void {
    this.isStopping = true;
    this.isPausing = true;
  }

  onTime(localUs: number): void {
    this.timeUs = localUs;
    const { barUs, markets, pacer } = this.parts!;
    if (pacer.isDue(localUs) || performance.now() >= this.nextLookMs) this.isPausing = true;
    if (localUs >= this.desk!.outside.nextHaltUs) this.isPausing = true;
    // What is held is valued as soon as time goes on anywhere.
    for (const { stream } of markets) stream.settle(localUs);
    this.isBetweenTimes = true;
    if (this.isStopping) this.isPausing = true;
    if (Number.isNaN(this.nextBarEndUs)) {
      this.nextBarEndUs = (Math.floor(localUs / barUs) + 1) * barUs;
    }
    if (localUs < this.nextBarEndUs) return;
    this.isPausing = true;
    this.closedMs = performance.now();
  }

  isPaused(): boolean {
    return this.isPausing;
  }

  onDisconnect(localUs: number): void {
    for (const market of this.parts!.markets) market.disconnect();
    this.tell(localUs, "feed-lost", "", "the connection was lost; books are unknown");
  }

  onStale(symbol: string, isStale: boolean): void {
    const market = this.parts!.markets.find((one) => one.symbol === symbol);
    if (market === undefined) return;
    market.isFeedGood = !isStale;
    const detail = isStale ? "no book event for too long" : "events are back";
    this.tell(this.timeUs, isStale ? "feed-stale" : "feed-fresh", symbol, detail);
  }

  /**
   * Runs from a moment to the end of the feed, or until it is stopped.
   *
   * @param fromUs - events that arrive from this time on
   * @param options.bar - end of the last bar that was decided on, where the run goes on from there
   * @param options.untilUs - end of the feed's time: bars that end up to here are closed at its end
   * @returns true at the end of the feed
   * @throws {DataError} what the feed reads is damaged, or a decision can be written nowhere
   */
  async run(
    fromUs: number,
    { bar, untilUs }: { readonly bar?: number; readonly untilUs?: number } = {},
  ): Promise<boolean> {
    const { markets, source, barUs } = this.parts!;
    if (bar !== undefined) {
      this.nextBarEndUs = bar + barUs;
      // The bar before may have left something to be done when time goes on.
      this.isPausing = true;
    }
    const feed = await source.open(markets, this, fromUs);
    try {
      const isEnded = await this.drive(feed);
      if (isEnded) await this.end(untilUs);
      return isEnded;
    } finally {
      await feed.close();
    }
  }

  /** Before the first event nobody knows what time it is, and nothing can go wrong yet. */
  private tell(atUs: number, name: string, symbol: string, detail: string): void {
    if (!Number.isFinite(atUs)) return;
    this.desk!.tell(atUs, name, symbol, detail);
    this.isPausing = true;
  }

  private async drive(feed: Feed): Promise<boolean> {
    const { canRewind } = this.parts!.source;
    while (await feed.run()) {
      await this.settle();
      // Whoever goes on reads events again from an arrival time on, all of it or nothing.
      if (this.isStopping && (this.isBetweenTimes || !canRewind)) return false;
    }
    return canRewind || !this.isStopping;
  }

  /** Whether there is a bar to be worked on. */
  private get hasClosed(): boolean {
    return this.timeUs >= this.nextBarEndUs && !this.isStopping;
  }

  /** Does all that events have asked for, in order of time. */
  private async settle(): Promise<void> {
    const { pacer } = this.parts!;
    const desk = this.desk!;
    await this.lookOutside();
    if (pacer.isDue(this.timeUs)) {
      await pacer.wait(this.timeUs);
      // To whoever looks on, the event comes now.
      this.closedMs = performance.now();
    }
    try {
      await this.closeBars();
    } catch (error) {
      // What was filled is written down, even where the decisions that it was to be written with fail.
      await desk.book(this.timeUs).catch(() => undefined);
      throw error;
    }
    await desk.flatten(this.timeUs, this.nextBarEndUs);
    this.isPausing = false;
  }

  private async closeBars(): Promise<void> {
    const { markets, barUs, onBar } = this.parts!;
    const desk = this.desk!;
    let hasClosed = this.hasClosed;
    await desk.book(this.timeUs, { isCarried: hasClosed });
    while (hasClosed) {
      const barEndUs = this.nextBarEndUs;
      const isNew = barEndUs > desk.decidedUs;
      for (const market of markets) market.closeBars(barEndUs);
      await desk.book(barEndUs, { isCarried: isNew });
      if (isNew) await desk.decide(barEndUs, this.closedMs);
      else desk.pass();
      this.nextBarEndUs = barEndUs + barUs;
      await onBar(barEndUs);
      hasClosed = this.hasClosed;
    }
  }

  /** Between bars, too: whoever halts a run does not wait for one to end. */
  private async lookOutside(): Promise<void> {
    // Whoever goes through this time again looks at its begin, too.
    if (!this.isBetweenTimes && this.parts!.source.canRewind) return;
    const nowMs = performance.now();
    if (nowMs < this.nextLookMs && this.timeUs < this.desk!.outside.nextHaltUs) return;
    this.nextLookMs = nowMs + LOOK_EVERY_MS;
    await this.desk!.outside.look(this.timeUs);
  }

  /** The feed has ended: bars are closed up to the end of its time, or else the one of its last event. */
  private async end(untilUs: number | undefined): Promise<void> {
    const { markets } = this.parts!;
    this.isStopping = false;
    for (const { stream } of markets) stream.finish();
    const hasEvents = this.timeUs > Number.NEGATIVE_INFINITY;
    if (untilUs !== undefined) this.timeUs = Math.max(this.timeUs, untilUs);
    else if (hasEvents) this.timeUs = Math.max(this.timeUs, this.nextBarEndUs);
    this.closedMs = performance.now();
    await this.settle();
  }
}
