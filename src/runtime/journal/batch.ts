import type { PlainRecord } from "./record-text.js";

/** What one line of the write-ahead file holds. */
export interface Batch {
  /** Of the line; undefined where the file could not be written. */
  readonly number: number | undefined;
  readonly records: readonly PlainRecord[];
}

/** Which write-ahead file a batch is of. */
export interface WalName {
  readonly run: string;
  readonly walId: string;
}

/** A record on its way, with what it is compared by. */
export interface Row {
  readonly record: PlainRecord;
  readonly sha256: string;
  readonly number: number | undefined;
}
