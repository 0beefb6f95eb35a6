import { stat } from "node:fs/promises";
import { z } from "zod";
import { readCached, writeCached } from "./cached-json.js";
import type { IngestedPartition } from "./ingest.js";
import type { Source } from "./source.js";

/** Bytes of csv.gz, and how long they took. */
export interface Measured {
  readonly bytes: number;
  readonly seconds: number;
}

/** What earlier runs have measured; nothing at all at first. */
export interface MeasuredSpeeds {
  /** Downloads, by source. */
  readonly download: Readonly<Record<string, Measured>>;
  /** Checking and encoding. */
  readonly processing?: Measured | undefined;
}

/** What one run measures. */
export interface SpeedMeter {
  /** The source, with its downloads timed. */
  readonly source: Source;
  /** Tells that a file has been dealt with. */
  readonly fileDone: (file: IngestedPartition) => void;
  /** What was measured so far. */
  readonly measured: () => { readonly download: Measured; readonly processing: Measured };
}

/** When so much was measured, older runs count half: machines and lines change. */
const REMEMBERED_BYTES = 20e9;

const FILE = "ingest-speed.json";
const MEASURED = z.object({ bytes: z.number().positive(), seconds: z.number().positive() });
const SPEEDS = z.object({
  download: z.record(z.string(), MEASURED),
  processing: MEASURED.optional(),
});

/**
 * What earlier runs have measured on this machine.
 *
 * @param folder - the cache
 */
export function readSpeeds(folder: string): MeasuredSpeeds {
  return readCached<MeasuredSpeeds>(folder, FILE, SPEEDS) ?? { download: {} };
}

/**
 * Adds what a run has measured to the cache. A cache that cannot be written to fails no run.
 *
 * @param folder - the cache
 * @param source - name of the source that was downloaded from
 */
export function recordSpeeds(
  folder: string,
  source: string,
  { download, processing }: { readonly download: Measured; readonly processing: Measured },
): void {
  const before = readSpeeds(folder);
  const downloads = { ...before.download };
  if (download.bytes > 0) downloads[source] = merge(before.download[source], download);
  const processed = processing.bytes > 0 ? merge(before.processing, processing) : before.processing;
  writeCached(folder, FILE, { download: downloads, processing: processed });
}

function merge(before: Measured | undefined, now: Measured): Measured {
  const weight = before === undefined ? 0 : before.bytes > REMEMBERED_BYTES ? 0.5 : 1;
  return {
    bytes: Math.round(weight * (before?.bytes ?? 0)) + now.bytes,
    seconds: weight * (before?.seconds ?? 0) + now.seconds,
  };
}

/**
 * Times a run's downloads and what follows them. Of files that are in work at once, the time counts once.
 *
 * @param nowSeconds - a clock that never goes back
 */
export function speedMeter(
  source: Source,
  nowSeconds: () => number = () => performance.now() / 1000,
): SpeedMeter {
  const downloading = busyTime(nowSeconds);
  const processing = busyTime(nowSeconds);
  const inWork = new Map<string, number>();
  let downloaded = 0;
  let processed = 0;
  return {
    source: {
      ...source,
      fetch: async (key, temporary, options) => {
        downloading.begin();
        let bytes = 0;
        try {
          const file = await source.fetch(key, temporary, options);
          if (file !== undefined) bytes = (await stat(file)).size;
          return file;
        } finally {
          downloading.end();
          if (!source.isLocal) downloaded += bytes;
          // A damaged file is fetched again while it counts as being in work.
          if (!inWork.has(nameOf(key))) processing.begin();
          inWork.set(nameOf(key), bytes);
        }
      },
    },
    fileDone: (file) => {
      const bytes = inWork.get(nameOf(file));
      if (bytes === undefined) return;
      inWork.delete(nameOf(file));
      processing.end();
      if (file.status === "written") processed += bytes;
    },
    measured: () => ({
      download: { bytes: downloaded, seconds: downloading.seconds() },
      processing: { bytes: processed, seconds: processing.seconds() },
    }),
  };
}

function nameOf({
  exchange,
  symbol,
  type,
  date,
}: Pick<IngestedPartition, "exchange" | "symbol" | "type" | "date">): string {
  return `${exchange} ${symbol} ${type} ${date}`;
}

/** Time during which at least one thing was under way. */
function busyTime(nowSeconds: () => number): {
  readonly begin: () => void;
  readonly end: () => void;
  readonly seconds: () => number;
} {
  let running = 0;
  let since = 0;
  let seconds = 0;
  return {
    begin: () => {
      if (running++ === 0) since = nowSeconds();
    },
    end: () => {
      if (--running === 0) seconds += nowSeconds() - since;
    },
    seconds: () => seconds,
  };
}
