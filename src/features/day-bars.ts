// The bars of one day from its events alone, so that days can be worked on at the same time.
import { createHash } from "node:crypto";
import { DAY_US, dayStartUs } from "../core/time.js";
import type { MarketCounts } from "../market/market-stream.js";
import { Replay } from "../market/replay.js";
import type { SymbolDay } from "../store/read.js";
import type { Store } from "../store/store.js";
import { BarCollector, type BarColumns } from "./bar-columns.js";
import { BarStream, type BarStreamState } from "./bar-stream.js";
import { type DayEvents, dayEvents, type HeadEvents } from "./day-events.js";
import type { EngineSettings } from "./engine-settings.js";
import type { FeatureInputs } from "./feature-partition.js";

/** A day whose bars are wanted; plain data, so that it can be sent to a thread. */
export interface DayBarsJob {
  readonly day: SymbolDay;
  readonly settings: Required<EngineSettings>;
  readonly inputs: FeatureInputs;
  /** The store has the next day too: bars go on to 24:00, not only to the last event's. */
  readonly continues: boolean;
}

/** What a stream of bars was when a bar ended: another stream with the same hash goes on as this one did. */
export interface Checkpoint {
  readonly barEndUs: number;
  /** Bars that had ended until then. */
  readonly bars: number;
  readonly hash: string;
}

/** The bars of a day, as a stream gives them that began with it or was there before. */
export interface DayBars {
  readonly bars: BarColumns;
  /** How many of them the day's events have closed; the others end behind the last event. */
  readonly closed: number;
  /** After the day's last event; the day after goes on from it, whether or not it was known when this day was computed. */
  readonly state: BarStreamState;
  readonly counts: MarketCounts;
}

/** The bars of a stream that began with the day, and what it takes to put them behind those of the day before. */
export interface LoneDayBars extends DayBars {
  /** At the ends of the first bar, the second, the fourth, and so on. */
  readonly checkpoints: readonly Checkpoint[];
  /** The events before the first checkpoint, where they are few. */
  readonly head: HeadEvents | undefined;
}

/**
 * Replays a day as if nothing had been before it.
 *
 * @throws {DataError} a partition is damaged
 */
export async function loneDayBars(store: Store, job: DayBarsJob): Promise<LoneDayBars> {
  const events = await dayEvents(store, job);
  const checkpoints: Checkpoint[] = [];
  const run = new BarRun(job.settings, (barEndUs, bars) => {
    // A power of two: there are few of them, and soon after the first snapshot there is one.
    if ((bars & (bars - 1)) === 0) checkpoints.push({ barEndUs, bars, hash: run.hash() });
  });
  const lone = await run.through(events, job);
  // Streams that differ at the last event may be equal again at the end of a bar behind it.
  const before = checkpoints.filter(({ bars }) => bars <= lone.closed);
  return { ...lone, checkpoints: before, head: events.head };
}

/** A stream of bars that keeps them. */
export class BarRun {
  readonly collector: BarCollector = new BarCollector();
  readonly stream: BarStream;

  /** @param onBar - called when a bar has been kept, with its end and the number of bars */
  constructor(
    settings: Required<EngineSettings>,
    onBar: (barEndUs: number, bars: number) => void = () => {},
  ) {
    this.stream = new BarStream((bar) => {
      this.collector.add(bar);
      onBar(bar.endUs, this.collector.size);
    }, settings);
  }

  /** What the stream is now, in short. */
  hash(): string {
    return createHash("sha256").update(JSON.stringify(this.stream.save())).digest("hex");
  }

  /** Replays a day's events to its end. */
  async through(
    events: DayEvents,
    { day, continues }: Pick<DayBarsJob, "day" | "continues">,
  ): Promise<DayBars> {
    const counts = await this.replay(events);
    const state = this.stream.save();
    const closed = this.collector.size;
    if (continues) this.stream.advance(dayStartUs(day.date) + DAY_US);
    else this.stream.finish();
    return { bars: this.collector.columns(), closed, state, counts };
  }

  /** Replays events; the last book state is told. */
  async replay({ sources }: Pick<DayEvents, "sources">): Promise<MarketCounts> {
    const replay = new Replay(this.stream, { book: this.stream.book });
    await replay.run(sources);
    replay.finish();
    return replay.counts;
  }
}
