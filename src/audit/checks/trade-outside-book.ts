// Which trades were made at prices that the book did not have?
import { counted } from "../../core/counted.js";
import { SECOND_US } from "../../core/time.js";
import { SlidingRows } from "../../market/sliding-rows.js";
import { type CheckResult, CLEAN } from "../finding.js";
import type { BookState } from "../measuring/book-state.js";
import { HourlyCount } from "../measuring/hours.js";
import { Stretches } from "../measuring/stretches.js";
import type { AuditSettings } from "../settings.js";

/**
 * Trades outside the widest range of best bid and ask around them. Trades and book come by different lines, and a book
 * that is told every 100 ms or 2 s has moved meanwhile: the range takes in all states of a window around the trade, the one
 * in force when it begins and the first after its end, so that it reaches as far as the book's own updates lie apart.
 */
export class TradesOutsideBook {
  private readonly settings: AuditSettings["tradeOutsideBook"];
  private readonly states = new SlidingRows();
  private readonly trades = new SlidingRows();
  private readonly compared = new HourlyCount();
  private readonly outside = new HourlyCount();
  private readonly places = new Stretches();
  private comparedCount = 0;
  private worstBps = 0;

  constructor(settings: AuditSettings["tradeOutsideBook"]) {
    this.settings = settings;
  }

  /** Takes a state of the book, in arrival order with the trades. */
  addState(localUs: number, { touch: { bidPrice, askPrice } }: BookState): void {
    this.states.push(localUs, bidPrice, askPrice, 0, 0);
    this.settle(localUs);
  }

  /** Takes a trade. */
  addTrade(localUs: number, price: number): void {
    const { trades, states } = this;
    if (states.end === 0) return;
    // Without a book that is near there is nothing to be outside of: that is a stale book's to tell.
    const nearUs = localUs - this.settings.reachSeconds * SECOND_US;
    while (trades.first < trades.end && trades.timeUs(trades.first) < nearUs) trades.first++;
    if (states.timeUs(states.end - 1) >= nearUs) trades.push(localUs, price, 0, 0, 0);
  }

  /** What was found, after the last event. */
  finish(): CheckResult {
    if (this.places.count === 0) return CLEAN;
    const { usableAbove, badAbove } = this.settings;
    const marks = [...this.outside.entries()].flatMap(([hourUs, count]) => {
      const share = count / this.compared.of(hourUs);
      if (share <= usableAbove) return [];
      const reason = `${counted(count, "trade")} outside the book`;
      return [{ hourUs, verdict: share > badAbove ? "bad" : "usable", reason } as const];
    });
    const share = this.places.count / this.comparedCount;
    if (share <= usableAbove && marks.length === 0) return CLEAN;
    const finding = {
      check: "trade-outside-book",
      type: "trades",
      count: this.places.count,
      firstUs: this.places.firstUs,
      isFatal: false,
      value: this.worstBps,
      unit: "bps",
      detail:
        `${this.places.count.toLocaleString("en-US")} of ${counted(this.comparedCount, "trade")} outside the book around them, ` +
        `by up to ${this.worstBps.toFixed(1)} bps`,
      spans: this.places.spans(),
    } as const;
    return { findings: [finding], marks };
  }

  /** Judges the trades whose windows ended before a time at which there is a state. */
  private settle(nowUs: number): void {
    const { trades, states } = this;
    const windowUs = this.settings.windowSeconds * SECOND_US;
    while (trades.first < trades.end && trades.timeUs(trades.first) + windowUs < nowUs) {
      const localUs = trades.timeUs(trades.first);
      states.dropBefore(localUs - windowUs);
      // The state that ends the window is the newest.
      const isNear = nowUs <= localUs + this.settings.reachSeconds * SECOND_US;
      if (isNear) this.judge(localUs, trades.value(trades.first, 1), localUs + windowUs);
      trades.first++;
    }
    if (trades.first === trades.end) states.dropBefore(nowUs - 2 * windowUs);
  }

  private judge(localUs: number, price: number, untilUs: number): void {
    const { states } = this;
    let low = Number.POSITIVE_INFINITY;
    let high = 0;
    for (let row = states.first; row < states.end; row++) {
      const bid = states.value(row, 1);
      const ask = states.value(row, 2);
      // A crossed book's range is that between its prices all the same.
      if (bid > 0 && ask > 0) {
        low = Math.min(low, bid, ask);
        high = Math.max(high, bid, ask);
        // The range only grows: whatever comes, the trade is inside.
        if (low <= price && price <= high) break;
      }
      if (states.timeUs(row) > untilUs) break;
    }
    if (high === 0) return;
    this.comparedCount++;
    this.compared.add(localUs);
    const outsideBps = 1e4 * Math.max(1 - price / low, price / high - 1);
    // Where the range itself is wide, the market is: it takes more than its width to be outside.
    const widthBps = 1e4 * (high / low - 1);
    if (!(outsideBps > Math.max(this.settings.leastBps, widthBps))) return;
    this.outside.add(localUs);
    this.places.add(localUs, localUs);
    this.worstBps = Math.max(this.worstBps, outsideBps);
  }
}
