// How long did it take from the exchange's sending of an event to what came of it?
import { lowerBound } from "../../features/sorted-values.js";
import type { DecidedBar } from "./latency-job.js";

/** Bars in which a process compiles what it does often; their times are not counted. */
export const WARM_UP_BARS = 24;

/** Milliseconds, one entry an event or a bar, without those of the process's first bars. */
export interface LatencyTimes {
  /** To its market's taking it up: its rows are in the book, or its trade in the bar, in the same turn of the process. */
  readonly taken: readonly number[];
  /** From the event that closes a bar to the decisions on all symbols. */
  readonly decided: readonly number[];
  /** From the decisions to where they are durable: flushed to this machine's disk, and in the database where an entry is ordered. */
  readonly durable: readonly number[];
  /** The same of bars with an entry alone, which wait for the database. */
  readonly committed: readonly number[];
}

/**
 * Puts the times of both sides together.
 *
 * @param sent - arrival time and ms, in turn, in the order of sending
 * @param taken - the same of the runtime
 */
export function latencyTimes(
  sent: Float64Array,
  taken: Float64Array,
  all: readonly DecidedBar[],
): LatencyTimes {
  const bars = all.slice(WARM_UP_BARS);
  const warmUs = bars[0]?.barEndUs ?? Number.POSITIVE_INFINITY;
  const sentMs = new Map<number, number>();
  for (let i = 0; i < sent.length; i += 2) {
    if (!sentMs.has(sent[i]!)) sentMs.set(sent[i]!, sent[i + 1]!);
  }
  const arrivals = Float64Array.from(sentMs.keys());
  const takenMs: number[] = [];
  for (let i = 0; i < taken.length; i += 2) {
    const since = sentMs.get(taken[i]!);
    if (since !== undefined && taken[i]! >= warmUs) takenMs.push(taken[i + 1]! - since);
  }
  const decided = bars.flatMap(({ barEndUs, madeMs }) => {
    const closing = arrivals[lowerBound(arrivals, arrivals.length, barEndUs)];
    return closing === undefined ? [] : [madeMs - sentMs.get(closing)!];
  });
  const took = ({ madeMs, durableMs }: DecidedBar): number => durableMs - madeMs;
  const committed = bars.filter(({ isEntry, isInDatabase }) => isEntry && isInDatabase).map(took);
  return { taken: takenMs, decided, durable: bars.map(took), committed };
}

/**
 * Messages that were really sent a second, while bars were timed.
 *
 * @param sent - arrival time and ms, in turn, in the order of sending
 * @returns NaN where fewer than two bars were timed
 */
export function sentPerSecond(sent: Float64Array, all: readonly DecidedBar[]): number {
  const bars = all.slice(WARM_UP_BARS);
  if (bars.length < 2) return Number.NaN;
  const [fromUs, untilUs] = [bars[0]!.barEndUs, bars.at(-1)!.barEndUs];
  const sentMs: number[] = [];
  for (let i = 0; i < sent.length; i += 2) {
    if (sent[i]! >= fromUs && sent[i]! < untilUs) sentMs.push(sent[i + 1]!);
  }
  return (1000 * (sentMs.length - 1)) / (sentMs.at(-1)! - sentMs[0]!);
}
