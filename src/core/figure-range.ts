/** Least and greatest value that a figure can take. */
export type Range = readonly [least: number, greatest: number];

/** Shares, rates and the Brier loss. */
export const RATIO: Range = [0, 1];

/** Differences of two of them, and correlations. */
export const DIFFERENCE: Range = [-1, 1];

/** Losses, costs and amounts. */
export const POSITIVE: Range = [0, Number.POSITIVE_INFINITY];

/** Skill over a base rate, which perfection alone brings to 1. */
export const SKILL: Range = [Number.NEGATIVE_INFINITY, 1];

/** The value of a range that is closest; without a range the value. */
export function within(range: Range | undefined, value: number): number {
  return range === undefined ? value : Math.min(range[1], Math.max(range[0], value));
}
