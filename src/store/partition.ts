import { OptionError } from "../core/errors.js";
import { dayStartUs } from "../core/time.js";
import { DATA_TYPES, type DataType, type PartitionKey } from "./tables.js";

/** Name of the table's file in every partition's folder. */
export const PARQUET_FILE = "part-0.parquet";

/**
 * Folder of a partition below the store's root, with forward slashes.
 *
 * @throws {OptionError} type, exchange, symbol or date is not one; nothing else can become a path
 */
export function partitionFolder({ type, exchange, symbol, date }: PartitionKey): string {
  requireType(type);
  requireName("exchange", exchange);
  requireName("symbol", symbol);
  dayStartUs(date);
  return `lake/${type}/exchange=${exchange}/symbol=${symbol}/date=${date}`;
}

/** The key that a folder below the store's root stands for; undefined when it is no partition of the lake. */
export function partitionKey(folder: string): PartitionKey | undefined {
  const place = tablePlace(folder);
  const type = DATA_TYPES.find((name) => folder.startsWith(`lake/${name}/exchange=`));
  if (place === undefined || type === undefined) return undefined;
  const { exchange, symbol, date } = place;
  return { type, exchange, symbol, date };
}

/** Whose day a table holds, and what else the steps of its folder say. */
export interface TablePlace {
  readonly exchange: string;
  readonly symbol: string;
  readonly date: string;
  /** Length of bars, where the folder says one. */
  readonly bar?: string;
}

/**
 * What the folder of a table says: steps of plain names, `bar=` perhaps, and `exchange=`, `symbol=`, `date=` at the end.
 *
 * @returns undefined when the folder is no such table's
 */
export function tablePlace(folder: string): TablePlace | undefined {
  const name = "[A-Za-z0-9_][A-Za-z0-9._-]*";
  const place = new RegExp(
    `^(?:${name}/)+(?:bar=(${name})/)?exchange=(${name})/symbol=(${name})/date=(\\d{4}-\\d\\d-\\d\\d)$`,
  ).exec(folder);
  if (place === null) return undefined;
  const [, bar, exchange, symbol, date] = place as unknown as readonly [string, ...string[]];
  if (!isName(exchange!) || !isName(symbol!) || !isDay(date!)) return undefined;
  const day = { exchange: exchange!, symbol: symbol!, date: date! };
  return bar === undefined ? day : { ...day, bar };
}

/**
 * Checks the name of a data type.
 *
 * @param option - the option it came from, for the error
 * @throws {OptionError} no such type
 */
export function requireType(type: string, option = "type"): DataType {
  const found = DATA_TYPES.find((name) => name === type);
  if (found !== undefined) return found;
  throw new OptionError({
    column: option,
    message: `was ${JSON.stringify(type)}, which is no data type`,
    fix: `use one of ${DATA_TYPES.join(", ")}`,
  });
}

/**
 * Checks that a derived table's folder stays inside the store: `name` or `name=value` steps of plain characters.
 *
 * @param folder - for example `features/bar=1m/exchange=binance/symbol=BTCUSDT/date=2024-08-08`
 * @throws {OptionError} a step is empty, begins with a dot or holds another character than letters, digits and `._-=@`
 */
export function requireFolder(folder: string): string {
  const steps = folder.split("/");
  if (!folder.startsWith("lake/") && steps.every((step) => /^[A-Za-z0-9_][\w.=@-]*$/.test(step))) {
    return folder;
  }
  throw new OptionError({
    column: "folder",
    message: `was ${JSON.stringify(folder)}, which is no folder of a derived table`,
    fix: "use plain names joined by /, outside lake/",
  });
}

function requireName(what: string, name: string): void {
  if (isName(name)) return;
  throw new OptionError({
    column: what,
    message: `was ${JSON.stringify(name)}, which no ${what} is called`,
    fix: "use the vendor's name, for example binance or BTCUSDT",
  });
}

/**
 * Names become folders: letters, digits and `. _ -` only, and none begins with a dot. Two stand for nothing where columns
 * are read from folders.
 */
function isName(name: string): boolean {
  const isNothing = /^(null|__HIVE_DEFAULT_PARTITION__)$/i.test(name);
  return !isNothing && /^[A-Za-z0-9_][A-Za-z0-9._-]{0,63}$/.test(name);
}

function isDay(date: string): boolean {
  try {
    dayStartUs(date);
    return true;
  } catch {
    return false;
  }
}
