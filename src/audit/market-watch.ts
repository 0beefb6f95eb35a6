// What is looked at where several types meet: book states, trades, quotes and snapshots in arrival order?
import type { BookView } from "../market/book-view.js";
import type { MarketListener } from "../market/market-stream.js";
import { emptyTouch } from "../market/touch.js";
import type { AuditedType } from "../store/audited-types.js";
import type { BookSnapshots, Quotes } from "../store/tables.js";
import { crossedBook } from "./checks/crossed-book.js";
import { lockedBook } from "./checks/locked-book.js";
import { oneSided } from "./checks/one-sided.js";
import { Outliers } from "./checks/outlier.js";
import { QuoteMismatch } from "./checks/quote-mismatch.js";
import { SnapshotMismatch } from "./checks/snapshot-mismatch.js";
import type { CheckResult } from "./finding.js";
import {
  type BookType,
  RebuiltState,
  SnapshotState,
  type StateCheck,
} from "./measuring/book-state.js";
import { BookSums } from "./measuring/level-sums.js";
import type { AgreementCounts } from "./measuring/mismatch.js";
import type { AuditSettings } from "./settings.js";
import { TradedTouch } from "./traded-touch.js";

/** Types that show best prices, the best known first. */
const TOUCH_TYPES = [
  "incremental_book_L2",
  "book_snapshot_25",
  "book_snapshot_5",
  "quotes",
] as const;

/** What is known of a type's stream after its last row. */
export interface StreamFacts {
  /** µs of each hour that it covers, by start of the hour. */
  readonly covered: ReadonlyMap<number, number>;
  readonly medianIntervalUs: number;
  /** A pause longer than this is none of its pace's, µs. */
  readonly gapUs: number;
}

/** Watches a market's events in arrival order and hands them to the checks that need several types. */
export class MarketWatch implements MarketListener {
  private readonly states: ReadonlyMap<BookType, readonly StateCheck[]>;
  /**
   * Of which one is held against the trades: the best known that has a state at all, which a book without a snapshot never has.
   * A state rules out all behind its own, so that there is one as soon as the best has begun.
   */
  private readonly touches: TradedTouch[];
  private readonly tradeOutliers: Outliers;
  private readonly quoteOutliers: Outliers;
  /** The best told book beside the quotes: which it is, and how it compares. */
  private readonly told: BookType | undefined;
  private readonly quotes: QuoteMismatch | undefined;
  private readonly snapshots: ReadonlyMap<BookType, SnapshotMismatch>;
  private readonly compared: readonly SnapshotMismatch[];
  private readonly sums: BookSums;
  private readonly rebuilt = new RebuiltState();
  private readonly shown = new SnapshotState();
  private readonly quoted = { touch: emptyTouch(), depth: () => Number.NaN };

  /** @param types - the types that are replayed */
  constructor(types: ReadonlySet<AuditedType>, settings: AuditSettings) {
    const shown = TOUCH_TYPES.filter((type) => types.has(type));
    this.states = new Map(
      shown.map((type) => [
        type,
        [
          crossedBook(type, settings.crossedBook),
          lockedBook(type, settings.lockedBook),
          oneSided(type, settings.oneSided),
        ],
      ]),
    );
    this.tradeOutliers = new Outliers("trades", settings.outlier);
    this.quoteOutliers = new Outliers("quotes", settings.outlier);
    this.told = TOUCH_TYPES.find((type) => type !== "quotes" && types.has(type));
    this.quotes =
      this.told !== undefined && types.has("quotes")
        ? new QuoteMismatch(this.told, settings.quoteMismatch)
        : undefined;
    const depths = types.has("incremental_book_L2")
      ? ([5, 25] as const).filter((depth) => types.has(`book_snapshot_${depth}`))
      : [];
    this.sums = new BookSums(depths);
    this.snapshots = new Map(
      depths.map((depth) => [
        `book_snapshot_${depth}`,
        new SnapshotMismatch(depth, settings.snapshotMismatch),
      ]),
    );
    this.compared = [...this.snapshots.values()];
    const hasTrades = types.has("trades");
    this.touches = shown.map((type) => new TradedTouch(type, settings, hasTrades));
  }

  onTrade(localUs: number, _exchangeUs: number, side: number, price: number, amount: number): void {
    for (const touch of this.touches) touch.trade(localUs, side, price);
    this.tradeOutliers.addPrice(localUs, price);
    this.tradeOutliers.addAmount(localUs, amount);
  }

  onBook(localUs: number, book: BookView): void {
    const state = this.rebuilt.read(book);
    this.look("incremental_book_L2", localUs, state);
    this.quotes?.addState(localUs, state.touch);
    if (this.compared.length === 0) return;
    const { prices, all } = this.sums.read(book);
    for (let i = 0; i < this.compared.length; i++) {
      this.compared[i]!.addState(localUs, prices[i]!, all[i]!);
    }
  }

  onQuote(localUs: number, rows: Quotes, row: number): void {
    const { touch } = this.quoted;
    touch.bidPrice = rows.bidPrice[row]!;
    touch.bidAmount = rows.bidAmount[row]!;
    touch.askPrice = rows.askPrice[row]!;
    touch.askAmount = rows.askAmount[row]!;
    this.look("quotes", localUs, this.quoted);
    this.quoteOutliers.addPrice(localUs, (touch.bidPrice + touch.askPrice) / 2);
    this.quoteOutliers.addAmount(localUs, touch.bidAmount);
    this.quoteOutliers.addAmount(localUs, touch.askAmount);
    this.quotes?.addQuote(localUs, touch);
  }

  onSnapshot(localUs: number, rows: BookSnapshots, row: number): void {
    const type = rows.bidPrice.length > 5 ? "book_snapshot_25" : "book_snapshot_5";
    const state = this.shown.read(rows, row);
    this.look(type, localUs, state);
    if (type === this.told) this.quotes?.addState(localUs, state.touch);
    this.snapshots.get(type)?.addSnapshot(localUs, rows, row);
  }

  /** How often the book's best prices stood in the quotes in an hour; undefined where they were not compared. */
  quoteAgreement(hourUs: number): AgreementCounts | undefined {
    return this.told === "incremental_book_L2" ? this.quotes?.mismatch.hour(hourUs) : undefined;
  }

  /** What was found, after the last event. */
  finish(factsOf: (type: AuditedType) => StreamFacts): readonly CheckResult[] {
    this.quotes?.finish();
    for (const check of this.compared) check.finish();
    const coveredOf = (type: BookType): ReadonlyMap<number, number> => factsOf(type).covered;
    return [
      ...[...this.states].flatMap(([type, checks]) => {
        const { covered, medianIntervalUs } = factsOf(type);
        return checks.map((check) => check.finish(covered, medianIntervalUs));
      }),
      ...(this.touches.find(({ isKnown }) => isKnown)?.finish(factsOf) ?? []),
      this.tradeOutliers.finish(),
      this.quoteOutliers.finish(),
      ...(this.quotes === undefined ? [] : [this.quotes.mismatch.finish(coveredOf(this.told!))]),
      ...this.compared.map(({ mismatch }) => mismatch.finish(coveredOf("incremental_book_L2"))),
    ];
  }

  private look(type: BookType, localUs: number, state: Parameters<StateCheck["update"]>[1]): void {
    for (const check of this.states.get(type)!) check.update(localUs, state);
    const { touches } = this;
    for (let i = 0; i < touches.length; i++) {
      if (touches[i]!.type !== type) continue;
      touches[i]!.update(localUs, state);
      if (touches.length > i + 1) touches.length = i + 1;
      return;
    }
  }
}
