import { counted } from "../core/counted.js";
import { DAY_US, dayStartUs } from "../core/time.js";
import type { AuditedType } from "../store/audited-types.js";
import { dayRuns } from "./day-runs.js";
import type { Finding } from "./finding.js";

/** A finding, and the day it is told of. */
export interface DatedFinding {
  readonly date: string;
  readonly finding: Finding;
}

/**
 * What is to be told of days of which the store has nothing at all: for each type one finding a run of days, so that years
 * before the first stored day or after the last are a line and not thousands.
 *
 * @param dates - such days, in order
 * @param types - what the symbol has on other days
 */
export function absentDays(
  dates: readonly string[],
  types: readonly AuditedType[],
): readonly DatedFinding[] {
  return dayRuns(dates).flatMap((run) =>
    types.map((type) => ({ date: run[0]!, finding: absence(type, run) })),
  );
}

function absence(type: AuditedType, run: readonly string[]): Finding {
  const firstUs = dayStartUs(run[0]!);
  const days = run.length;
  const which =
    days === 1 ? "this day" : `the ${counted(days, "day")} from ${run[0]} to ${run.at(-1)}`;
  return {
    check: "coverage",
    type,
    count: days,
    firstUs,
    isFatal: false,
    value: (days * DAY_US) / 1e6,
    unit: "s",
    detail: `the store has no ${type} of ${which}`,
    spans: [[firstUs, firstUs + days * DAY_US]],
  };
}
