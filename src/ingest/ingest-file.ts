import { DataError } from "../core/errors.js";
import type { FileSource, TickManifest } from "../store/manifest.js";
import type { Store } from "../store/store.js";
import type { PartitionKey } from "../store/tables.js";
import { writePartition } from "../store/write.js";
import { inflateFile } from "./inflate.js";
import { type RejectedRows, rejectedRows } from "./rejected-rows.js";
import { RowParser } from "./row-parser.js";

/** So many bad rows are not written down when nearly none of the rows so far was good. */
const HOPELESS_ROWS = 100_000;

/** A vendor file on this machine and what its partition is told about it. */
export interface VendorFile {
  readonly file: string;
  readonly kind: FileSource["kind"];
  /** Share of bad rows above which the file fails. */
  readonly maxRejectedShare: number;
}

/**
 * Turns one csv.gz into its partition: inflate, check every byte and row, encode, commit.
 *
 * @throws {DataError} the file is damaged, its header is not the vendor's, or too many rows break a rule; nothing is stored
 * @throws {OptionError} the store cannot be written to
 */
export function ingestFile(
  store: Store,
  key: PartitionKey,
  { file, kind, maxRejectedShare }: VendorFile,
): Promise<TickManifest> {
  const place = vendorPath(key);
  return writePartition(store, key, async (sink) => {
    const rejected = rejectedRows(sink.folder);
    const parser: RowParser = new RowParser(key, {
      append: sink.append,
      reject: (line, reason, text) => {
        rejected.add(line, reason, text);
        const isHopeless = rejected.count() > 10 * maxRejectedShare * parser.rows;
        if (rejected.count() === HOPELESS_ROWS && isHopeless) {
          requireFew(place, rejected, parser.rows, maxRejectedShare);
        }
      },
    });
    const fingerprint = await atPlace(place, async () => {
      const found = await inflateFile(file, place, (piece) => parser.push(piece));
      parser.end();
      return found;
    });
    requireFew(place, rejected, parser.rows, maxRejectedShare);
    return { source: { kind, path: place, ...fingerprint }, rejected: rejected.finish() };
  });
}

/** Path of a file in the vendor's layout: `{exchange}/{type}/{yyyy}/{mm}/{dd}/{SYMBOL}.csv.gz`. */
export function vendorPath({ exchange, type, date, symbol }: PartitionKey): string {
  return `${exchange}/${type}/${date.replaceAll("-", "/")}/${symbol}.csv.gz`;
}

function requireFew(
  place: string,
  rejected: RejectedRows,
  rows: number,
  maxRejectedShare: number,
): void {
  const first = rejected.first();
  if (first === undefined || rejected.count() <= maxRejectedShare * rows) return;
  const [column, reason] = first.reason.split(": ");
  const percent = (share: number): string => `${Number((100 * share).toPrecision(2))} %`;
  throw new DataError({
    file: place,
    row: first.line,
    column: column!,
    message:
      `was ${reason}; ${rejected.count()} of ${rows} rows (${percent(rejected.count() / rows)}) ` +
      `break a rule, and ${percent(maxRejectedShare)} may`,
    fix: "fetch the file again, or allow more with --max-rejected-share",
  });
}

/** Errors of the parser know line and column; this adds the file. */
async function atPlace<T>(place: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof DataError) || error.place.file !== undefined) throw error;
    throw new DataError({ ...error.place, file: place });
  }
}
