// Is a file whose columns, units or shape changed refused, or are its bad rows counted and the right ones kept?
import path from "node:path";
import { gzipSync } from "node:zlib";
import { seededRandom } from "../../core/random.js";
import { vendorPath } from "../../ingest/vendor-path.js";
import { partitionFolder } from "../../store/partition.js";
import type { PartitionKey } from "../../store/tables.js";
import type { CampaignOptions, FaultCampaign, FaultResult } from "../campaign.js";
import { SAMPLE_KEY, type SampleType, sampleLines, textOf } from "../sample-files.js";
import { type SampleStore, sampleStore } from "../sample-store.js";
import { DRIFTS, type DriftedFile } from "../schema-drifts.js";
import { Tally } from "../tally.js";

/** One bad row of so many is below the share that fails a file. */
const ROWS = 1200;

const TYPES: readonly SampleType[] = [
  "trades",
  "incremental_book_L2",
  "quotes",
  "derivative_ticker",
  "book_snapshot_5",
  "book_snapshot_25",
];
const FULL_SEEDS = 5;

/** How well files are packed is no matter here, and packing them usually takes longer than reading them. */
const FAST = { level: 1 };

/** Changes columns, units, separators and rows of vendor files. */
export const schemaDrift: FaultCampaign = { name: "schema-drift", run: runSchemaDrift };

async function runSchemaDrift(options: CampaignOptions): Promise<readonly FaultResult[]> {
  const { seed, isFull, folder, onProgress } = options;
  const seeds = Array.from({ length: isFull ? FULL_SEEDS : 1 }, (_, i) => seed + i);
  const drifts = Object.entries(DRIFTS).flatMap(([family, own]) =>
    own.map((drift) => ({ family, drift })),
  );
  const cases = drifts.flatMap(({ family, drift }, i) => {
    const types = isFull ? TYPES : [TYPES[i % TYPES.length]!];
    return types.flatMap((type) => seeds.map((own) => ({ family, drift, type, own })));
  });
  const tallies = new Map<string, Tally>();
  let done = 0;
  for (const { family, drift, type, own } of cases) {
    const key = { ...SAMPLE_KEY, type };
    const lines = sampleLines(key, { rows: ROWS, seed: own });
    const random = seededRandom(own, `drift ${drift.name} ${type}`);
    const tally = tallies.get(family) ?? new Tally(`schema drift of ${family}`);
    tallies.set(family, tally);
    const place = path.join(folder, String(done));
    await tryDrift(place, key, { ...drift.apply(lines, random), name: drift.name }, tally);
    onProgress(++done, cases.length, "drifts");
  }
  return [...tallies.values()].map((tally) => tally.result());
}

async function tryDrift(
  folder: string,
  key: PartitionKey,
  { bytes, goodLines, badRows, name }: DriftedFile & { readonly name: string },
  tally: Tally,
): Promise<void> {
  const drifted = await sampleStore(path.join(folder, "drifted"));
  const clean = await sampleStore(path.join(folder, "clean"));
  try {
    const file = await drifted.ingest(gzipSync(bytes, FAST), key);
    const table = await tableOf(drifted, key);
    const what = `${name}, ${key.type}: ${file.status}, ${file.rows} rows, ${file.rejected} rejected ${file.reason ?? ""}`;
    if (file.status === "failed") {
      const isNamed = file.reason?.startsWith(`${vendorPath(key)}, row `);
      tally.add(table === undefined ? (isNamed ? "detected" : undefined) : "silent", what);
    } else if (goodLines === undefined) {
      tally.add("silent", what);
    } else {
      await clean.ingest(gzipSync(textOf(goodLines), FAST), key);
      const isCounted =
        file.rejected === badRows &&
        file.rows === goodLines.length - 1 &&
        table === (await tableOf(clean, key));
      tally.add(isCounted ? "detected" : "silent", what);
    }
  } finally {
    for (const store of [drifted, clean]) {
      await store.close();
      await store.remove();
    }
  }
}

/** SHA-256 of the stored table; undefined when there is none. */
async function tableOf(store: SampleStore, key: PartitionKey): Promise<string | undefined> {
  return (await store.hashes())[`${partitionFolder(key)}/part-0.parquet`];
}
