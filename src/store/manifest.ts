import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { DataError } from "../core/errors.js";
import { requireInside } from "./inside.js";
import { remedy } from "./remedy.js";
import { DATA_TYPES, type PartitionKey } from "./tables.js";
import { unreadable } from "./unreadable.js";

/** Format of partitions that this version writes and reads. */
const FORMAT = 3;

/** What wrote a partition: raised when the same input would give other bytes. */
const WRITER = "tickbook 3";

/** Names of files beside a manifest: plain ones, so that none leads elsewhere, and not the manifest's own. */
const FILE_NAME = /^(?!manifest\.json$)[a-z0-9][a-z0-9._-]{0,99}$/i;

/** Folders of tables that are computed: a manifest of one passes for no partition of ticks. */
const COMPUTED_FOLDER = /^(?!lake\/)/;

/** Bytes and SHA-256 (hexadecimal) of a file. */
export interface Fingerprint {
  readonly bytes: number;
  readonly sha256: string;
}

/** What the manifests of all tables hold. */
interface CommonManifest {
  readonly format: typeof FORMAT;
  readonly writer: string;
  readonly rows: number;
  /** Stored columns in order, with their types as DuckDB calls them. */
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** All files beside the manifest. */
  readonly files: Readonly<Record<string, Fingerprint>>;
  /** SHA-256 of the manifest's own text without this field, so that no altered manifest passes. */
  readonly sha256: string;
}

/** Exchange and arrival time of a row, µs since the epoch. */
export interface RowTimes {
  readonly timestampUs: number;
  readonly localTimestampUs: number;
}

/**
 * A vendor file: whether the simulator made it, its path in the vendor's layout, and the csv.gz itself. On which way it came
 * is not said, so that stores of the same files are the same.
 */
export interface FileSource extends Fingerprint {
  readonly kind: "simulated" | "file";
  readonly path: string;
}

/**
 * Where replayed rows came from: what was asked of the raw feed, and its minutes as they were received. The SHA-256 is of
 * the list of minutes, a line each: path, bytes, SHA-256.
 */
export interface ReplaySource extends Fingerprint {
  readonly kind: "replay";
  readonly path: string;
  /** Minutes received. */
  readonly minutes: number;
  /** Those of them that gave no row. */
  readonly silent: number;
  /** Minutes that the source does not have, as `00:00-23:53`, both ends included. */
  readonly missing: readonly string[];
}

/** Manifest of a partition of ticks: a vendor file's or a replayed day's. */
export interface TickManifest extends CommonManifest, PartitionKey {
  readonly kind: "ticks";
  readonly source: FileSource | ReplaySource;
  /** Rows left out, by reason; they are in `rejected.csv`. */
  readonly rejected: Readonly<Record<string, number>>;
  /** First and last stored row; null when there is none. */
  readonly first: RowTimes | null;
  readonly last: RowTimes | null;
}

/** Manifest of a table computed from others; `origin` says from what and with which settings. */
export interface DerivedManifest extends CommonManifest {
  readonly kind: "derived";
  readonly folder: string;
  readonly origin: Readonly<Record<string, unknown>>;
}

/** What lies beside every table of the store. It holds no clock time, host, path or key. */
export type Manifest = TickManifest | DerivedManifest;

/** Whether this version writes tables in the very way that a manifest's table was written in. */
export function isOfThisWriter({ writer }: Manifest): boolean {
  return writer === WRITER;
}

/** The fields that the writer of partitions fills in itself. */
export type ManifestDraft =
  | Omit<TickManifest, "format" | "writer" | "files" | "sha256">
  | Omit<DerivedManifest, "format" | "writer" | "files" | "sha256">;

/**
 * Completes a manifest with its format, writer, the fingerprints of the partition's files and its own.
 *
 * @throws {DataError} the draft breaks the manifest's rules
 */
export function completeManifest(
  draft: ManifestDraft,
  files: Readonly<Record<string, Fingerprint>>,
): Manifest {
  const manifest = { ...draft, format: FORMAT, writer: WRITER, files };
  return parseManifest({ ...manifest, sha256: ownHash(manifest) }, "manifest.json");
}

/** The manifest's one text: keys sorted, two spaces, so that equal manifests are equal bytes. */
export function manifestText(manifest: object): string {
  return `${JSON.stringify(sortKeys(manifest), undefined, 2)}\n`;
}

/** What a manifest of any format says in `sha256`, from all its other fields. */
function ownHash(manifest: object): string {
  return createHash("sha256").update(manifestText(manifest)).digest("hex");
}

/**
 * Reads the manifest of a partition.
 *
 * @param root - the store's root
 * @param folder - partition's folder below it
 * @returns undefined when the partition does not exist
 * @throws {DataError} the manifest cannot be read, is not byte for byte what was written, is another partition's, or has a
 *   format that this version does not know
 */
