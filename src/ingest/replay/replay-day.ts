import { createHash } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { DataError } from "../../core/errors.js";
import { DAY_US, dayStartUs, MINUTE_US } from "../../core/time.js";
import type { ReplaySource, TickManifest } from "../../store/manifest.js";
import type { Store } from "../../store/store.js";
import type { PartitionKey } from "../../store/tables.js";
import type { PartitionOrigin } from "../../store/tick-table.js";
import { type PartitionSink, writePartition } from "../../store/write.js";
import { requireFew } from "../file-job.js";
import { rejectedRows } from "../rejected-rows.js";
import { minuteRanges } from "./minute-ranges.js";
import { type RawMinute, rawMinutes } from "./raw-minutes.js";
import { ReplayTables } from "./replay-tables.js";
import type { SliceSource } from "./slice-source.js";

/** Thrown by the writing of a day of which the source turns out to have nothing. */
const NOTHING = Symbol("nothing");

/**
 * Replays one day of one symbol and type into its partition.
 *
 * @returns undefined when the source has no message of it, or the exchange does not have the type; nothing is stored then
 * @throws {DataError} a minute cannot be fetched, is damaged or cannot be read, too many rows break a rule, or book changes
 *   came without the snapshot that they change
 * @throws {OptionError} the source cannot be reached, or the store cannot be written to
 */
export async function replayDay(
  store: Store,
  source: SliceSource,
  key: PartitionKey,
  maxRejectedShare: number,
): Promise<TickManifest | undefined> {
  const downloads = await store.temporaryPath();
  await mkdir(downloads);
  try {
    return await writePartition(store, key, (sink) =>
      produceDay(sink, source, { key, downloads, maxRejectedShare }),
    );
  } catch (error) {
    if (error === NOTHING) return undefined;
    throw error;
  } finally {
    await rm(downloads, { recursive: true, force: true });
  }
}

interface DayJob {
  readonly key: PartitionKey;
  /** Folder for the minutes that are being read. */
  readonly downloads: string;
  readonly maxRejectedShare: number;
}

async function produceDay(
  sink: PartitionSink,
  source: SliceSource,
  { key, downloads, maxRejectedShare }: DayJob,
): Promise<PartitionOrigin> {
  const { exchange, symbol, type } = key;
  const startUs = dayStartUs(key.date);
  const rejected = rejectedRows(sink.folder);
  const request = { exchange, symbols: [symbol], types: [type], startUs };
  const tables: ReplayTables = await ReplayTables.open(request, () => ({
    append: sink.append,
    reject: (reason, values) => {
      rejected.add(tables.lines, reason, [exchange, symbol, ...values].join(","));
    },
  }));
  const { filters, missingTypes } = tables.stream;
  if (missingTypes.length > 0) throw NOTHING;
  const origin = new ReplayOrigin();
  const minutes = { exchange, filters, fromUs: startUs, toUs: startUs + DAY_US };
  for await (const minute of rawMinutes(source, minutes, downloads)) {
    const before = tables.rows(symbol, type);
    tables.read(minute);
    origin.add(minute, { isSilent: tables.rows(symbol, type) === before });
  }
  tables.flush();
  const rows = tables.rows(symbol, type);
  if (rows === 0 && tables.messages === 0) throw NOTHING;
  const asked = `data-feeds/${exchange}?from=${key.date}&filters=${JSON.stringify(filters)}`;
  if (rows === 0) requireSnapshot(key, tables.messages);
  requireFew(asked, rejected, rows, maxRejectedShare);
  return { source: origin.finish(asked), rejected: rejected.finish() };
}

/** Differences of a book of which no snapshot came are kept back by the normalizer, without a word. */
function requireSnapshot(key: PartitionKey, messages: number): void {
  if (key.type === "trades" || key.type === "derivative_ticker") return;
  throw new DataError({
    file: `${key.exchange}/${key.date}`,
    column: key.symbol,
    message: `had ${messages} messages of ${key.type} and no snapshot of the book that they change`,
    fix: "use a source whose day begins with a snapshot, as the vendor's does",
  });
}

/** Gathers what a day's manifest says of its minutes. */
class ReplayOrigin {
  readonly #hash = createHash("sha256");
  readonly #missing: number[] = [];
  #bytes = 0;
  #minutes = 0;
  #silent = 0;

  add(
    { startUs, place, fingerprint }: RawMinute,
    { isSilent }: { readonly isSilent: boolean },
  ): void {
    if (fingerprint === undefined) {
      this.#missing.push((startUs % DAY_US) / MINUTE_US);
      return;
    }
    this.#minutes++;
    if (isSilent) this.#silent++;
    this.#bytes += fingerprint.bytes;
    this.#hash.update(`${place} ${fingerprint.bytes} ${fingerprint.sha256}\n`);
  }

  finish(asked: string): ReplaySource {
    return {
      kind: "replay",
      path: asked,
      bytes: this.#bytes,
      sha256: this.#hash.digest("hex"),
      minutes: this.#minutes,
      silent: this.#silent,
      missing: minuteRanges(this.#missing),
    };
  }
}
