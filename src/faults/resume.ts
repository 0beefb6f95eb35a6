import { compareStores, firstTorn, type StoreTruth } from "./compare-stores.js";
import { type ProcessOptions, runIngest } from "./ingest-process.js";
import type { KnownMarket } from "./known-market.js";
import { firstReadError } from "./read-all.js";
import type { StoreTally } from "./store-tally.js";

/** A store that a run has left behind before its end. */
export interface LeftStore {
  readonly root: string;
  readonly market: KnownMarket;
  readonly truth: StoreTruth;
  /** What the partitions of the store were before the run; left out, there were none. */
  readonly earlier?: StoreTruth;
}

/**
 * Looks at a left store as a reader would, runs the ingest again, and counts how the result compares with the truth.
 *
 * @param which - the try, in words
 * @param flaw - what was wrong already
 */
export async function resumeAndCount(
  tally: StoreTally,
  which: string,
  { root, market, truth, earlier }: LeftStore,
  { flaw, ...run }: ProcessOptions & { readonly flaw?: string | undefined } = {},
): Promise<void> {
  const truths = earlier === undefined ? [truth] : [truth, earlier];
  const torn = (await firstTorn(root, truths)) ?? (await firstReadError(root));
  const { code, err } = await runIngest(root, market, run);
  const failed = code === 0 ? undefined : `the next run ended with ${code}: ${err.trim()}`;
  tally.add(which, await compareStores(root, truth), flaw ?? torn ?? failed);
}