export async function readManifestFile(
  root: string,
  folder: string,
): Promise<Manifest | undefined> {
  const place = `${folder}/manifest.json`;
  let text: string;
  await requireInside(root, place);
  try {
    text = await readFile(path.join(root, ...folder.split("/"), "manifest.json"), "utf8");
  } catch (error) {
    const { code = "no reason" } = error as NodeJS.ErrnoException;
    if (["ENOENT", "ENOTDIR"].includes(code)) return undefined;
    throw unreadable(place, error);
  }
  return parseManifestText(text, folder);
}

/**
 * The manifest of a partition from its text, wherever that came from.
 *
 * @param folder - the partition's folder, which the manifest has to name
 * @throws {DataError} as `readManifestFile`
 */
export function parseManifestText(text: string, folder: string): Manifest {
  try {
    return parseText(text, folder);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw unusable("was nested too deeply", folder);
  }
}

function parseText(text: string, folder: string): Manifest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw unusable("was not valid JSON", folder);
  }
  const outdated = (value as { format?: unknown } | null)?.format;
  if (typeof outdated === "number" && outdated >= 1 && outdated < FORMAT) {
    throw unusable(`was written in format ${outdated}, this version reads ${FORMAT}`, folder);
  }
  // Before anything it says is believed, its format included: one altered byte could make it a newer version's.
  requireUnaltered(text, value, folder);
  const manifest = parseManifest(value, `${folder}/manifest.json`, folder);
  if (folderOf(manifest) !== folder) {
    throw unusable(`was the manifest of ${folderOf(manifest)}`, folder);
  }
  // A field called __proto__ is lost on the way: what is passed on would not be what was sealed.
  if (manifestText(manifest) !== text) throw unusable("held a name that no field has", folder);
  return manifest;
}

/** An altered byte changes a value, which `sha256` tells, or the text around it, which has one form only. */
function requireUnaltered(text: string, value: unknown, folder: string): void {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    const { sha256, ...rest } = value as Readonly<Record<string, unknown>>;
    if (sha256 === ownHash(rest) && text === manifestText(value)) return;
  }
  throw unusable("was altered: it is not the text that its own SHA-256 was taken of", folder);
}

function unusable(message: string, folder: string): DataError {
  return new DataError({ file: `${folder}/manifest.json`, message, fix: remedy(folder) });
}

/** As the manifest says it, right or wrong. */
function folderOf(manifest: Manifest): string {
  if (manifest.kind === "derived") return manifest.folder;
  const { type, exchange, symbol, date } = manifest;
  return `lake/${type}/exchange=${exchange}/symbol=${symbol}/date=${date}`;
}

/** Made once: making and compiling its rules takes seven times as long as all else of reading a manifest. */
const SCHEMA = manifestSchema();

function parseManifest(value: unknown, place: string, folder = ""): Manifest {
  const format = (value as { format?: unknown } | null)?.format;
  if (typeof format === "number" && format !== FORMAT) {
    throw new DataError({
      file: place,
      column: "format",
      message: `was ${format}, this version reads ${FORMAT}`,
      fix:
        "use the tickbook version that wrote it, or remove it with `npx tickbook store prune --selected` and make the " +
        "partition again",
    });
  }
  const parsed = SCHEMA.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new DataError({
    file: place,
    column: issue?.path.join(".") ?? "",
    message: `was not what a manifest of format ${FORMAT} holds here`,
    fix: remedy(folder),
  });
}

function manifestSchema(): z.ZodType<Manifest> {
  const count = z.number().int().nonnegative();
  const fingerprint = { bytes: count, sha256: z.string().regex(/^[0-9a-f]{64}$/) };
  const times = z.strictObject({ timestampUs: z.number(), localTimestampUs: z.number() });
  const common = {
    format: z.literal(FORMAT),
    writer: z.string(),
    rows: count,
    columns: z.array(z.strictObject({ name: z.string(), type: z.string() })),
    files: z.record(z.string().regex(FILE_NAME), z.strictObject(fingerprint)),
    sha256: fingerprint.sha256,
  };
  const file = z.strictObject({
    kind: z.enum(["simulated", "file"]),
    path: z.string(),
    ...fingerprint,
  });
  const replay = z.strictObject({
    kind: z.literal("replay"),
    path: z.string(),
    ...fingerprint,
    minutes: count,
    silent: count,
    missing: z.array(z.string()),
  });
  const ticks = z.strictObject({
    kind: z.literal("ticks"),
    ...common,
    type: z.enum(DATA_TYPES),
    exchange: z.string(),
    symbol: z.string(),
    date: z.iso.date(),
    source: z.discriminatedUnion("kind", [file, replay]),
    rejected: z.record(z.string(), count),
    first: times.nullable(),
    last: times.nullable(),
  });
  const derived = z.strictObject({
    kind: z.literal("derived"),
    ...common,
    folder: z.string().regex(COMPUTED_FOLDER),
    origin: z.record(z.string(), z.json()),
  });
  return z.discriminatedUnion("kind", [ticks, derived]);
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sortKeys(item)]));
}
