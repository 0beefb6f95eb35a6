import { DataError } from "../core/errors.js";
import { requireIntact } from "../store/integrity.js";
import { readManifestFile, type TickManifest } from "../store/manifest.js";
import { partitionFolder, requireType } from "../store/partition.js";
import type { Store } from "../store/store.js";
import type { DataType, PartitionKey } from "../store/tables.js";
import type { Source } from "./source.js";

/** Which files to bring in. */
export interface IngestRequest {
  readonly exchange: string;
  /** The exchange's own names. */
  readonly symbols: readonly string[];
  /** Left out: what the source has of its default types. */
  readonly types?: readonly string[];
  /** UTC days, `yyyy-mm-dd`. */
  readonly days: readonly string[];
}

/** A file of a plan. */
export interface PlannedFile extends PartitionKey {
  /** `stored`: in the store already; `absent`: the source does not have it; `new`: to be fetched. */
  readonly status: "stored" | "absent" | "new";
  /** Size of the csv.gz; null when the source does not say. */
  readonly bytes: number | null;
}

/**
 * The files of a request, by symbol, type and day.
 *
 * @throws {OptionError} a type, name or day is not one
 */
export function requestedFiles(
  { exchange, symbols, types, days }: IngestRequest,
  defaultTypes: readonly DataType[],
): readonly PartitionKey[] {
  const wanted = (types ?? defaultTypes).map(requireType);
  const keys = symbols.flatMap((symbol) =>
    wanted.flatMap((type) => days.map((date) => ({ exchange, symbol, type, date }))),
  );
  for (const key of keys) partitionFolder(key);
  return keys;
}

/**
 * What an ingest would do; writes and downloads nothing.
 *
 * @returns files by symbol, type and day; of types that were not named, those of which the source has any
 * @throws {OptionError} the source cannot have what is asked for
 */
export async function planIngest(
  store: Store,
  source: Source,
  request: IngestRequest,
): Promise<readonly PlannedFile[]> {
  const keys = requestedFiles(request, source.defaultTypes);
  await source.requireKnown(request.exchange, request.symbols);
  const files: PlannedFile[] = [];
  for (const key of keys) {
    const bytes = await source.size(key);
    const stored = await storedManifest(store, key);
    const status = stored !== undefined ? "stored" : bytes === undefined ? "absent" : "new";
    files.push({ ...key, status, bytes: Number.isFinite(bytes) ? bytes! : null });
  }
  return request.types === undefined ? leaveOutUnknownTypes(files) : files;
}

/** Without the types of which every file is absent: nobody asked for them. */
export function leaveOutUnknownTypes<File extends { type: DataType; status: string }>(
  files: readonly File[],
): readonly File[] {
  const there = new Set(files.filter(({ status }) => status !== "absent").map(({ type }) => type));
  return files.filter(({ type }) => there.has(type));
}

/**
 * The manifest of a partition that need not be fetched.
 *
 * @param options.verify - hash the partition's files again
 * @returns undefined when there is none, or it or a file beside it is damaged, so that the partition is to be written anew
 * @throws {DataError} a newer version wrote it, which must not be overwritten
 */
export async function storedManifest(
  store: Store,
  key: PartitionKey,
  { verify = false }: { readonly verify?: boolean } = {},
): Promise<TickManifest | undefined> {
  const folder = partitionFolder(key);
  try {
    const manifest = verify
      ? await requireIntact(store, folder, { again: true })
      : await readManifestFile(store.root, folder);
    return manifest?.kind === "ticks" ? manifest : undefined;
  } catch (error) {
    if (!(error instanceof DataError) || error.place.column === "format") throw error;
    return undefined;
  }
}
