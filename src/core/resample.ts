import { OptionError } from "./errors.js";
import { seededRandom } from "./random.js";

/** How blocks of time are drawn. */
export interface BlockOptions {
  /** Length of a block; at least the label's horizon, longer where signals last. */
  readonly blockUs: number;
  /** Times are counted in these steps; blocks begin on one. */
  readonly barUs: number;
  readonly seed: number;
}

/** Draws the next resample: writes how often each row is in it, so that none is ever copied. */
export type Resampler = (weight: Uint32Array) => void;

/**
 * Circular block resamples in time: whole stretches of time are drawn with all rows in them.
 *
 * @param timeUs - n row times in any order
 * @returns the same resamples for the same times and seed
 * @throws {OptionError} block shorter than a bar
 * @see Politis & Romano (1992), A Circular Block-Resampling Procedure for Stationary Data
 */
export function blockResampler(
  timeUs: ArrayLike<number>,
  { blockUs, barUs, seed }: BlockOptions,
): Resampler {
  if (!(blockUs >= barUs)) {
    throw new OptionError({
      column: "blockUs",
      message: `was ${blockUs}, expected at least one bar of ${barUs} µs`,
      fix: "give the label's horizon or longer",
    });
  }
  const { slots, slotOf } = timeSlots(timeUs, barUs);
  const blockSlots = slotsOfBlock(slots, { blockUs, barUs });
  const random = seededRandom(seed, "block bootstrap");
  const drawnSlots = new Uint32Array(slots);
  return (weight) => {
    drawnSlots.fill(0);
    for (let drawn = 0; drawn < slots; drawn += blockSlots) {
      const start = random.below(slots);
      const length = Math.min(blockSlots, slots - drawn);
      for (let k = 0; k < length; k++) drawnSlots[(start + k) % slots]!++;
    }
    for (let i = 0; i < slotOf.length; i++) weight[i] = drawnSlots[slotOf[i]!]!;
  };
}

/**
 * How many blocks of time the rows fill: 1 / Σ share², the shares being those of the rows that lie in each block, wherever the
 * first begins. Where rows lie evenly this is their time over a block's; rows of one hour of each day fill about a block a day.
 *
 * @param timeUs - n row times in any order
 * @returns any number from 0 on, whole or not
 */
export function blockCount(
  timeUs: ArrayLike<number>,
  { blockUs, barUs }: Omit<BlockOptions, "seed">,
): number {
  const { slots, slotOf } = timeSlots(timeUs, barUs);
  const length = slotsOfBlock(slots, { blockUs, barUs });
  if (length === slots) return slots / (blockUs / barUs);
  const rows = new Float64Array(slots);
  for (const slot of slotOf) rows[slot]!++;
  let inside = 0;
  for (let k = 0; k < length; k++) inside += rows[k]!;
  let squares = 0;
  for (let start = 0; start < slots; start++) {
    squares += (inside / slotOf.length) ** 2;
    inside += rows[(start + length) % slots]! - rows[start]!;
  }
  return length / squares;
}

function slotsOfBlock(slots: number, { blockUs, barUs }: Omit<BlockOptions, "seed">): number {
  return Math.min(slots, Math.round(blockUs / barUs));
}

/** Resamples of n rows one by one, as if they were independent. */
export function rowResampler(rows: number, { seed }: Pick<BlockOptions, "seed">): Resampler {
  const random = seededRandom(seed, "row bootstrap");
  return (weight) => {
    weight.fill(0);
    for (let k = 0; k < rows; k++) weight[random.below(rows)]!++;
  };
}

/** Time slot of each row, between the first and the last; slots without rows stay, as time does. */
function timeSlots(
  timeUs: ArrayLike<number>,
  barUs: number,
): { readonly slots: number; readonly slotOf: Uint32Array } {
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < timeUs.length; i++) {
    first = Math.min(first, timeUs[i]!);
    last = Math.max(last, timeUs[i]!);
  }
  const slotAt = (time: number): number => Math.floor((time - first) / barUs);
  const slots = timeUs.length === 0 ? 0 : slotAt(last) + 1;
  return { slots, slotOf: Uint32Array.from(timeUs, slotAt) };
}
