import { existsSync } from "node:fs";
import { statfs } from "node:fs/promises";
import path from "node:path";
import { OptionError } from "../core/errors.js";
import type { DataType } from "../store/tables.js";
import type { Measured, MeasuredSpeeds } from "./measured-speed.js";
import type { PlannedFile } from "./plan.js";

/** Assumed until a run has measured its own: bytes of csv.gz a second. */
const ASSUMED = { download: 10e6, processing: 15e6 };

/**
 * Assumed bytes of a partition for each byte of its csv.gz, until the store has some of its type: rounded up from what days
 * of five exchanges took; of derivative tickers there was none, and the simulator's truth took its own.
 */
const ASSUMED_PARQUET_RATIOS: Readonly<Record<DataType, number>> = {
  trades: 0.9,
  incremental_book_L2: 0.9,
  book_snapshot_5: 1.6,
  book_snapshot_25: 2.1,
  quotes: 1.1,
  derivative_ticker: 1,
  simulation_truth: 1.6,
};

/** A speed, and whether an earlier run has measured it. */
export interface Speed {
  readonly bytesPerSecond: number;
  readonly isMeasured: boolean;
}

/** What a run will need; NaN, and null for whether it fits, where the size of none of its files is known. */
export interface RunCost {
  readonly bytesToFetch: number;
  /** Files to fetch whose size the source said, that were estimated, and that nobody knows. */
  readonly sizes: { readonly asked: number; readonly estimated: number; readonly untold: number };
  readonly disk: {
    /** Partitions that will be added. */
    readonly partitions: number;
    /** Downloads that lie in the temporary folder at once. */
    readonly temporary: number;
    readonly needed: number;
    readonly free: number;
    readonly fits: boolean | null;
    /** Bytes of a partition for each byte of its csv.gz, by type, and whether the store has shown it. */
    readonly ratios: Readonly<
      Record<string, { readonly ratio: number; readonly isMeasured: boolean }>
    >;
  };
  readonly time: {
    readonly seconds: number;
    /** Null when the source is a folder, which downloads nothing. */
    readonly download: Speed | null;
    readonly processing: Speed;
  };
}

/** What a run will need besides its files. */
export interface RunConditions {
  readonly source: { readonly name: string; readonly isLocal: boolean };
  /** Files in work at once. */
  readonly jobs: number;
  readonly speeds: MeasuredSpeeds;
  /** Free bytes where the store is. */
  readonly freeBytes: number;
}

/** Adds up what the files of a plan will need. */
export function runCost(
  files: readonly PlannedFile[],
  { source, jobs, speeds, freeBytes }: RunConditions,
): RunCost {
  const wanted = files.filter(({ status }) => status === "new");
  const isUnknown = wanted.length > 0 && wanted.every(({ bytes }) => bytes === null);
  const sizes = wanted.map(({ bytes }) => (isUnknown ? Number.NaN : (bytes ?? 0)));
  const bytesToFetch = sum(sizes);
  const ratios = parquetRatios(files);
  const partitions = Math.ceil(sum(wanted.map(({ type }, i) => sizes[i]! * ratios[type]!.ratio)));
  const largest = [...sizes].sort((a, b) => b - a);
  const temporary = source.isLocal ? 0 : sum(largest.slice(0, jobs));
  const needed = partitions + temporary;
  const download = source.isLocal ? null : speed(speeds.download[source.name], ASSUMED.download);
  const processing = speed(speeds.processing, ASSUMED.processing);
  const downloading = download === null ? 0 : bytesToFetch / download.bytesPerSecond;
  const working = bytesToFetch / processing.bytesPerSecond;
  return {
    bytesToFetch,
    sizes: {
      asked: wanted.filter(({ bytes, saidBy }) => bytes !== null && saidBy === "source").length,
      estimated: wanted.filter(({ bytes, saidBy }) => bytes !== null && saidBy === "estimate")
        .length,
      untold: wanted.filter(({ bytes }) => bytes === null).length,
    },
    disk: {
      partitions,
      temporary,
      needed,
      free: freeBytes,
      fits: isUnknown ? null : needed <= freeBytes,
      ratios,
    },
    // One file at a time is fetched, then worked on; of several, one is fetched while another is worked on.
    time: {
      seconds: jobs === 1 ? downloading + working : Math.max(downloading, working),
      download,
      processing,
    },
  };
}

/**
 * Free bytes, for this user, of the file system that a folder is on.
 *
 * @param folder - there or not
 */
export async function freeBytes(folder: string): Promise<number> {
  let at = path.resolve(folder);
  while (!existsSync(at)) at = path.dirname(at);
  const { bavail, bsize } = await statfs(at);
  return bavail * bsize;
}

/** Disk that a run needs beside what there is. */
type Room = Omit<RunCost["disk"], "ratios">;

/**
 * Refuses a run whose files will not fit; one of which nobody knows may begin.
 *
 * @param root - the store's
 * @throws {OptionError} there is not room enough
 */
export function requireRoom({ disk }: { readonly disk: Room }, root: string): void {
  if (disk.fits !== false) return;
  throw new OptionError({
    column: "--data",
    message:
      `was "${root}", which has ${inWords(disk.free)} free, and this run needs about ` +
      `${inWords(disk.partitions)} for partitions and ${inWords(disk.temporary)} for downloads`,
    fix: "make room, take fewer days at once, or give a folder on another disk",
  });
}

/** Bytes for people: `1.2 GB`, and `unknown` for NaN. */
export function inWords(bytes: number): string {
  if (Number.isNaN(bytes)) return "unknown";
  const units = ["bytes", "kB", "MB", "GB", "TB", "PB"];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const value = bytes / 1000 ** power;
  return `${power === 0 ? value : value.toFixed(1)} ${units[power]}`;
}

function parquetRatios(files: readonly PlannedFile[]): RunCost["disk"]["ratios"] {
  const types = [...new Set(files.map(({ type }) => type))];
  return Object.fromEntries(
    types.map((type) => {
      const stored = files.filter((file) => file.type === type && file.storedBytes !== null);
      const bytes = sum(stored.map((file) => file.bytes ?? 0));
      const isMeasured = bytes > 0;
      const ratio = isMeasured
        ? sum(stored.map(({ storedBytes }) => storedBytes ?? 0)) / bytes
        : ASSUMED_PARQUET_RATIOS[type];
      return [type, { ratio, isMeasured }];
    }),
  );
}

function speed(measured: Measured | undefined, assumed: number): Speed {
  if (measured === undefined) return { bytesPerSecond: assumed, isMeasured: false };
  return { bytesPerSecond: measured.bytes / measured.seconds, isMeasured: true };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
