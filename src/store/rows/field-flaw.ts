import { EARLIEST_US, type Field, LONGEST_TEXT } from "../schema.js";
import type { RowValue } from "./row-values.js";

/** A time of 16 digits or fewer, which is all that a vendor file's column holds. */
const LAST_TIME_US = 1e16;

/**
 * What is wrong with a field, in the words in which a vendor file's row is rejected for the same; a test holds the two
 * against each other.
 *
 * @returns undefined when nothing is
 */
export function fieldFlaw({ rule, isOptional }: Field, value: RowValue): string | undefined {
  switch (rule) {
    case "text":
      return textFlaw(value);
    case "flag":
      return typeof value === "boolean" ? undefined : "not true or false";
    case "tradeSide":
      return value === undefined ? "not buy, sell or unknown" : undefined;
    case "bookSide":
      return value === undefined ? "not bid or ask" : undefined;
    case "time":
      if (value === undefined) return isOptional ? undefined : "empty";
      if (isOptional && (value as number) < EARLIEST_US) return "not a time in µs";
      return isTime(value) ? undefined : "not a time in µs";
    default:
      if (value === undefined) return isOptional ? undefined : "empty";
      return numberFlaw(rule, value as number);
  }
}

function textFlaw(value: RowValue): string | undefined {
  if (typeof value !== "string" || !/^[ !#-+\--~]*$/.test(value)) return "not plain text";
  return value.length > LONGEST_TEXT ? `longer than ${LONGEST_TEXT} characters` : undefined;
}

function isTime(value: RowValue): boolean {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) < LAST_TIME_US;
}

function numberFlaw(rule: Field["rule"], value: number): string | undefined {
  if (Number.isNaN(value)) return "not a number";
  if (value === Number.POSITIVE_INFINITY) return "not a finite number";
  if (value > 0) return rule === "ratio" && value > 1 ? "above 1" : undefined;
  if (rule === "number") {
    return value === Number.NEGATIVE_INFINITY ? "not a finite number" : undefined;
  }
  if (rule === "positive") return "not positive";
  return value < 0 ? "negative" : undefined;
}
