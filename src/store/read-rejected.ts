import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { DAY_US, dayStartUs } from "../core/time.js";
import { requireIntact } from "./integrity.js";
import { partitionFolder } from "./partition.js";
import type { Store } from "./store.js";
import type { PartitionKey } from "./tables.js";
import { readUnreplaced } from "./unreplaced.js";

/** A row that was left out when a vendor's file was read. */
export interface RejectedRow {
  /** Line of the file; the header is 1. */
  readonly line: number;
  readonly reason: string;
  /** Its arrival time, µs; undefined where that cannot be read, or lies outside the day. */
  readonly localUs: number | undefined;
}

const FILE = "rejected.csv";
const ROW = /^(\d+),"((?:[^"]|"")*)","((?:[^"]|"")*)"$/;
/** Column of `local_timestamp` in every vendor's file. */
const LOCAL_COLUMN = 3;

/**
 * Rows that were left out of a partition, in the order of the file.
 *
 * @returns none where nothing was left out
 * @throws {DataError} the partition is missing or damaged
 */
export async function readRejected(
  store: Store,
  key: PartitionKey,
): Promise<readonly RejectedRow[]> {
  const folder = partitionFolder(key);
  return readUnreplaced(store, async (seen) => {
    await seen.add(folder);
    const { files } = await requireIntact(store, folder);
    if (files[FILE] === undefined) return [];
    const startUs = dayStartUs(key.date);
    const rows: RejectedRow[] = [];
    const text = createReadStream(store.path(`${folder}/${FILE}`), "utf8");
    for await (const line of createInterface({
      input: text,
      crlfDelay: Number.POSITIVE_INFINITY,
    })) {
      const [, number, reason, row] = ROW.exec(line) ?? [];
      if (number === undefined) continue;
      const timeUs = Number(row!.split(",")[LOCAL_COLUMN] ?? Number.NaN);
      const isOfDay = timeUs >= startUs && timeUs < startUs + DAY_US;
      const localUs = isOfDay ? timeUs : undefined;
      rows.push({ line: Number(number), reason: reason!.replaceAll('""', '"'), localUs });
    }
    return rows;
  });
}
