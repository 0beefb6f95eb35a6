// For tests only: tables of which nothing but the arrival times matters.
import type { BookChanges, Trades } from "../store/tables.js";

/** Trades at given times, µs, each at a price of its own. */
export const tradesAt = (times: readonly number[]): Trades => ({
  localTimestampUs: Float64Array.from(times),
  timestampUs: Float64Array.from(times),
  side: new Int8Array(times.length).fill(1),
  price: Float64Array.from(times, (_, i) => i),
  amount: new Float64Array(times.length).fill(1),
});

/** Changes at given times, µs: a snapshot, and levels of their own after it. */
export const changesAt = (times: readonly number[]): BookChanges => ({
  localTimestampUs: Float64Array.from(times),
  timestampUs: Float64Array.from(times),
  isSnapshot: Uint8Array.from(times, (_, i) => (i === 0 ? 1 : 0)),
  side: new Int8Array(times.length).fill(1),
  price: Float64Array.from(times, (_, i) => i + 1),
  amount: new Float64Array(times.length).fill(1),
});
