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
  private localUs = Number.NaN;
  private exchangeUs = Number.NaN;

  /** @returns the batch's messages, good until the next batch is cut */
  cut(rows: Rows): MessageBatch<Rows> {
    const { localTimestampUs, timestampUs } = rows;
    const { length } = localTimestampUs;
    if (this.starts.length <= length) this.starts = new Int32Array(length + 1);
    const { starts } = this;
    const continues =
      length > 0 && localTimestampUs[0] === this.localUs && timestampUs[0] === this.exchangeUs;
    let { localUs, exchangeUs } = this;
    let count = 0;
    if (continues) starts[count++] = 0;
    for (let i = 0; i < length; i++) {
      const local = localTimestampUs[i]!;
      const exchange = timestampUs[i]!;
      if (local === localUs && exchange === exchangeUs) continue;
      localUs = local;
      exchangeUs = exchange;
      starts[count++] = i;
    }
    starts[count] = length;
    this.localUs = localUs;
    this.exchangeUs = exchangeUs;
    return { rows, starts, count, continues };
  }
}
