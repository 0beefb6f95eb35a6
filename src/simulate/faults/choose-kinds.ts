// Which kinds of faults a symbol's day has.
import { OptionError } from "../../core/errors.js";
import { CANDLE_KIND } from "./candles.js";
import type { FaultKind } from "./fault-kind.js";
import { ALL_KINDS, FAULT_KINDS } from "./kinds.js";

/** Whole hours that a day has between its first and its last one, which are those of `coverage`. */
export const FREE_HOURS = 22;

/**
 * Names of kinds from a list of kinds and checks; a check stands for all of its kinds.
 *
 * @param list - comma-separated; all kinds where there is none
 * @param option - where it came from, for the error
 * @throws {OptionError} a name is neither
 */
export function faultKindNames(list?: string, option = "--faults"): readonly string[] {
  if (list === undefined) return ALL_KINDS.map(({ name }) => name);
  const wanted = list.split(",").map((name) => name.trim());
  for (const name of wanted) {
    if (ALL_KINDS.some((kind) => kind.name === name || kind.check === name)) continue;
    throw new OptionError({
      column: option,
      message: `was asked for "${name}", which is no kind of fault`,
      fix: `choose among ${ALL_KINDS.map((kind) => kind.name).join(", ")}, or the part before the colon`,
    });
  }
  return ALL_KINDS.filter(({ name, check }) => wanted.includes(name) || wanted.includes(check)).map(
    ({ name }) => name,
  );
}

/**
 * The kinds of one symbol's day. Each has an hour of its own; kinds that do not all fit into one day take turns: those of
 * turn 0 come where the day's number plus the symbol's is even, the others where it is odd.
 *
 * @param names - kinds asked for
 * @param place - numbers of the day and of the symbol in the market, from 0
 */
export function kindsOfDay(
  names: readonly string[],
  place: { readonly day: number; readonly symbol: number },
): readonly FaultKind[] {
  const asked = FAULT_KINDS.filter(({ name }) => names.includes(name));
  const hours = asked.filter(({ when }) => when === "hour").length;
  const clocks = asked.filter(({ check }) => check === "clock-drift" || check === "clock-offset");
  const isTogether = hours <= FREE_HOURS && new Set(clocks.map(({ check }) => check)).size < 2;
  if (isTogether) return asked;
  return asked.filter(({ turn }) => turn === (place.day + place.symbol) % 2);
}

/** Whether the candles get a fault: they do whenever it is asked for, on every day. */
export function hasCandleFault(names: readonly string[]): boolean {
  return names.includes(CANDLE_KIND.name);
}
