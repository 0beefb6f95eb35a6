import { errorsOverBlocks, FEWEST_BLOCKS } from "../../core/few-blocks.js";
import { type Shortfall, shortfall } from "../../core/shortfall.js";
import type { Dataset, Fold } from "../../dataset/matrix.js";

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

/** Allowed distance in standard errors that many blocks of time tell. */
const LIMIT = 4;

/** How far above one half a leak can bring accuracy. */
const WHOLE_LEAK = 0.5;

/** Rounding of a difference of two means. */
const ROUNDING = 1e-12;

/** What is known of how far luck brings a score. */
export interface Luck {
  readonly standardError: number;
  /** Of the standard error: blocks of time less one, summed over the tests whose mean the score is. */
  readonly freedom: number;
}

/** How accuracy came out. */
type Held = Pick<Canary, "rule" | "isRight">;

/**
 * Holds accuracy less chance, which must be 0 where luck does not move the score of an honest pipeline at all.
 *
 * @returns the rule, and whether it is kept; not where score or error is not known
 */
export function heldToChance(aboveChance: number, standardError: number): Held {
  const rule = `accuracy within ${LIMIT} standard errors of chance`;
  return { rule, isRight: isWithin(aboveChance, LIMIT * standardError) };
}

/**
 * Holds accuracy less one half, which must be 0, against luck. The allowed distance is as rare over few blocks of time as four standard
 * errors over many, by Student's t: 7.0 standard errors over ten blocks, 4.5 over forty.
 *
 * @returns as `heldToChance`; what is missing where a leak that makes all rows right would be within the allowed distance
 */
export function heldAgainstLuck(
  aboveHalf: number,
  { standardError, freedom }: Luck,
): Held | Shortfall {
  const limit = errorsOverBlocks(LIMIT, freedom);
  if (limit * standardError >= WHOLE_LEAK) return shortOfFreedom({ standardError, freedom });
  const rarity = `as rare by luck as ${LIMIT} of many blocks of time`;
  return {
    rule: `accuracy within ${limit.toFixed(1)} standard errors of ½ (${Math.floor(freedom)} degrees of freedom: ${rarity})`,
    isRight: isWithin(aboveHalf, limit * standardError),
  };
}

function isWithin(distance: number, reach: number): boolean {
  return Math.abs(distance) <= reach + ROUNDING;
}

function shortOfFreedom({ standardError, freedom }: Luck): Shortfall {
  const reach = (more: number): number =>
    errorsOverBlocks(LIMIT, more) * standardError * Math.sqrt(freedom / more);
  let needs = Math.floor(freedom) + 1;
  while (reach(needs) >= WHOLE_LEAK) needs++;
  return shortfall({
    step: "tell a leak from luck",
    what: "degrees of freedom of a canary's standard error (blocks of time less one)",
    has: Math.floor(freedom),
    needs,
  });
}

/**
 * What a test lacks to hold a score of it against chance: where it fills too few blocks of time, nobody knows how far luck goes,
 * and a score is neither right nor wrong.
 *
 * @param blocks - that the test rows fill
 */
export function shortOfBlocks(
  blocks: number,
  block: { readonly blockUs: number; readonly barUs: number },
): Shortfall | undefined {
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
