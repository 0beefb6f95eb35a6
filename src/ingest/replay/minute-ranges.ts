/**
 * Minutes of a day as ranges for people: `["00:00-23:53"]`, both ends included.
 *
 * @param minutes - 0 to 1439, rising
 */
export function minuteRanges(minutes: readonly number[]): readonly string[] {
  const ranges: string[] = [];
  for (let first = 0; first < minutes.length; ) {
    let last = first;
    while (minutes[last + 1] === minutes[last]! + 1) last++;
    const [from, to] = [clock(minutes[first]!), clock(minutes[last]!)];
    ranges.push(first === last ? from : `${from}-${to}`);
    first = last + 1;
  }
  return ranges;
}

function clock(minute: number): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}
