import { DAY_US, dayStartUs } from "../core/time.js";

/**
 * Days without a hole between them, together.
 *
 * @param dates - in order, each once
 */
export function dayRuns(dates: readonly string[]): readonly (readonly string[])[] {
  const runs: string[][] = [];
  let nextUs = Number.NaN;
  for (const date of dates) {
    const dayUs = dayStartUs(date);
    if (dayUs === nextUs) runs.at(-1)!.push(date);
    else runs.push([date]);
    nextUs = dayUs + DAY_US;
  }
  return runs;
}
