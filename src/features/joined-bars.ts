// How do a day's bars go on from the day before, when they were made without knowing it?
import { until } from "../market/until.js";
import type { Store } from "../store/store.js";
import { emptyBar } from "./bar.js";
import { BarCollector, type BarColumns, barEndUs, readBar } from "./bar-columns.js";
import type { BarStreamState } from "./bar-stream.js";
import {
  BarRun,
  type Checkpoint,
  type DayBars,
  type DayBarsJob,
  type LoneDayBars,
} from "./day-bars.js";
import { dayEvents } from "./day-events.js";

/**
 * A day's bars as the stream of the days before gives them. The stream is gone on with until its state at a bar's end is, bit
 * for bit, the one that the lone day had there: from then on both give the same bars, so the lone day's are taken. That is
 * the end of the first bar where the day begins with a snapshot of the book, and never where it has none: then the whole
 * day is replayed once more.
 *
 * @param before - state after the last event of the day before
 * @returns bars from the one that was open at the end of the day before on
 * @throws {DataError} a partition is damaged
 */
export async function joinedBars(
  store: Store,
  job: DayBarsJob,
  lone: LoneDayBars,
  before: BarStreamState,
): Promise<DayBars> {
  return (
    (await joinedWithin(job, lone, before)) ?? (await joinedByReplay(store, job, lone, before))
  );
}

/** Joins at the end of the first bar, from the events in it; undefined where the states differ there. */
async function joinedWithin(
  { settings }: DayBarsJob,
  lone: LoneDayBars,
  before: BarStreamState,
): Promise<DayBars | undefined> {
  const { head, checkpoints } = lone;
  const [first] = checkpoints;
  if (head === undefined || first === undefined) return undefined;
  let isSame = false;
  const run = new BarRun(settings, (endUs) => {
    isSame = endUs === first.barEndUs && run.hash() === first.hash;
  });
  run.stream.restore(before);
  const sources = Object.fromEntries(
    Object.entries(head).map(([name, table]) => [name, [table as never]]),
  );
  await run.replay({ sources });
  run.stream.advance(first.barEndUs);
  return isSame ? put(run.collector.columns(), lone, first) : undefined;
}

async function joinedByReplay(
  store: Store,
  job: DayBarsJob,
  lone: LoneDayBars,
  before: BarStreamState,
): Promise<DayBars> {
  const checkpoints = new Map(lone.checkpoints.map((one) => [one.barEndUs, one]));
  let joint: Checkpoint | undefined;
  const run = new BarRun(job.settings, (endUs) => {
    const there = joint === undefined ? checkpoints.get(endUs) : undefined;
    if (there !== undefined && run.hash() === there.hash) joint = there;
  });
  run.stream.restore(before);
  const { sources, head } = await dayEvents(store, job);
  const untilJoined = Object.fromEntries(
    Object.entries(sources).map(([name, batches]) => [
      name,
      until(batches as AsyncIterable<never>, () => joint !== undefined),
    ]),
  );
  const whole = await run.through({ sources: untilJoined, head }, job);
  return joint === undefined ? whole : put(whole.bars, lone, joint);
}

/** The first bars up to a joint, and the lone day's behind it. */
function put(bars: BarColumns, lone: LoneDayBars, { barEndUs: jointUs }: Checkpoint): DayBars {
  const collector = new BarCollector();
  const bar = emptyBar(Number.NaN);
  const addFrom = (columns: BarColumns, isWanted: (endUs: number) => boolean): void => {
    for (let row = 0; row < columns.rows; row++) {
      if (!isWanted(barEndUs(columns, row))) continue;
      readBar(columns, row, bar);
      collector.add(bar);
    }
  };
  addFrom(bars, (endUs) => endUs <= jointUs);
  const behind = lone.bars.rows - lone.closed;
  addFrom(lone.bars, (endUs) => endUs > jointUs);
  return {
    bars: collector.columns(),
    closed: collector.size - behind,
    state: lone.state,
    counts: lone.counts,
  };
}
