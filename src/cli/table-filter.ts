import type { Command } from "commander";
import { OptionError } from "../core/errors.js";
import { exchangeSymbols } from "../core/symbols.js";
import { DAY_US, dateOf, dayStartUs, daysBetween } from "../core/time.js";
import { isComputed, TABLE_TYPES, type TableFilter } from "../store/table-folders.js";

/** Options that choose tables of the store. */
export interface TableFlags {
  readonly exchange?: string;
  readonly symbols?: string;
  readonly types?: string;
  readonly from?: string;
  readonly to?: string;
  readonly all?: boolean;
}

/** Adds the options that choose tables to a command. */
export function addTableFilter(command: Command): Command {
  return command
    .option("--exchange <name>", "only of this exchange")
    .option("--symbols <names>", "only of these symbols, for example BTC,ETH (with --exchange)")
    .option("--types <names>", "only of these types, for example trades,quotes,candles")
    .option("--from <day>", "first UTC day, yyyy-mm-dd")
    .option("--to <day>", "day after the last (default with --from: the day after it)")
    .option("--all", "computed tables as well (features, audit), not only the lake and candles");
}

/**
 * The tables that options choose.
 *
 * @throws {OptionError} a day or type is none, the days are no range, or symbols are named without their exchange
 */
export function tableFilter({ exchange, symbols, types, all, ...days }: TableFlags): TableFilter {
  const chosen = types?.split(",").map((name) => requireType(name.trim()));
  const isAll = all === true || chosen?.some(isComputed) === true;
  return {
    ...(exchange === undefined ? {} : { exchange }),
    ...(symbols === undefined ? {} : { symbols: symbolsOf(exchange, symbols) }),
    ...(chosen === undefined ? {} : { types: chosen }),
    ...rangeOf(days),
    ...(isAll ? { isAll } : {}),
  };
}

function symbolsOf(exchange: string | undefined, symbols: string): readonly string[] {
  if (exchange !== undefined) return exchangeSymbols(exchange, symbols);
  throw new OptionError({
    column: "--symbols",
    message: `was "${symbols}" without an exchange`,
    fix: "name the exchange with --exchange: each has its own names",
  });
}

function rangeOf({ from, to }: Pick<TableFlags, "from" | "to">): Pick<TableFilter, "from" | "to"> {
  if (from !== undefined) {
    const last = daysBetween(from, to).at(-1)!;
    return { from, to: dateOf(dayStartUs(last) + DAY_US) };
  }
  if (to === undefined) return {};
  dayStartUs(to, "--to");
  return { to };
}

function requireType(name: string): string {
  if (TABLE_TYPES.includes(name)) return name;
  throw new OptionError({
    column: "--types",
    message: `was ${JSON.stringify(name)}, which is no type of table`,
    fix: `use one of ${TABLE_TYPES.join(", ")}`,
  });
}
