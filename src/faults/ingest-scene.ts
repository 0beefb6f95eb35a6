import path from "node:path";
import { openStore } from "../store/store.js";
import { type StoreTruth, storeTruth } from "./compare-stores.js";
import { type ProcessOptions, runIngest } from "./ingest-process.js";
import {
  type KnownMarket,
  knownMarket,
  type MarketOptions,
  requireMarket,
} from "./known-market.js";

/** A market of known rows and the store that an undisturbed ingest makes of it. */
export interface IngestScene {
  readonly market: KnownMarket;
  readonly truth: StoreTruth;
}

/**
 * Makes a market and its store, and checks that store cell by cell.
 *
 * @param folder - empty or not there; holds `mirror` and `truth` afterwards
 * @throws {DataError} the undisturbed store is not what the market's files hold
 */
export async function ingestScene(
  folder: string,
  options: MarketOptions,
  run: ProcessOptions = {},
): Promise<IngestScene> {
  const market = await knownMarket(path.join(folder, "mirror"), options);
  const root = path.join(folder, "truth");
  const { code, err } = await runIngest(root, market, run);
  if (code !== 0) throw new Error(`the undisturbed ingest ended with ${code}: ${err}`);
  const store = await openStore(root);
  try {
    await requireMarket(store, market);
  } finally {
    await store.close();
  }
  return { market, truth: await storeTruth(root) };
}
