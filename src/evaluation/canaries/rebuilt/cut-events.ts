// A stored market told up to a time and no further, so that what is computed then cannot know what comes later.

import type { MarketSources } from "../../../market/event-cursors.js";
import type { Replay } from "../../../market/replay.js";

interface Timed {
  readonly localTimestampUs: Float64Array;
}

/** Streams of events that a replay is told piece by piece. */
export class CutEvents {
  private readonly streams: readonly (readonly [string, CutStream])[];

  /** @param streams - batches in arrival order by the names under which a replay takes them */
  constructor(streams: Readonly<Record<string, AsyncGenerator<Timed>>>) {
    this.streams = Object.entries(streams).map(([name, stream]) => [name, new CutStream(stream)]);
  }

  /** Tells a replay the events before a time that it was not told yet; none of that time or later. */
  async tell(replay: Replay, beforeUs: number): Promise<void> {
    const pieces = this.streams.map(([name, stream]) => [name, stream.before(beforeUs)]);
    await replay.run(Object.fromEntries(pieces) as MarketSources);
    replay.finish();
  }

  /** Whether there are events that were not told. */
  async hasMore(): Promise<boolean> {
    for (const [, stream] of this.streams) if (await stream.hasMore()) return true;
    return false;
  }

  /** Ends the reading. */
  async close(): Promise<void> {
    for (const [, stream] of this.streams) await stream.close();
  }
}

class CutStream {
  private readonly batches: AsyncGenerator<Timed>;
  private rest: Timed | undefined;

  constructor(batches: AsyncGenerator<Timed>) {
    this.batches = batches;
  }

  async hasMore(): Promise<boolean> {
    while (this.rest === undefined) {
      const { done, value } = await this.batches.next();
      if (done === true) return false;
      if (value.localTimestampUs.length > 0) this.rest = value;
    }
    return true;
  }

  async *before(timeUs: number): AsyncGenerator<Timed> {
    while (await this.hasMore()) {
      const batch = this.rest!;
      const rows = batch.localTimestampUs.length;
      const later = batch.localTimestampUs.findIndex((time) => time >= timeUs);
      const cut = later === -1 ? rows : later;
      this.rest = cut === rows ? undefined : rowsOf(batch, cut, rows);
      if (cut > 0) yield rowsOf(batch, 0, cut);
      if (cut < rows) return;
    }
  }

  async close(): Promise<void> {
    await this.batches.return(undefined);
  }
}

/** Some rows of a table; the columns are views. */
function rowsOf(table: Timed, from: number, to: number): Timed {
  const cut = (column: Float64Array): Float64Array => column.subarray(from, to);
  const columns = Object.entries(table).map(([name, column]) => [
    name,
    Array.isArray(column) ? (column as readonly Float64Array[]).map(cut) : cut(column),
  ]);
  return Object.fromEntries(columns) as Timed;
}
