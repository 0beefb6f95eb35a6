// What is told of a day that cannot be read?
import { DataError } from "../core/errors.js";
import { DAY_US, dayStartUs } from "../core/time.js";
import { auditedFolder } from "../store/audit-inputs.js";
import { AUDITED_TYPES } from "../store/audited-types.js";
import type { SymbolDay } from "../store/read.js";
import type { Finding } from "./finding.js";

/**
 * A fatal finding of the type whose partition cannot be read, in the error's own words.
 *
 * @param error - what an audit of the day ended in
 * @returns undefined when the error is of no partition of the day, so that it stands for more than the day
 */
export function damagedDay(day: SymbolDay, error: unknown): Finding | undefined {
  if (!(error instanceof DataError)) return undefined;
  const { file } = error.place;
  const type = AUDITED_TYPES.find((one) => file?.startsWith(`${auditedFolder(day, one)}/`));
  if (type === undefined) return undefined;
  const firstUs = dayStartUs(day.date);
  return {
    check: "coverage",
    type,
    count: 1,
    firstUs,
    isFatal: true,
    value: DAY_US / 1e6,
    unit: "s",
    detail: `${type} of this day cannot be read, so the day has no verdict: ${error.message}`,
    spans: [[firstUs, firstUs + DAY_US]],
  };
}
