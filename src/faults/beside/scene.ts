import { cp, mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { partitionFolder } from "../../store/partition.js";
import { openStore } from "../../store/store.js";
import { type StoreTruth, storeTruth } from "../compare-stores.js";
import { ingestScene } from "../ingest-scene.js";
import { EXCHANGE, type KnownMarket, marketDay } from "../known-market.js";
import type { Truth } from "./judge.js";
import { ALL_LOOKS, LOOKS, type LookName } from "./looks.js";
import type { TradesKey } from "./plan.js";

/** Days that are replaced; the days after them are free for what is pruned. */
export const REPLACED_DAYS = 2;

/** Key of a day of trades, counted from the market's first. */
export function tradesKey(day: number, symbol = "BTCUSDT"): TradesKey {
  return { type: "trades", exchange: EXCHANGE, symbol, date: marketDay(day) };
}

/** One version of the replaced days. */
export interface Version {
  readonly market: KnownMarket;
  /** Root of an undisturbed store of it. */
  readonly root: string;
  /** File of what looks at that store give. */
  readonly truthFile: string;
}

/** What partitions are replaced by, and the stores that a try begins with. */
export interface BesideScene {
  /** What is there first, one of more rows, and one of as many. */
  readonly versions: readonly [Version, Version, Version];
  /** Stores of the first version's first day, and of its first two. */
  readonly starts: readonly [StoreTruth, StoreTruth];
}

/**
 * Makes the versions.
 *
 * @param folder - empty or not there
 * @param options.rows - of the smaller versions' first day
 */
export async function besideScene(
  folder: string,
  { rows, seed }: { readonly rows: number; readonly seed: number },
): Promise<BesideScene> {
  const first = await version(path.join(folder, "first"), { rows, seed });
  const longer = await version(path.join(folder, "longer"), { rows: 1.4 * rows, seed: seed + 1 });
  const equal = await version(path.join(folder, "equal"), { rows, seed: seed + 2 });
  const versions = [first.version, longer.version, equal.version] as const;
  requireDifferent([first.truth, longer.truth, equal.truth]);
  const starts = [1, REPLACED_DAYS].map(async (days) => {
    const root = path.join(folder, `start-${days}`);
    for (let day = 0; day < days; day++) {
      const place = partitionFolder(tradesKey(day));
      await mkdir(path.dirname(path.join(root, place)), { recursive: true });
      await cp(path.join(first.version.root, place), path.join(root, place), { recursive: true });
    }
    return storeTruth(root);
  });
  return { versions, starts: [await starts[0]!, await starts[1]!] };
}

async function version(
  folder: string,
  { rows, seed }: { readonly rows: number; readonly seed: number },
): Promise<{ readonly version: Version; readonly truth: Truth }> {
  const options = { symbols: ["BTCUSDT"], types: ["trades"], days: REPLACED_DAYS } as const;
  const { market, truth } = await ingestScene(folder, { ...options, rows, seed });
  const keys = Array.from({ length: REPLACED_DAYS }, (_, day) => tradesKey(day));
  const seen: Partial<Record<LookName, Readonly<Record<string, string>>>> = {};
  const store = await openStore(truth.root);
  try {
    for (const way of ALL_LOOKS) seen[way] = Object.fromEntries(await LOOKS[way](store, keys));
  } finally {
    await store.close();
  }
  const truthFile = path.join(folder, "truth.json");
  await writeFile(truthFile, JSON.stringify(seen));
  return { version: { market, root: truth.root, truthFile }, truth: seen as Truth };
}

/** A look that sees the same of two versions would see no mix of them either. */
function requireDifferent(truths: readonly Truth[]): void {
  for (const way of ALL_LOOKS) {
    for (let day = 0; day < REPLACED_DAYS; day++) {
      const folder = partitionFolder(tradesKey(day));
      const seen = truths.map((truth) => truth[way][folder]);
      if (!seen.includes(undefined) && new Set(seen).size === truths.length) continue;
      throw new Error(`${way} does not tell the versions of ${folder} from each other`);
    }
  }
}
