// Do the laws of the features hold on a made market: no future counts, batch is stream, indicators are TA-Lib's?
import path from "node:path";
import { openStore } from "../../store/store.js";
import type { BenchOptions, BenchResult } from "../benchmark.js";
import type { InstalledRival } from "../installed-rival.js";
import { causality } from "./causality.js";
import { storedValues } from "./feature-values.js";
import { lawMarket } from "./law-market.js";
import { streaming } from "./streaming.js";
import { besideTaLib } from "./ta-lib.js";

const CUTS_PER_ROUND = 20;
/** Of all cuts, those at which the days are stored and computed in threads, too: one a round, and no more than these. */
const MOST_STORED_CUTS = 3;

/**
 * Checks the laws on one made market of some days.
 *
 * @param options.rounds - the more, the more futures are tried
 * @param taLib - where TA-Lib lies
 */
export async function laws(
  { root, folder, seed, onProgress, rounds }: BenchOptions & { readonly rounds: number },
  taLib: InstalledRival,
): Promise<readonly BenchResult[]> {
  let stores = 0;
  const emptyStore = (): ReturnType<typeof openStore> =>
    openStore(path.join(folder, `laws-${stores++}`));
  onProgress(0, 1, "computing some days in batch");
  const [market, other] = [lawMarket(seed), lawMarket(seed + 1)];
  const store = await emptyStore();
  const values = await storedValues(store, market);
  await store.close();
  const onRun = (done: number, total: number): void =>
    onProgress(done, total, "changing the future");
  const cuts = CUTS_PER_ROUND * rounds;
  const storedCuts = Math.min(rounds, MOST_STORED_CUTS);
  return [
    await causality({ market, other }, values, { seed, emptyStore, onRun, cuts, storedCuts }),
    streaming(market, values, seed),
    await besideTaLib({ root, folder }, values, taLib),
  ];
}
