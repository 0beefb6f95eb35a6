import type { BookView } from "../../market/book-view.js";
import { emptyTouch, type Touch } from "../../market/touch.js";
import type { AuditedType } from "../../store/audited-types.js";
import type { BookSnapshots } from "../../store/tables.js";
import type { CheckResult } from "../finding.js";

/** Types that tell of the state of a book. */
export type BookType = Extract<
  AuditedType,
  "incremental_book_L2" | "book_snapshot_25" | "book_snapshot_5" | "quotes"
>;

/** A book state as the checks look at it; filled again and again, so keep numbers and not the object. */
export interface BookState {
  readonly touch: Readonly<Touch>;
  /** Sum of the amounts of a side's best levels. */
  depth(side: "bid" | "ask", levels: number): number;
}

/** A check that looks at every state of a book; a state lasts until the next one. */
export interface StateCheck {
  update(localUs: number, state: BookState): void;
  /**
   * @param covered - µs of each hour in which there was a book, by start of the hour
   * @param medianIntervalUs - between messages of the book
   */
  finish(covered: ReadonlyMap<number, number>, medianIntervalUs: number): CheckResult;
}

/** The state of a rebuilt book. */
export class RebuiltState implements BookState {
  readonly touch: Touch = emptyTouch();
  private book: BookView | undefined;

  /** Looks at the book as it is now. */
  read(book: BookView): this {
    this.book = book;
    const { touch } = this;
    touch.bidPrice = book.bidPrice();
    touch.bidAmount = book.bidAmount();
    touch.askPrice = book.askPrice();
    touch.askAmount = book.askAmount();
    return this;
  }

  depth(side: "bid" | "ask", levels: number): number {
    if (this.book === undefined) return 0;
    return side === "bid" ? this.book.bidDepth(levels) : this.book.askDepth(levels);
  }
}

/** The state that a snapshot row shows. */
export class SnapshotState implements BookState {
  readonly touch: Touch = emptyTouch();
  private rows: BookSnapshots | undefined;
  private row = 0;

  /** Looks at a row. */
  read(rows: BookSnapshots, row: number): this {
    this.rows = rows;
    this.row = row;
    const { touch } = this;
    touch.bidPrice = rows.bidPrice[0]![row]!;
    touch.bidAmount = rows.bidAmount[0]![row]!;
    touch.askPrice = rows.askPrice[0]![row]!;
    touch.askAmount = rows.askAmount[0]![row]!;
    return this;
  }

  depth(side: "bid" | "ask", levels: number): number {
    let sum = 0;
    const amounts = this.rows?.[`${side}Amount`] ?? [];
    for (let level = 0; level < Math.min(levels, amounts.length); level++) {
      sum += amounts[level]![this.row]! || 0;
    }
    return sum;
  }
}
