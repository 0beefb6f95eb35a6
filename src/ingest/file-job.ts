import { DataError } from "../core/errors.js";
import { SIMULATED_EXCHANGE } from "../core/symbols.js";
import type { RowTimes } from "../store/manifest.js";
import { SCHEMAS } from "../store/schema.js";
import type { PartitionKey } from "../store/tables.js";
import { rowTimes, type TickTable } from "../store/tick-table.js";
import { type Batch, makeBatch } from "./batch.js";
import type { Encoder } from "./encoder.js";
import { inflateFile } from "./inflate.js";
import { type RejectedRows, rejectedRows } from "./rejected-rows.js";
import { RowParser } from "./row-parser.js";
import { vendorPath } from "./vendor-path.js";

/** So many bad rows are not written down when nearly none of the rows so far was good. */
const HOPELESS_ROWS = 100_000;

/** One vendor file to be turned into a table; plain data, so that it can be sent to a worker. */
export interface FileJob {
  /** The csv.gz on this machine. */
  readonly file: string;
  readonly key: PartitionKey;
  /** Share of bad rows above which the file fails. */
  readonly maxRejectedShare: number;
  /** Where the table and, if there are bad rows, `rejected.csv` are written. */
  readonly folder: string;
}

/**
 * Turns one csv.gz into a table: inflate, check every byte and row, encode.
 *
 * @param encoder - open on the table's file; closed when this ends
 * @throws {DataError} the file is damaged, its header is not the vendor's, or too many rows break a rule
 */
export async function runFileJob(job: FileJob, encoder: Encoder): Promise<TickTable> {
  try {
    const table = await parseInto(encoder, job);
    await encoder.finish();
    return table;
  } finally {
    await encoder.close();
  }
}

/** A batch for the rows of a job's file. */
export function emptyBatch({ key }: FileJob): Batch {
  return makeBatch(SCHEMAS[key.type]);
}

async function parseInto(encoder: Encoder, job: FileJob): Promise<TickTable> {
  const { file, key, maxRejectedShare, folder } = job;
  const place = vendorPath(key);
  const rejected = rejectedRows(folder);
  let rows = 0;
  let first: RowTimes | null = null;
  let last: RowTimes | null = null;
  const parser: RowParser = new RowParser(key, {
    append: (batch, added) => {
      rows += added;
      first ??= rowTimes(batch.columns, 0);
      last = rowTimes(batch.columns, added - 1);
      return encoder.append(batch, added);
    },
    reject: (line, reason, text) => {
      rejected.add(line, reason, text);
      const isHopeless = rejected.count() > 10 * maxRejectedShare * parser.rows;
      if (rejected.count() % HOPELESS_ROWS === 0 && isHopeless) {
        requireFew(place, rejected, parser.rows, maxRejectedShare);
      }
    },
  });
  const fingerprint = await atPlace(place, async () => {
    const found = await inflateFile(file, place, (piece) => {
      parser.push(piece);
      return encoder.ready();
    });
    parser.end();
    return found;
  });
  requireFew(place, rejected, parser.rows, maxRejectedShare);
  const kind = key.exchange === SIMULATED_EXCHANGE ? "simulated" : "file";
  const source = { kind, path: place, ...fingerprint } as const;
  return { rows, first, last, source, rejected: rejected.finish() };
}

/**
 * Makes sure that few enough rows were left out.
 *
 * @throws {DataError} more than the share that may; it names the first of them
 */
export function requireFew(
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
