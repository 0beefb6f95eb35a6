// What is looked at in the rows of one type alone?

import type { AuditedType } from "../store/audited-types.js";
import type { BookSnapshots, Quotes, Trades } from "../store/tables.js";
import { clockDrift } from "./checks/clock-drift.js";
import { clockOffset } from "./checks/clock-offset.js";
import { type ContentSum, duplicateBlock } from "./checks/duplicate-block.js";
import { exchangeTime } from "./checks/exchange-time.js";
import { order } from "./checks/order.js";
import type { CheckResult } from "./finding.js";
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
  book_snapshot_25: snapshotSum,
  book_snapshot_5: snapshotSum,
};

/** An irrational weight keeps asks and bids apart. */
const ASK_WEIGHT = Math.E;

function sidedSum(
  { side, price, amount }: Pick<Trades, "side" | "price" | "amount">,
  from: number,
  to: number,
  sums: Float64Array,
): void {
  let prices = sums[0]!;
  let amounts = sums[1]!;
  for (let i = from; i < to; i++) {
    prices += (side[i]! + 3) * price[i]!;
    amounts += amount[i]!;
  }
  sums[0] = prices;
  sums[1] = amounts;
}

/** A side that is empty is NaN, and counts as nothing. */
function quoteSum(
  { bidPrice, bidAmount, askPrice, askAmount }: Quotes,
  from: number,
  to: number,
  sums: Float64Array,
): void {
  for (let i = from; i < to; i++) {
    sums[0]! += (bidPrice[i]! || 0) + ASK_WEIGHT * (askPrice[i]! || 0);
    sums[1]! += (bidAmount[i]! || 0) + ASK_WEIGHT * (askAmount[i]! || 0);
  }
}

/** A level that is empty is NaN, and counts as nothing; levels have an order, so that they need no weights. */
function snapshotSum(
  { bidPrice, bidAmount, askPrice, askAmount }: BookSnapshots,
  from: number,
  to: number,
  sums: Float64Array,
): void {
  for (let i = from; i < to; i++) {
    for (let level = 0; level < bidPrice.length; level++) {
      sums[0]! += (bidPrice[level]![i]! || 0) + ASK_WEIGHT * (askPrice[level]![i]! || 0);
      sums[1]! += (bidAmount[level]![i]! || 0) + ASK_WEIGHT * (askAmount[level]![i]! || 0);
    }
  }
}

/** The checks of one type's rows. */
export class TypeChecks {
  readonly pace: Pace;
  private readonly cutter = new MessageCutter<TimedRows>();
  private readonly checks: readonly MessageCheck[];
  private readonly duplicates: MessageCheck<never> | undefined;
  private readonly others: MessageCheck<never>[] = [];

  /** @param dayUs - start of the day */
  constructor(type: TickType, settings: AuditSettings, dayUs: number) {
    this.pace = new Pace(settings.gap[type], dayUs);
    this.checks = [
      order(type, settings.order),
      clockOffset(type, settings.clockOffset),
      clockDrift(type, settings.clockDrift),
      exchangeTime(type),
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
