import { rm } from "node:fs/promises";
import { DataError, OptionError } from "../core/errors.js";
import { fingerprintFile } from "../store/fingerprint.js";
import type { TickManifest } from "../store/manifest.js";
import type { Store } from "../store/store.js";
import type { PartitionKey } from "../store/tables.js";
import { type FilePool, openFilePool } from "./file-pool.js";
import { inParallel } from "./in-parallel.js";
import { ingestFile } from "./ingest-file.js";
import { defaultJobs } from "./jobs-at-once.js";
import { type IngestRequest, isKeptUnasked, leaveOutUnknownTypes, requestedFiles } from "./plan.js";
import type { Source } from "./source.js";
import { storedTicks } from "./stored.js";
import { withFile } from "./with-file.js";

/** What became of one file. */
export interface IngestedPartition extends PartitionKey {
  /** `kept`: it was in the store; `absent`: the source does not have it; `failed`: nothing was stored. */
  readonly status: "written" | "kept" | "absent" | "failed";
  /** Rows stored. */
  readonly rows: number;
  /** Rows of another file, or of a replay that lacked minutes, whose place it took. */
  readonly replacedRows?: number;
  /** Rows left out because they break a rule. */
  readonly rejected: number;
  /** SHA-256 of the csv.gz; null when nothing is stored. */
  readonly sha256: string | null;
  /** Why it failed, as one sentence. */
  readonly reason?: string;
}

/** How to ingest. */
export interface IngestOptions extends IngestRequest {
  /** Hash stored partitions again, and write damaged ones anew. */
  readonly verify?: boolean;
  /** Share of bad rows above which a file fails; default 0.001. */
  readonly maxRejectedShare?: number;
  /** Files in work at once; default as many as there are processors. */
  readonly jobs?: number;
  /** Called after each file. */
  readonly onProgress?: (done: number, total: number, file: IngestedPartition) => void;
}

/**
 * Brings vendor files into the store: what is missing is fetched, checked, encoded and committed; a file that fails stops
 * none of the others. A folder's file that is not the one that is stored takes its place, and so does any file that of a
 * replay that lacks minutes.
 *
 * @returns one entry per file, by symbol, type and day; of types that were not named, those of which the source has any
 * @throws {OptionError} the source has none of the files or cannot be reached, a name, type or day is wrong, or the store
 *   cannot be written to
 */
export async function ingest(
  store: Store,
  source: Source,
  options: IngestOptions,
): Promise<readonly IngestedPartition[]> {
  const keys = requestedFiles(options, source.defaultTypes);
  const pool = openFilePool(options.jobs ?? defaultJobs());
  let results: readonly IngestedPartition[];
  try {
    await source.requireKnown(options.exchange, options.symbols);
    await store.sweep();
    results = await inParallel(keys, pool.jobs, {
      work: (key) => ingestOne({ store, source, pool }, key, options),
      onDone: (done, file) => options.onProgress?.(done, keys.length, file),
    });
  } finally {
    await pool.close();
  }
  if (results.every(({ status }) => status === "absent")) throw nothingThere(source, results);
  return options.types === undefined ? leaveOutUnknownTypes(results) : results;
}

async function ingestOne(
  {
    store,
    source,
    pool,
  }: { readonly store: Store; readonly source: Source; readonly pool: FilePool },
  key: PartitionKey,
  { verify = false, maxRejectedShare = 0.001 }: IngestOptions,
): Promise<IngestedPartition> {
  try {
    const { kept: stored, damage } = await storedTicks(store, key, { verify });
    if (stored !== undefined && isKeptUnasked(stored, source)) return describe(key, "kept", stored);
    const temporary = source.isLocal ? "" : await store.temporaryPath();
    try {
      const done = await withFile(source, key, temporary, async (file) => {
        if (stored !== undefined && (await isSame(file, stored))) {
          return describe(key, "kept", stored);
        }
        const manifest = await ingestFile(store, key, { file, maxRejectedShare }, pool);
        const written = describe(key, "written", manifest);
        return stored === undefined ? written : { ...written, replacedRows: stored.rows };
      });
      if (done === undefined && damage !== undefined) throw damage;
      return done ?? describe(key, stored === undefined ? "absent" : "kept", stored);
    } finally {
      if (temporary !== "") await rm(temporary, { force: true });
    }
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    return { ...describe(key, "failed"), reason: error.message };
  }
}

async function isSame(file: string, { source }: TickManifest): Promise<boolean> {
  // A replay is of minutes, and of no file.
  if (source.kind === "replay") return false;
  // What cannot be read has its reason told when it is read for its rows.
  const found = await fingerprintFile(file).catch(() => undefined);
  return found?.bytes === source.bytes && found.sha256 === source.sha256;
}

function describe(
  { exchange, symbol, type, date }: PartitionKey,
  status: IngestedPartition["status"],
  manifest?: TickManifest,
): IngestedPartition {
  const rejected = Object.values(manifest?.rejected ?? {}).reduce((sum, count) => sum + count, 0);
  const rows = manifest?.rows ?? 0;
  const sha256 = manifest?.source.sha256 ?? null;
  return { exchange, symbol, type, date, status, rows, rejected, sha256 };
}

function nothingThere(source: Source, files: readonly PartitionKey[]): OptionError {
  const [first, ...others] = files;
  const example = first === undefined ? "" : `${first.type} of ${first.symbol} on ${first.date}`;
  const lacks =
    others.length === 0
      ? `has no ${example}`
      : `has none of the ${files.length} files asked for (${example} and others)`;
  return new OptionError({
    column: "--source",
    message: `was ${source.name}, which ${lacks}`,
    fix: "check --exchange, --symbols, --types, --from and --to",
  });
}
