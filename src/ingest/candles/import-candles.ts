import { OptionError } from "../../core/errors.js";
import { DAY_US, dateOf, dayStartUs } from "../../core/time.js";
import type { Store } from "../../store/store.js";
import { bringInDays } from "./bring-in-days.js";
import { readCandleFile } from "./candle-file.js";
import type { CandleOptions, CandleRun } from "./candle-run.js";

/** Which candles a file holds, and which of them to store. */
export interface ImportCandlesOptions extends CandleOptions {
  /** Whose candles they are, as the vendor names exchanges. */
  readonly exchange: string;
  /** The exchange's own name, for example `BTCUSD`. */
  readonly symbol: string;
  /** UTC days, `yyyy-mm-dd`, in order; left out: all from the file's first to its last. */
  readonly days?: readonly string[];
}

/**
 * Brings one-minute candles from a CSV file into the store, where `readCandles` and the view `candles` have them; days that
 * came from the same file are kept, and one that fails stops none of the others.
 *
 * @param file - plain or gzip, columns `time,low,high,open,close,volume`, times in seconds
 * @param options - whose candles they are, and which of the file's days, as `["2024-08-08"]`
 * @returns what became of each day, the first rows that were left out, and every time without a candle: missing, without
 *   a trade where the store has the trades of that day, else unknown
 * @throws {OptionError} there is no such file, it has none of the days, or the store cannot be written to
 * @throws {DataError} it is damaged or no file of candles, or trades that gaps are compared with are damaged
 * @example const run = await importCandles(store, "candles.csv.gz", { exchange: "bitfinex", symbol: "BTCUSD" });
 */
export async function importCandles(
  store: Store,
  file: string,
  { exchange, symbol, days, nowUs = 1000 * Date.now(), ...options }: ImportCandlesOptions,
): Promise<CandleRun> {
  const wanted = days === undefined ? undefined : new Set(days);
  const read = await readCandleFile(file, {
    isWanted: (date) => wanted?.has(date) ?? true,
    nowUs,
  });
  if (read.days.size === 0) throw noneOf(file, days ?? []);
  const keys = (days ?? daysOf([...read.days.keys()])).map((date) => ({ exchange, symbol, date }));
  const source = {
    obtain: async ({ date }: { readonly date: string }) => read.days.get(date),
    isCurrent: ({ sha256 }: { readonly sha256: string }) => sha256 === read.sha256,
  };
  const run = await bringInDays(store, keys, { source, options: { ...options, nowUs } });
  return { ...run, rejectedRows: read.rejectedRows };
}

/** All days from the first of some to the last. */
function daysOf(dates: readonly string[]): readonly string[] {
  const firstUs = dayStartUs(dates[0]!);
  const count = (dayStartUs(dates.at(-1)!) - firstUs) / DAY_US + 1;
  return Array.from({ length: count }, (_, i) => dateOf(firstUs + i * DAY_US));
}

function noneOf(file: string, days: readonly string[]): OptionError {
  return new OptionError({
    column: "--source",
    message: `was "${file}", which has no candle of ${days[0]}${days.length > 1 ? ` to ${days.at(-1)}` : ""}`,
    fix: "check --from and --to, or leave them out for all its days",
  });
}
