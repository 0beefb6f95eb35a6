import { DataError, OptionError } from "../core/errors.js";
import type { TickManifest } from "../store/manifest.js";
import { partitionFolder, requireType } from "../store/partition.js";
import type { Store } from "../store/store.js";
import type { DataType, PartitionKey } from "../store/tables.js";
import { inParallel } from "./in-parallel.js";
import { type FileSize, sizeFiles } from "./size-files.js";
import type { Source } from "./source.js";
import { type Stored, storedTicks } from "./stored.js";

/** A request names no more files than this: two years of three symbols are some ten thousand. */
const MOST_FILES = 250_000;

/** Files that a plan asks a server about; of more, it asks for some of each stream and estimates the others. */
const ASKED_FILES = 200;

/** Partitions that a plan looks at together: most of the time of one is waiting for the disk. */
const LOOKS_AT_ONCE = 8;

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
  /**
   * `stored`: in the store already; `absent`: the source does not have it; `refused`: it does not open it for this key, or
   * it cannot be read, or it does not have what would mend a damaged partition, or a newer version wrote what is stored;
   * `new`: to be fetched.
   */
  readonly status: "stored" | "absent" | "refused" | "new";
  /** Size of the csv.gz; null when nobody says. */
  readonly bytes: number | null;
  /** Who says so: the store's manifest, the source, or the days around it that were asked for. */
  readonly saidBy: "store" | "source" | "estimate";
  /** Bytes of its partition; null unless it is `stored`. */
  readonly storedBytes: number | null;
  /** Rows of another file, or of a replay that lacks minutes, whose place a new file will take. */
  readonly replacedRows?: number;
  /** Why it is refused; a day between such that were asked for has none. */
  readonly reason?: string;
}

/**
 * The files of a request, by symbol, type and day.
 *
 * @throws {OptionError} a type, name or day is not one, or they are too many
 */
export function requestedFiles(
  { exchange, symbols, types, days }: IngestRequest,
  defaultTypes: readonly DataType[],
): readonly PartitionKey[] {
  const named = (types ?? defaultTypes).map((type) => requireType(type, "--types"));
  // Named twice, a file would be written twice at once.
  const wanted = [...new Set(named)];
  const count = symbols.length * wanted.length * days.length;
  if (count > MOST_FILES) {
    throw new OptionError({
      column: "--to",
      message: `made ${count} files of ${days.length} days, and one run takes ${MOST_FILES} at most`,
      fix: "ask for fewer days, symbols or types at once",
    });
  }
  const keys = [...new Set(symbols)].flatMap((symbol) =>
    wanted.flatMap((type) => days.map((date) => ({ exchange, symbol, type, date }))),
  );
  for (const key of keys) partitionFolder(key);
  return keys;
}

/**
 * What an ingest would do. It writes and downloads nothing, and puts back what a killed run had taken out of its place. A
 * server is asked for at most some hundred sizes; the other days' are estimated from those around them. What a folder holds
 * and what is stored are compared by their sizes.
 *
 * @param options.verify - hash stored partitions again, as a run that is asked to
 * @param options.askedFiles - how many sizes a server is asked for
 * @param options.onProgress - called after each file that was looked up
 * @returns files by symbol, type and day; of types that were not named, those of which the source has any
 * @throws {OptionError} the source cannot have what is asked for, or cannot be reached
 */
export async function planIngest(
  store: Store,
  source: Source,
  request: IngestRequest,
  {
    verify = false,
    askedFiles = ASKED_FILES,
    onProgress = () => undefined,
  }: {
    readonly verify?: boolean;
    readonly askedFiles?: number;
    readonly onProgress?: (done: number, total: number) => void;
  } = {},
): Promise<readonly PlannedFile[]> {
  const keys = requestedFiles(request, source.defaultTypes);
  await source.requireKnown(request.exchange, request.symbols);
  const stored = await inParallel(keys, LOOKS_AT_ONCE, {
    work: (key) => lookAt(store, key, { verify }),
    ...(verify ? { onDone: (done) => onProgress(done, keys.length) } : {}),
  });
  const known = new Map<PartitionKey, number>();
  for (const [i, { kept }] of stored.entries()) {
    if (kept !== undefined && isKeptUnasked(kept, source)) known.set(keys[i]!, kept.source.bytes);
  }
  const sizes = await sizeFiles(source, keys, {
    known,
    askedFiles: source.isLocal ? Number.POSITIVE_INFINITY : askedFiles,
    onProgress,
  });
  const files = keys.map((key, i) => planned(key, stored[i]!, sizes.get(key)));
  return request.types === undefined ? leaveOutUnknownTypes(files) : files;
}

interface Looked extends Stored<TickManifest> {
  /** Why nothing may take its place. */
  readonly obstacle?: DataError;
}

async function lookAt(
  store: Store,
  key: PartitionKey,
  options: { readonly verify: boolean },
): Promise<Looked> {
  try {
    return await storedTicks(store, key, options);
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    return { obstacle: error };
  }
}

/** What becomes of a file; its size is undefined where what is stored is kept without asking. */
function planned(
  key: PartitionKey,
  { kept, damage, obstacle }: Looked,
  size: FileSize | undefined,
): PlannedFile {
  const isAbsent = size?.status === "absent";
  // What the source does not have stays as it is.
  if (kept !== undefined && (size === undefined || isAbsent || isSameFile(size, kept))) {
    const storedBytes = Object.values(kept.files).reduce((sum, { bytes }) => sum + bytes, 0);
    return { ...key, status: "stored", bytes: kept.source.bytes, saidBy: "store", storedBytes };
  }
  const refusal = obstacle ?? (isAbsent ? damage : undefined);
  if (refusal !== undefined) {
    const reason = refusal.message;
    return { ...key, status: "refused", bytes: null, saidBy: "store", storedBytes: null, reason };
  }
  const isReplaced = kept !== undefined && size?.status === "new";
  const replaced = isReplaced ? { replacedRows: kept.rows } : {};
  return { ...key, ...size!, storedBytes: null, ...replaced };
}

/**
 * Whether a partition stays whatever the source has: a replay that lacks no minute, and what a server gave before. A
 * folder's file is compared with what came of it.
 */
export function isKeptUnasked(
  { source: origin }: TickManifest,
  { isLocal }: { readonly isLocal: boolean },
): boolean {
  return origin.kind === "replay" ? origin.missing.length === 0 : !isLocal;
}

/** Whether a file can be the one that is stored, by its size; a replay is of no file. */
function isSameFile({ bytes }: FileSize, { source }: TickManifest): boolean {
  return source.kind !== "replay" && bytes === source.bytes;
}

/** Without the types of which every file is absent: nobody asked for them. */
export function leaveOutUnknownTypes<File extends { type: DataType; status: string }>(
  files: readonly File[],
): readonly File[] {
  const there = new Set(files.filter(({ status }) => status !== "absent").map(({ type }) => type));
  return files.filter(({ type }) => there.has(type));
}
