import { DataError, OptionError } from "../../core/errors.js";
import { DAY_US, dayStartUs, MINUTE_US } from "../../core/time.js";
import type { TickManifest } from "../../store/manifest.js";
import type { Store } from "../../store/store.js";
import type { DataType, PartitionKey } from "../../store/tables.js";
import type { IngestedPartition, IngestOptions } from "../ingest.js";
import { leaveOutUnknownTypes, requestedFiles } from "../plan.js";
import { storedTicks } from "../stored.js";
import { replayDay } from "./replay-day.js";
import type { SliceSource } from "./slice-source.js";

/** Types that are replayed when none are named. */
export const REPLAY_TYPES: readonly DataType[] = ["trades", "incremental_book_L2", "quotes"];

/** What became of one replayed day. */
export interface ReplayedPartition extends IngestedPartition {
  /** Minutes that the source did not have. */
  readonly missing: readonly string[];
}

/** How to replay. */
export interface IngestReplayOptions extends Omit<IngestOptions, "jobs" | "onProgress"> {
  /** Called after each day of a symbol and type. */
  readonly onProgress?: (done: number, total: number, day: ReplayedPartition) => void;
}

/**
 * Replays an exchange's own messages into the store: the same tables under the same names as the vendor's files, with the
 * same checks, commit and resume. A day is asked for by type and symbol, so that its partition is the same whatever else a
 * run asks for. A day that is stored, from a file or a replay, is kept; one that fails stops none of the others.
 *
 * @returns one entry per symbol, type and day; of types that were not named, those of which the source has any
 * @throws {OptionError} the source has none of the days or cannot be reached, a name, type or day is wrong, or the store
 *   cannot be written to
 */
export async function ingestReplay(
  store: Store,
  source: SliceSource,
  options: IngestReplayOptions,
): Promise<readonly ReplayedPartition[]> {
  const keys = requestedFiles(options, REPLAY_TYPES);
  await source.requireKnown(options.exchange);
  await store.sweep();
  const results: ReplayedPartition[] = [];
  for (const key of keys) {
    const result = await replayOne(store, source, key, options);
    results.push(result);
    options.onProgress?.(results.length, keys.length, result);
  }
  if (results.every(({ status }) => status === "absent")) throw nothingThere(source, results);
  return options.types === undefined ? leaveOutUnknownTypes(results) : results;
}

/** Requests of one day of one symbol and type. */
export const REQUESTS_A_DAY: number = DAY_US / MINUTE_US;

async function replayOne(
  store: Store,
  source: SliceSource,
  key: PartitionKey,
  { verify = false, maxRejectedShare = 0.001 }: IngestReplayOptions,
): Promise<ReplayedPartition> {
  try {
    const { kept, damage } = await storedTicks(store, key, { verify });
    if (kept !== undefined) return describe(key, "kept", kept);
    const early = dayNotOver(key);
    if (early !== undefined) throw early;
    const manifest = await replayDay(store, source, key, maxRejectedShare);
    if (manifest === undefined && damage !== undefined) throw damage;
    return describe(key, manifest === undefined ? "absent" : "written", manifest);
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    return { ...describe(key, "failed"), reason: error.message };
  }
}

/** Why a day is not asked for that is not over: stored before, it would stay half. Undefined for one that is. */
export function dayNotOver(key: PartitionKey): DataError | undefined {
  if (dayStartUs(key.date) + DAY_US <= Date.now() * 1000) return undefined;
  return new DataError({
    file: `${key.exchange}/${key.date}`,
    message: "was not asked for: the day is not over",
    fix: "replay it when it is",
  });
}

function describe(
  { exchange, symbol, type, date }: PartitionKey,
  status: ReplayedPartition["status"],
  manifest?: TickManifest,
): ReplayedPartition {
  const rejected = Object.values(manifest?.rejected ?? {}).reduce((sum, count) => sum + count, 0);
  const rows = manifest?.rows ?? 0;
  const sha256 = manifest?.source.sha256 ?? null;
  const missing = manifest?.source.kind === "replay" ? manifest.source.missing : [];
  return { exchange, symbol, type, date, status, rows, rejected, sha256, missing };
}

/** What ends a run, and the plan of one, for which a source has nothing. */
export function nothingThere(source: SliceSource, days: readonly PartitionKey[]): OptionError {
  const asked = days.length === 1 ? "day" : `${days.length} days`;
  return new OptionError({
    column: "--source",
    message: `was ${source.name}, which has no raw message of the ${asked} asked for`,
    fix: "check --exchange, --symbols, --types, --from and --to",
  });
}
