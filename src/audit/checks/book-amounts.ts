// Which amounts of the book's changes cannot be?
import type { BookChanges } from "../../store/tables.js";
import type { CheckResult } from "../finding.js";
import { amountLimit } from "../measuring/amount-limit.js";
import { hourOfDay } from "../measuring/hours.js";
import { LargeAmounts } from "../measuring/large-amounts.js";
import type { MessageBatch } from "../measuring/messages.js";
import type { Pace } from "../measuring/pace.js";
import type { AuditSettings } from "../settings.js";
import { outlierResult } from "./outlier.js";

/** Amounts of a book's changes far beyond those of the day. There are so many that most of them are only sampled. */
export class BookAmounts {
  private readonly settings: AuditSettings["outlier"];
  private readonly amounts = new LargeAmounts();

  constructor(settings: AuditSettings["outlier"]) {
    this.settings = settings;
  }

  /** Takes further changes. */
  update({ rows }: MessageBatch<BookChanges>): void {
    this.amounts.add(rows.localTimestampUs, rows.amount);
  }

  /** What was found. */
  finish({ rowsByHour }: Pick<Pace, "rowsByHour">): CheckResult {
    const limit = amountLimit(this.amounts.sizes(), this.settings);
    const odd = { amounts: this.amounts.large.from(limit), limit };
    const rowsOf = (hourUs: number): number => rowsByHour[hourOfDay(hourUs)]!;
    return outlierResult("incremental_book_L2", odd, rowsOf, this.settings);
  }
}
