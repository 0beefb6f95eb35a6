import { runStarts } from "../../store/parquet/known-runs.js";
import type { CheckResult } from "../finding.js";

/** Columns that every audited table has. */
export interface TimedRows {
  readonly localTimestampUs: Float64Array;
  readonly timestampUs: Float64Array;
}

/**
 * Rows of one type in stored order, cut into messages: rows in a row with the same arrival and exchange time. Filled anew
 * for every batch.
 */
export interface MessageBatch<Rows extends TimedRows = TimedRows> {
  readonly rows: Rows;
  /** Row of each message's first row in this batch, and after the last message the number of rows. */
  readonly starts: Int32Array;
  readonly count: number;
  /**
   * Arrival and exchange time of each message, µs; longer than there are messages. An exchange time is NaN where the venue
   * tells none, for which some writers put 0.
   */
  readonly localUs: Float64Array;
  readonly exchangeUs: Float64Array;
  /** True when the first message here is the rest of the last one of the batch before. */
  readonly continues: boolean;
}

/** A check that reads rows of one type in stored order. */
export interface MessageCheck<Rows extends TimedRows = TimedRows> {
  update(batch: MessageBatch<Rows>): void;
  finish(): CheckResult;
}

/** Cuts the batches of one stream into messages. */
export class MessageCutter<Rows extends TimedRows> {
  private starts = new Int32Array(0);
  private locals = new Float64Array(0);
  private exchanges = new Float64Array(0);
  private localUs = Number.NaN;
  private exchangeUs = Number.NaN;

  /** @returns the batch's messages, good until the next batch is cut */
  cut(rows: Rows): MessageBatch<Rows> {
    const { localTimestampUs, timestampUs } = rows;
    const { length } = localTimestampUs;
    if (this.starts.length <= length) {
      this.starts = new Int32Array(length + 1);
      this.locals = new Float64Array(length);
      this.exchanges = new Float64Array(length);
    }
    const { starts } = this;
    const continues =
      length > 0 && localTimestampUs[0] === this.localUs && timestampUs[0] === this.exchangeUs;
    const localRuns = runStarts(localTimestampUs);
    const exchangeRuns = runStarts(timestampUs);
    const count =
      localRuns === undefined || exchangeRuns === undefined
        ? changes(localTimestampUs, timestampUs, starts)
        : union(localRuns, exchangeRuns, starts);
    const { locals, exchanges } = this;
    for (let m = 0; m < count; m++) {
      locals[m] = localTimestampUs[starts[m]!]!;
      const exchangeUs = timestampUs[starts[m]!]!;
      exchanges[m] = exchangeUs > 0 ? exchangeUs : Number.NaN;
    }
    if (length > 0) {
      this.localUs = localTimestampUs[length - 1]!;
      this.exchangeUs = timestampUs[length - 1]!;
    }
    return { rows, starts, count, localUs: locals, exchangeUs: exchanges, continues };
  }
}

/** Fills in the rows at which one of two columns changes, the first row and the end; returns how many begin. */
function changes(a: Float64Array, b: Float64Array, starts: Int32Array): number {
  let count = 0;
  for (let i = 0; i < a.length; i++) {
    if (i > 0 && a[i] === a[i - 1] && b[i] === b[i - 1]) continue;
    starts[count++] = i;
  }
  starts[count] = a.length;
  return count;
}

/** The same from the rows at which each of them changes, both with the end. */
function union(a: Int32Array, b: Int32Array, starts: Int32Array): number {
  const end = a[a.length - 1]!;
  let count = 0;
  for (let i = 0, j = 0; ; count++) {
    const one = a[i]!;
    const other = b[j]!;
    const start = Math.min(one, other);
    starts[count] = start;
    if (start === end) return count;
    if (one === start) i++;
    if (other === start) j++;
  }
}
