import { OptionError } from "../core/errors.js";
import { exchangeSymbols } from "../core/symbols.js";
import { dayStartUs, daysBetween } from "../core/time.js";
import type { TableFilter } from "../store/table-folders.js";
import { DATA_TYPES } from "../store/tables.js";

/** Options that choose partitions of the store. */
export interface FilterFlags {
  readonly exchange?: string;
  readonly symbols?: string;
  readonly types?: string;
  readonly from?: string;
  readonly to?: string;
  /** Computed tables as well, whose stages have names of their own. */
  readonly all?: boolean;
}

/** Types of what is fetched. */
const FETCHED_TYPES: readonly string[] = [...DATA_TYPES, "candles"];

/**
 * The filter that options describe.
 *
 * @throws {OptionError} a day, type or symbol is not one, or they do not fit together
 */
export function storeFilter(flags: FilterFlags): TableFilter {
  const { exchange, from, to, all: isAll = false } = flags;
  if (from !== undefined && to !== undefined) daysBetween(from, to);
  else if (from !== undefined) dayStartUs(from, "--from");
  else if (to !== undefined) dayStartUs(to, "--to");
  const symbols = chosenSymbols(flags);
  const types = flags.types === undefined ? undefined : chosenTypes(flags.types, isAll);
  return {
    ...(exchange === undefined ? {} : { exchange }),
    ...(symbols === undefined ? {} : { symbols }),
    ...(types === undefined ? {} : { types }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(isAll ? { isAll } : {}),
  };
}

function chosenSymbols({ exchange, symbols }: FilterFlags): readonly string[] | undefined {
  if (symbols === undefined) return undefined;
  if (exchange !== undefined) return exchangeSymbols(exchange, symbols);
  throw new OptionError({
    column: "--symbols",
    message: `was "${symbols}" without an exchange`,
    fix: "name the exchange with --exchange: each has its own names",
  });
}

function chosenTypes(list: string, isAll: boolean): readonly string[] {
  const types = list.split(",").map((name) => name.trim());
  const unknown = types.find((type) => type === "" || !(isAll || FETCHED_TYPES.includes(type)));
  if (unknown === undefined) return types;
  throw new OptionError({
    column: "--types",
    message: `was "${list}", and "${unknown}" is no type of what is fetched`,
    fix: `use ${FETCHED_TYPES.join(", ")}`,
  });
}
