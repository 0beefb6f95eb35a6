import type { RecordedMessage, Recording } from "./recorded-message.js";

/** Messages of a batch at most. */
const BATCH = 512;

/** Recordings as one, by arrival time; of those that arrived together, what stands first in the list. */
export async function* mergeRecordings(
  recordings: readonly Recording[],
): AsyncGenerator<readonly RecordedMessage[], void, undefined> {
  const cursors = recordings.map((recording) => new Cursor(recording));
  try {
    let batch: RecordedMessage[] = [];
    for (;;) {
      for (let i = cursors.length - 1; i >= 0; i--) {
        if (cursors[i]!.isEmpty && !(await cursors[i]!.next())) cursors.splice(i, 1);
      }
      if (cursors.length === 0) break;
      takeInOrder(cursors, batch);
      if (batch.length < BATCH) continue;
      yield batch;
      batch = [];
    }
    if (batch.length > 0) yield batch;
  } finally {
    await Promise.all(cursors.map((cursor) => cursor.close()));
  }
}

/** Goes on until one of the cursors needs a batch, or there are enough. */
function takeInOrder(cursors: readonly Cursor[], to: RecordedMessage[]): void {
  while (to.length < BATCH) {
    let first = cursors[0]!;
    for (let i = 1; i < cursors.length; i++) {
      if (cursors[i]!.timeUs < first.timeUs) first = cursors[i]!;
    }
    to.push(first.take());
    if (first.isEmpty) return;
  }
}

/** Where a recording stands. */
class Cursor {
  private readonly batches: AsyncIterator<readonly RecordedMessage[]>;
  private batch: readonly RecordedMessage[] = [];
  private at = 0;

  constructor(recording: Recording) {
    this.batches = recording[Symbol.asyncIterator]();
  }

  get isEmpty(): boolean {
    return this.at >= this.batch.length;
  }

  get timeUs(): number {
    return this.batch[this.at]!.localUs;
  }

  /** Fetches a batch with messages; false at the end. */
  async next(): Promise<boolean> {
    do {
      const { done, value } = await this.batches.next();
      if (done === true) return false;
      this.batch = value;
    } while (this.batch.length === 0);
    this.at = 0;
    return true;
  }

  take(): RecordedMessage {
    return this.batch[this.at++]!;
  }

  async close(): Promise<void> {
    await this.batches.return?.();
  }
}
