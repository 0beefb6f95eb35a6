import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { OptionError } from "../../core/errors.js";
import { dateOf } from "../../core/time.js";
import type { Column } from "../../store/column.js";
import { partitionFolder, requireType } from "../../store/partition.js";
import { SCHEMAS } from "../../store/schema.js";
import type { DataType } from "../../store/tables.js";
import { rawMinutes } from "./raw-minutes.js";
import { ReplayTables } from "./replay-tables.js";
import type { SliceSource } from "./slice-source.js";

/** What to replay. */
export interface ReplayRequest {
  readonly exchange: string;
  /** The exchange's own names. */
  readonly symbols: readonly string[];
  readonly types: readonly string[];
  /** First minute, as `2024-08-08` or `2024-08-08T23:54`, UTC. */
  readonly from: string;
  /** Minute after the last. */
  readonly to: string;
}

/** Rows of one symbol and type in arrival order. */
export interface ReplayedTable {
  readonly symbol: string;
  readonly type: DataType;
  readonly rows: number;
  /** By the vendor's names of the fields; sides are 1 buy or bid, −1 sell or ask, 0 unknown. */
  readonly columns: Readonly<Record<string, Column>>;
}

/** What arrived in one minute. */
export interface ReplayedMinute {
  readonly startUs: number;
  /** The source does not have the minute, which is another thing than a minute in which nothing was sent. */
  readonly isMissing: boolean;
  /** How often the connection was lost; book changes after it begin with a snapshot. */
  readonly disconnects: number;
  /** Tables with rows; one that is very long comes in pieces, which follow each other. */
  readonly tables: readonly ReplayedTable[];
  /** Rows left out because they break a rule, by reason. */
  readonly rejected: Readonly<Record<string, number>>;
}

/**
 * Replays an exchange's own messages as checked columns, minute by minute: what the vendor's `replayNormalized` gives as an
 * object for every event, with the rules of the dataset files. Book changes of an exchange that sends differences begin
 * with the first snapshot, which the vendor has at 00:00.
 *
 * @param source - as `openReplaySource` gives it
 * @throws {DataError} a minute cannot be fetched, is damaged or cannot be read; minutes before it have been given
 * @throws {OptionError} the request names something that there is not, or the source cannot be reached
 */
export async function* replayNormalized(
  source: SliceSource,
  { exchange, symbols, types, from, to }: ReplayRequest,
): AsyncGenerator<ReplayedMinute, void, undefined> {
  const fromUs = minuteOf("from", from);
  const toUs = minuteOf("to", to);
  if (toUs <= fromUs) {
    throw new OptionError({
      column: "to",
      message: `was "${to}", which is not after from "${from}"`,
      fix: "give a later minute: from is inclusive, to exclusive",
    });
  }
  const known = types.map((type) => requireType(type));
  for (const symbol of symbols) {
    partitionFolder({ exchange, symbol, type: "trades", date: dateOf(fromUs) });
  }
  await source.requireKnown(exchange);
  let parts: ReplayedTable[] = [];
  let rejected: Record<string, number> = {};
  const request = { exchange, symbols, types: known, startUs: fromUs };
  const tables = await ReplayTables.open(request, (symbol, type) => ({
    append: (columns, rows) => {
      parts.push({ symbol, type, rows, columns: copyOf(columns, type, rows) });
    },
    reject: (reason) => {
      rejected[reason] = (rejected[reason] ?? 0) + 1;
    },
  }));
  requireAll(exchange, tables.stream.missingTypes);
  const folder = await mkdtemp(path.join(tmpdir(), "tickbook-replay-"));
  try {
    const { filters } = tables.stream;
    for await (const minute of rawMinutes(source, { exchange, filters, fromUs, toUs }, folder)) {
      const before = tables.disconnects;
      tables.read(minute);
      tables.flush();
      const { startUs, lines } = minute;
      const disconnects = tables.disconnects - before;
      yield { startUs, isMissing: lines === undefined, disconnects, tables: parts, rejected };
      parts = [];
      rejected = {};
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The columns are used again by whoever fills them. */
function copyOf(
  columns: readonly Column[],
  type: DataType,
  rows: number,
): Readonly<Record<string, Column>> {
  const names = SCHEMAS[type].map(({ name }) => name);
  return Object.fromEntries(columns.map((column, i) => [names[i]!, column.slice(0, rows)]));
}

function minuteOf(name: string, text: string): number {
  const isMinute = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2})?$/.test(text);
  const ms = isMinute ? Date.parse(`${text}${text.includes("T") ? "" : "T00:00"}:00Z`) : Number.NaN;
  if (!Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text)) return ms * 1000;
  throw new OptionError({
    column: name,
    message: `was "${text}", expected a UTC day or minute`,
    fix: "write it as yyyy-mm-dd or yyyy-mm-ddThh:mm",
  });
}

function requireAll(exchange: string, missing: readonly DataType[]): void {
  if (missing.length === 0) return;
  throw new OptionError({
    column: "types",
    message: `held ${missing.join(", ")}, which the vendor's normalizers do not make for ${exchange}`,
    fix: "leave them out, or check the exchange",
  });
}
