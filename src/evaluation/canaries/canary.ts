import { type Shortfall, shortfall } from "../../core/shortfall.js";
import type { Dataset, Fold } from "../../dataset/matrix.js";
import { FEWEST_BLOCKS } from "../few-blocks.js";
import { blockCount } from "../resample.js";

/** A known experiment and how it came out. */
export interface Canary {
  readonly name: string;
  /** The evaluated model that was asked, with which the name begins; none where it was the code that models share. */
  readonly model?: string;
  /** What must come out. */
  readonly rule: string;
  /** Leaks that it would catch, in words. */
  readonly guards: string;
  readonly value: number;
  /** What the value is measured against. */
  readonly expected: number;
  /** Of the value about what is expected; 0 where the rule is a plain limit. */
  readonly standardError: number;
  /** False voids the evaluation. */
  readonly isRight: boolean;
  /** What it was measured on, and where it came out wrong what was seen. */
  readonly note: string;
}

/** Allowed distance from chance, in standard errors. */
export const LIMIT = 4;

/** Rounding of a difference of two means. */
const ROUNDING = 1e-12;

/** Whether accuracy less chance is 0, within the allowed distance; not where either is not known. */
export function isAsChance(aboveChance: number, standardError: number): boolean {
  return Math.abs(aboveChance) <= LIMIT * standardError + ROUNDING;
}

/**
 * What a test lacks to hold a score of it against chance: where it fills too few blocks of time, nobody knows how far luck goes,
 * and a score is neither right nor wrong.
 *
 * @param timeUs - times of the test rows
 */
export function shortOfBlocks(
  timeUs: ArrayLike<number>,
  block: { readonly blockUs: number; readonly barUs: number },
): Shortfall | undefined {
  const blocks = blockCount(timeUs, block);
  if (blocks >= FEWEST_BLOCKS) return undefined;
  return shortfall({
    step: "hold a canary against chance",
    what: `blocks of ${Math.round(block.blockUs / block.barUs)} bars in its test`,
    has: Math.floor(10 * blocks) / 10,
    needs: FEWEST_BLOCKS,
  });
}

/** What happened at some rows. */
export function outcomesAt({ outcome }: Dataset, rows: Uint32Array): Float64Array {
  return Float64Array.from(rows, (row) => outcome[row]!);
}

/** Bar end of a fold's first test row, µs. */
export function testBeginUs({ barEndUs }: Dataset, { test }: Fold): number {
  return test.reduce((first, row) => Math.min(first, barEndUs[row]!), Number.POSITIVE_INFINITY);
}
