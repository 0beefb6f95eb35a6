// What would an ingest do?
import type { PartitionKey } from "../store/tables.js";
import { bytesText } from "./bytes-text.js";
import { filesText } from "./quantity-text.js";
import type { Table } from "./table.js";

/** A file that was asked for, and whether it is still to be fetched. */
export interface PlannedFile extends PartitionKey {
  readonly status: "stored" | "absent" | "refused" | "new";
  /** Size of the csv.gz; null where the source does not say. */
  readonly bytes: number | null;
  /** Who says so: the store's manifest, the source, or the days around it. */
  readonly saidBy: "store" | "source" | "estimate";
}

/** What a run will need, NaN where nobody knows, and whether its speeds were measured or assumed. */
export interface PlannedCost {
  readonly bytesToFetch: number;
  readonly disk: {
    readonly partitions: number;
    readonly temporary: number;
    readonly needed: number;
    readonly free: number;
    /** Null where nobody knows. */
    readonly fits: boolean | null;
  };
  readonly time: {
    readonly seconds: number;
    readonly download: PlannedSpeed | null;
    readonly processing: PlannedSpeed;
  };
}

interface PlannedSpeed {
  readonly bytesPerSecond: number;
  readonly isMeasured: boolean;
}

/** The files of a plan counted by symbol and type. */
export function planTable(files: readonly PlannedFile[]): Table {
  const streams = new Map<string, PlannedFile[]>();
  for (const file of files) {
    const name = `${file.symbol} ${file.type}`;
    streams.set(name, [...(streams.get(name) ?? []), file]);
  }
  return {
    caption: "The plan: days × symbols × types",
    columns: [
      { name: "symbol" },
      { name: "type", kind: "code" },
      { name: "days" },
      { name: "stored" },
      { name: "new" },
      { name: "absent" },
      { name: "refused" },
      { name: "csv.gz at the source", unit: "MB", digits: 1 },
    ],
    rows: [...streams.values()].map((own) => [
      own[0]!.symbol,
      own[0]!.type,
      own.length,
      countOf(own, "stored"),
      countOf(own, "new"),
      countOf(own, "absent"),
      countOf(own, "refused"),
      knownBytes(own) / 1e6,
    ]),
  };
}

/** In words: what is there, what will be fetched, and what the source does not have. */
export function planFindings(files: readonly PlannedFile[]): string {
  const fresh = files.filter(({ status }) => status === "new");
  const absent = countOf(files, "absent");
  const silent = fresh.filter(({ bytes }) => bytes === null).length;
  const unknown =
    silent === 0 ? "" : ` and ${filesText(silent)} whose size the source does not tell`;
  const estimated = fresh.filter(({ saidBy, bytes }) => saidBy === "estimate" && bytes !== null);
  const guessed =
    estimated.length === 0
      ? ""
      : ` (estimated from the days around them: ${filesText(estimated.length)})`;
  const toFetch =
    fresh.length === 0
      ? "**Nothing is to be fetched**"
      : `**To fetch: ${filesText(fresh.length)}, ${bytesText(knownBytes(fresh))}${unknown}**${guessed}`;
  const missing = absent === 0 ? "" : `; the source does not have ${absent}`;
  const refused = countOf(files, "refused");
  const closed = refused === 0 ? "" : `; refused: ${refused}`;
  return `${toFetch}; ${countOf(files, "stored")} of ${files.length} are in the store already${missing}${closed}.`;
}

/** What a run needs beside what there is: bytes, disk, time. */
export function costTable({ bytesToFetch, disk, time }: PlannedCost): Table {
  const speed = ({ bytesPerSecond, isMeasured }: PlannedSpeed): string =>
    `${bytesText(bytesPerSecond)}/s, ${isMeasured ? "measured by earlier runs" : "assumed: no run has measured it here"}`;
  return {
    caption: "What it takes",
    columns: [{ name: "what" }, { name: "needed" }, { name: "known from" }],
    rows: [
      [
        "to fetch",
        Number.isNaN(bytesToFetch) ? "unknown: no size is told" : bytesText(bytesToFetch),
        time.download === null ? "a folder: read in place" : speed(time.download),
      ],
      [
        "disk",
        Number.isNaN(disk.needed) ? "unknown" : bytesText(disk.needed),
        `${bytesText(disk.free)} are free: ${fitText(disk.fits)}`,
      ],
      ["time", `${durationText(time.seconds)}`, speed(time.processing)],
    ],
  };
}

function fitText(fits: boolean | null): string {
  if (fits === null) return "whether it fits is unknown";
  return fits ? "it fits" : "it does not fit";
}

function durationText(seconds: number): string {
  if (Number.isNaN(seconds)) return "unknown";
  if (seconds < 90) return `about ${Math.ceil(seconds)} s`;
  if (seconds < 5400) return `about ${Math.round(seconds / 60)} min`;
  return `about ${(seconds / 3600).toFixed(1)} h`;
}

function countOf(files: readonly PlannedFile[], status: PlannedFile["status"]): number {
  return files.filter((file) => file.status === status).length;
}

/** Bytes of the files whose size is known; NaN where none is, so that nothing is taken for 0. */
function knownBytes(files: readonly PlannedFile[]): number {
  const known = files.flatMap(({ bytes }) => (bytes === null ? [] : [bytes]));
  return known.length === 0 ? Number.NaN : known.reduce((sum, bytes) => sum + bytes, 0);
}
