import { z } from "zod";
import { DataError } from "../../core/errors.js";
import { dayStartUs, MINUTE_US } from "../../core/time.js";
import { type CandleKey, candleFolder } from "../../store/candle-table.js";
import { writeDerived } from "../../store/derived.js";
import type { DerivedManifest, Manifest } from "../../store/manifest.js";
import type { Store } from "../../store/store.js";
import { rejectedRows } from "../rejected-rows.js";
import { lookUpStored, type Stored } from "../stored.js";
import { type CheckedDay, countReasons } from "./checked-day.js";
import { type MinuteRun, minuteGaps } from "./minute-gaps.js";

/** What the manifest of a day's candles says of it. */
export interface StoredCandles {
  readonly rows: number;
  readonly rejected: number;
  /** Of what was read for the day: the answers, or the file. */
  readonly sha256: string;
  readonly gaps: readonly MinuteRun[];
}

const COUNT = z.number().int().nonnegative();
const ORIGIN = z.object({
  source: z.object({ sha256: z.string() }),
  rejected: z.record(z.string(), COUNT),
  gaps: z.array(z.tuple([COUNT, COUNT])),
});

/**
 * Stores a day's candles, whole or not at all; those that are there are replaced. Rows that were left out lie beside them
 * in `rejected.csv`.
 *
 * @throws {OptionError} the key is none, or the store cannot be written to
 */
export async function storeCandles(
  store: Store,
  key: CandleKey,
  day: CheckedDay,
): Promise<StoredCandles> {
  const { barStartUs, open, high, low, close, volume } = day.candles;
  const columns = {
    bar_start_us: barStartUs,
    bar_end_us: barStartUs.map((startUs) => startUs + MINUTE_US),
    open,
    high,
    low,
    close,
    volume,
  };
  const gaps = minuteGaps(barStartUs, dayStartUs(key.date));
  const origin = { source: { ...day.source }, rejected: countReasons(day), gaps };
  const addFiles = (folder: string): void => {
    const rejected = rejectedRows(folder);
    for (const { line, reason, text } of day.rejected) rejected.add(line, reason, text);
    rejected.finish();
  };
  return describe(await writeDerived(store, candleFolder(key), columns, origin, { addFiles }));
}

/**
 * What is stored of a day.
 *
 * @param options.verify - hash the files again
 * @throws {DataError} another version wrote it
 */
export async function storedCandles(
  store: Store,
  key: CandleKey,
  options: { readonly verify: boolean },
): Promise<Stored<StoredCandles>> {
  const read = (manifest: Manifest): StoredCandles => describe(manifest as DerivedManifest);
  return lookUpStored(store, candleFolder(key), read, options);
}

function describe({ rows, origin, folder }: DerivedManifest): StoredCandles {
  const { success, data } = ORIGIN.safeParse(origin);
  if (!success) {
    const fix = "delete the folder and fetch the candles again";
    throw new DataError({ file: folder, message: "had the manifest of another table", fix });
  }
  const rejected = Object.values(data.rejected).reduce((sum, one) => sum + one, 0);
  return { rows, rejected, sha256: data.source.sha256, gaps: data.gaps };
}
