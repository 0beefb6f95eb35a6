import { DataError } from "../core/errors.js";
import type { PartitionKey } from "../store/tables.js";
import type { Source } from "./source.js";

/** What a source has of a file that is not stored. */
export interface FileSize {
  readonly status: "absent" | "refused" | "new";
  /** Null when nobody says. */
  readonly bytes: number | null;
  readonly saidBy: "source" | "estimate";
  /** Why it is refused. */
  readonly reason?: string;
}

/**
 * Asks a source for the sizes of files. When they are too many, some days of each stream are asked for, spread evenly and
 * with its first and last, and the others are estimated: there or not as the nearest of them, as long as the mean of those
 * before and after that have one. A length that the source does not tell is estimated in the same way.
 *
 * @param keys - all files of a request
 * @param options.known - sizes of those that are stored; they are not asked for, and help to estimate
 * @param options.askedFiles - most files that are asked for
 * @returns sizes of all files that are not stored
 * @throws {OptionError} the source cannot be reached
 */
export async function sizeFiles(
  source: Source,
  keys: readonly PartitionKey[],
  {
    known,
    askedFiles,
    onProgress,
  }: {
    readonly known: ReadonlyMap<PartitionKey, number>;
    readonly askedFiles: number;
    readonly onProgress: (done: number, total: number) => void;
  },
): Promise<ReadonlyMap<PartitionKey, FileSize>> {
  const open = keys.filter((key) => !known.has(key) && source.refusal(key) === undefined);
  const streams = streamsOf(open);
  const each = Math.max(1, Math.floor(askedFiles / Math.max(1, streams.length)));
  const asked =
    open.length <= askedFiles ? open : streams.flatMap((stream) => spread(stream, each));
  let done = 0;
  const sizes = new Map<PartitionKey, FileSize>();
  const ask = async (key: PartitionKey): Promise<void> => {
    sizes.set(key, await askSize(source, key));
    onProgress(++done, asked.length);
  };
  // The first one alone: a source that cannot be reached is not asked two hundred times.
  for (const key of asked.slice(0, 1)) await ask(key);
  await Promise.all(asked.slice(1).map(ask));
  for (const stream of streamsOf(keys)) estimate(stream, source, { known, sizes });
  return sizes;
}

async function askSize(source: Source, key: PartitionKey): Promise<FileSize> {
  try {
    const bytes = await source.size(key);
    if (bytes === undefined) return { status: "absent", bytes: null, saidBy: "source" };
    return { status: "new", bytes: Number.isNaN(bytes) ? null : bytes, saidBy: "source" };
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    return refused(error);
  }
}

function refused({ message }: DataError): FileSize {
  return { status: "refused", bytes: null, saidBy: "source", reason: message };
}

/** Files of one symbol and type, by day. */
function streamsOf(keys: readonly PartitionKey[]): readonly (readonly PartitionKey[])[] {
  const streams = new Map<string, PartitionKey[]>();
  for (const key of keys) {
    const name = `${key.symbol} ${key.type}`;
    const stream = streams.get(name);
    if (stream === undefined) streams.set(name, [key]);
    else stream.push(key);
  }
  return [...streams.values()];
}

/** Some of many, evenly spread, with the first and the last. */
function spread<Item>(items: readonly Item[], count: number): readonly Item[] {
  if (items.length <= count) return items;
  if (count === 1) return [items[items.length >> 1]!];
  const step = (items.length - 1) / (count - 1);
  return Array.from({ length: count }, (_, i) => items[Math.round(i * step)]!);
}

/** Fills in the days of one stream that are neither stored nor told by the source. */
function estimate(
  stream: readonly PartitionKey[],
  source: Source,
  {
    known,
    sizes,
  }: {
    readonly known: ReadonlyMap<PartitionKey, number>;
    readonly sizes: Map<PartitionKey, FileSize>;
  },
): void {
  const told = stream.flatMap((key, at) => {
    const size = sizes.get(key);
    const bytes = known.get(key);
    if (size !== undefined) return [{ at, status: size.status, bytes: size.bytes }];
    return bytes === undefined ? [] : [{ at, status: "new" as const, bytes }];
  });
  const sized = told.filter(({ bytes }) => bytes !== null);
  for (const [at, key] of stream.entries()) {
    const asked = sizes.get(key);
    const isUntold = asked?.status === "new" && asked.bytes === null;
    if (known.has(key) || (asked !== undefined && !(isUntold && sized.length > 0))) continue;
    const refusal = source.refusal(key);
    if (refusal !== undefined) {
      sizes.set(key, refused(refusal));
      continue;
    }
    const status = asked?.status ?? around(told, at)[0]?.status ?? "new";
    const bytes = around(sized, at).flatMap((one) => one.bytes ?? []);
    const mean = bytes.reduce((sum, size) => sum + size, 0) / bytes.length;
    const isSized = status === "new" && bytes.length > 0;
    sizes.set(key, { status, bytes: isSized ? Math.round(mean) : null, saidBy: "estimate" });
  }
}

/** Those of a stream before and after a day, the nearer one first. */
function around<Told extends { readonly at: number }>(
  told: readonly Told[],
  at: number,
): readonly Told[] {
  return [told.filter((one) => one.at < at).at(-1), told.find((one) => one.at > at)]
    .filter((one) => one !== undefined)
    .sort((a, b) => Math.abs(a.at - at) - Math.abs(b.at - at));
}
