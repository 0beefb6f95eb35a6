// What is held against the trades, of one type that shows best prices?
import type { AuditedType } from "../store/audited-types.js";
import { frozenLevel, type TradedStateCheck } from "./checks/frozen-level.js";
import { regimeBreak } from "./checks/regime-break.js";
import { staleBook } from "./checks/stale-book.js";
import { TradesOutsideBook } from "./checks/trade-outside-book.js";
import { ZeroVolume } from "./checks/zero-volume.js";
import type { CheckResult } from "./finding.js";
import type { StreamFacts } from "./market-watch.js";
import type { BookState, BookType, StateCheck } from "./measuring/book-state.js";
import type { AuditSettings } from "./settings.js";

/** The states of one type beside the trades, in arrival order. */
export class TradedTouch {
  readonly type: BookType;
  /** Whether there was a state. */
  isKnown = false;
  private readonly traded: readonly TradedStateCheck[];
  private readonly regimes: StateCheck;
  private readonly outside: TradesOutsideBook;
  private readonly zeroVolume: ZeroVolume;
  private readonly hasTrades: boolean;

  /** @param hasTrades - false where the day has none, so that nothing need be held against them */
  constructor(type: BookType, settings: AuditSettings, hasTrades: boolean) {
    this.type = type;
    this.hasTrades = hasTrades;
    this.traded = [frozenLevel(type, settings.frozenLevel), staleBook(type, settings.staleBook)];
    this.regimes = regimeBreak(type, settings.regimeBreak);
    this.outside = new TradesOutsideBook(settings.tradeOutsideBook);
    this.zeroVolume = new ZeroVolume(settings.zeroVolume);
  }

  /** Takes a state. */
  update(localUs: number, state: BookState): void {
    this.isKnown = true;
    this.regimes.update(localUs, state);
    if (!this.hasTrades) return;
    for (const check of this.traded) check.update(localUs, state);
    this.outside.addState(localUs, state);
    this.zeroVolume.addTouch(localUs, state.touch.bidPrice, state.touch.askPrice);
  }

  /** Takes a trade; `side` is the aggressor's. */
  trade(localUs: number, side: number, price: number): void {
    for (const check of this.traded) check.trade(localUs, side, price);
    this.outside.addTrade(localUs, price);
    this.zeroVolume.addTrade(localUs);
  }

  /** What was found, after the last event. */
  finish(factsOf: (type: AuditedType) => StreamFacts): readonly CheckResult[] {
    const { covered, medianIntervalUs } = factsOf(this.type);
    return [
      ...this.traded.map((check) => check.finish(covered, medianIntervalUs)),
      this.regimes.finish(covered, medianIntervalUs),
      this.outside.finish(),
      this.zeroVolume.finish(factsOf("trades")),
    ];
  }
}
