// What is looked at in the rows of one type alone?
import type { Quotes, Trades } from "../store/tables.js";
import { clockDrift } from "./checks/clock-drift.js";
import { clockOffset } from "./checks/clock-offset.js";
import { type ContentSum, duplicateBlock } from "./checks/duplicate-block.js";
import { order } from "./checks/order.js";
import type { AuditedType, CheckResult } from "./finding.js";
import { type MessageCheck, MessageCutter, type TimedRows } from "./measuring/messages.js";
import { Pace } from "./measuring/pace.js";
import type { AuditSettings } from "./settings.js";

/** Types whose rows are ticks, one a message or several. */
export type TickType = Exclude<AuditedType, "candles">;

/** What makes up a row's content beside its times, where blocks of it may come again. */
const CONTENT: Readonly<Partial<Record<TickType, ContentSum<never>>>> = {
  trades: sidedSum,
  incremental_book_L2: sidedSum,
  quotes: quoteSum,
};

/** Irrational weights keep sums of other prices and amounts apart. */
const AMOUNT_WEIGHT = Math.SQRT2;
const ASK_WEIGHT = Math.E;

function sidedSum(
  { side, price, amount }: Pick<Trades, "side" | "price" | "amount">,
  from: number,
  to: number,
  before: number,
): number {
  let sum = before;
  for (let i = from; i < to; i++) {
    sum += (side[i]! + 3) * price[i]! + AMOUNT_WEIGHT * amount[i]!;
  }
  return sum;
}

/** A side that is empty is NaN, and counts as nothing. */
function quoteSum(rows: Quotes, from: number, to: number, before: number): number {
  let sum = before;
  for (let i = from; i < to; i++) {
    sum += (rows.bidPrice[i]! || 0) + AMOUNT_WEIGHT * (rows.bidAmount[i]! || 0);
    sum += ASK_WEIGHT * ((rows.askPrice[i]! || 0) + AMOUNT_WEIGHT * (rows.askAmount[i]! || 0));
  }
  return sum;
}

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
    const add = CONTENT[type];
    this.duplicates = add && duplicateBlock(type, add, settings.duplicate);
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
