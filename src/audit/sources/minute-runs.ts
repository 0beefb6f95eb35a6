/** Consecutive minutes: the first, counted from 0, and how many. */
export type MinuteRun = readonly [first: number, minutes: number];

/**
 * Runs of consecutive minutes of which something is true.
 *
 * @param minutes - how many minutes there are
 * @param isIn - asked of each, in order
 * @returns runs in order, none touching the next
 */
export function minuteRuns(
  minutes: number,
  isIn: (minute: number) => boolean,
): readonly MinuteRun[] {
  const runs: MinuteRun[] = [];
  let first = -1;
  for (let minute = 0; minute <= minutes; minute++) {
    const isInside = minute < minutes && isIn(minute);
    if (isInside && first < 0) first = minute;
    if (isInside || first < 0) continue;
    runs.push([first, minute - first]);
    first = -1;
  }
  return runs;
}
