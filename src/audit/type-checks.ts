// What is looked at in the rows of one type alone?
import type { BookChanges, Quotes, Trades } from "../store/tables.js";
import { clockDrift } from "./checks/clock-drift.js";
import { clockOffset } from "./checks/clock-offset.js";
import { type Content, duplicateBlock } from "./checks/duplicate-block.js";
import { order } from "./checks/order.js";
import type { AuditedType, CheckResult } from "./finding.js";
import { type MessageCheck, MessageCutter, type TimedRows } from "./measuring/messages.js";
import { Pace } from "./measuring/pace.js";
import type { AuditSettings } from "./settings.js";

/** Types whose rows are ticks, one a message or several. */
export type TickType = Exclude<AuditedType, "candles">;

/** What makes up a row's content beside its times, where blocks of it may come again. */
const CONTENT: Readonly<Partial<Record<TickType, (rows: never) => readonly Content[]>>> = {
  trades: ({ side, price, amount }: Trades) => [side, price, amount],
  incremental_book_L2: ({ side, price, amount }: BookChanges) => [side, price, amount],
  quotes: (rows: Quotes) => [rows.bidPrice, rows.bidAmount, rows.askPrice, rows.askAmount],
};

/** The checks of one type's rows. */
export class TypeChecks {
  readonly pace: Pace;
  private readonly cutter = new MessageCutter<TimedRows>();
  private readonly checks: readonly MessageCheck[];
  private readonly duplicates: MessageCheck<never> | undefined;
  private readonly others: MessageCheck<never>[] = [];

  constructor(type: TickType, settings: AuditSettings) {
    this.pace = new Pace(settings.gap[type]);
    this.checks = [
      order(type, settings.order),
      clockOffset(type, settings.clockOffset),
      clockDrift(type, settings.clockDrift),
    ];
    const content = CONTENT[type];
    this.duplicates = content && duplicateBlock(type, content, settings.duplicate);
  }

  /** Adds a check of this type's own. */
  also<Rows extends TimedRows>(check: Pick<MessageCheck<Rows>, "update">): void {
    this.others.push({ ...check, update: (batch) => check.update(batch), finish: nothing });
  }

  /** Takes further rows. */
  update(rows: TimedRows): void {
    const batch = this.cutter.cut(rows);
    this.pace.update(batch);
    for (const check of this.checks) check.update(batch);
    this.duplicates?.update(batch as never);
    for (const check of this.others) check.update(batch as never);
  }

  /** What was found, without duplicates. */
  finish(): readonly CheckResult[] {
    return this.checks.map((check) => check.finish());
  }

  /** Blocks of messages that came again; a type with ids is judged by these. */
  duplicateBlocks(): CheckResult {
    return this.duplicates?.finish() ?? nothing();
  }
}

function nothing(): CheckResult {
  return { findings: [], marks: [] };
}
