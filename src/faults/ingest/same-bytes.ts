import { rm } from "node:fs/promises";
import path from "node:path";
import { ingest } from "../../ingest/ingest.js";
import { openSource } from "../../ingest/open-source.js";
import { openStore } from "../../store/store.js";
import type { CampaignOptions, FaultCampaign, FaultResult } from "../campaign.js";
import { compareStores } from "../compare-stores.js";
import { type ProcessOptions, runIngest } from "../ingest-process.js";
import { type IngestScene, ingestScene } from "../ingest-scene.js";
import { EXCHANGE, marketDay } from "../known-market.js";
import { StoreTally } from "../store-tally.js";

const SMALL = { types: ["trades", "quotes"], symbols: ["BTCUSDT"], days: 1, rows: 6000 } as const;
const FULL = { symbols: ["BTCUSDT", "ETHUSDT"], days: 2, rows: 200_000 };

/** A way to run the same ingest. */
interface Variant {
  readonly name: string;
  readonly process?: ProcessOptions;
  /** In this process, on a store of so many threads. */
  readonly threads?: number;
}

/** The small campaign takes the first of so many. */
const SMALL_STRIDE = 3;

const VARIANTS: Readonly<Record<string, readonly Variant[]>> = {
  "another time zone": ["Asia/Kathmandu", "America/St_Johns", "Pacific/Apia"].map((zone) =>
    inEnvironment({ TZ: zone }),
  ),
  "another locale": [
    inEnvironment({ LC_ALL: "tr_TR.UTF-8", LANG: "tr_TR.UTF-8" }),
    inEnvironment({ LC_ALL: "de_DE.UTF-8", LANG: "de_DE.UTF-8" }),
    inEnvironment({ LC_ALL: "ar_EG.UTF-8", LANG: "ar_EG.UTF-8" }),
  ],
  "another number of threads": [
    ...[1, 2, 4].map((jobs) => ({ name: `jobs ${jobs}`, process: { jobs } })),
    ...["1", "4", "16"].map((size) => inEnvironment({ UV_THREADPOOL_SIZE: size })),
    ...[1, 2, 4].map((threads) => ({ name: `store of ${threads} threads`, threads })),
  ],
};

/** Runs the same ingest in other surroundings. */
export const sameBytes: FaultCampaign = { name: "same-bytes", run };

async function run(options: CampaignOptions): Promise<readonly FaultResult[]> {
  const { isFull, seed, folder, onProgress } = options;
  const size = isFull ? FULL : SMALL;
  const scene = await ingestScene(folder, { ...size, seed });
  const results: FaultResult[] = [];
  for (const [surroundings, all] of Object.entries(VARIANTS)) {
    const variants = isFull ? all : all.filter((_, i) => i % SMALL_STRIDE === 0);
    const tally = new StoreTally(`the same ingest under ${surroundings}`);
    for (const [i, variant] of variants.entries()) {
      const root = path.join(folder, "store");
      const flaw = await ingestAs(variant, root, scene);
      tally.add(variant.name, await compareStores(root, scene.truth), flaw);
      await rm(root, { recursive: true, force: true });
      onProgress(i + 1, variants.length, surroundings);
    }
    results.push(tally.result(variants.map(({ name }) => name).join(", ")));
  }
  return results;
}

/** Returns what went wrong. */
async function ingestAs(
  { process: started = {}, threads }: Variant,
  root: string,
  { market }: IngestScene,
): Promise<string | undefined> {
  if (threads === undefined) {
    const { code, err } = await runIngest(root, market, started);
    return code === 0 ? undefined : `the run ended with ${code}: ${err}`;
  }
  const store = await openStore(root, { threads });
  try {
    const { symbols, days } = market.options;
    const files = await ingest(store, await openSource(market.mirror), {
      exchange: EXCHANGE,
      symbols,
      days: Array.from({ length: days }, (_, day) => marketDay(day)),
    });
    return files.find(({ status }) => status !== "written")?.reason;
  } finally {
    await store.close();
  }
}

function inEnvironment(environment: Readonly<Record<string, string>>): Variant {
  const text = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  return { name: text.join(" "), process: { environment } };
}
