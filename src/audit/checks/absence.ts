// In which hours has a type nothing although another goes on?
import { HOUR_US } from "../../core/time.js";
import type { HourMark, Span } from "../finding.js";
import type { Pace } from "../measuring/pace.js";
import type { TickType } from "../type-checks.js";

/** Types that go on all day where there is a market, and what is said of each: when it is absent, and when it goes on. */
const MAIN: ReadonlyMap<TickType, readonly [absent: string, goesOn: string]> = new Map([
  ["incremental_book_L2", ["book changes", "the book goes on"]],
  ["trades", ["trades", "trades go on"]],
  ["quotes", ["quotes", "quotes go on"]],
  ["book_snapshot_25", ["snapshots", "snapshots go on"]],
  ["book_snapshot_5", ["snapshots", "snapshots go on"]],
]);

/** Hours of a day, however long the streams in it. */
const HOURS = 24;

/**
 * Hours without a message of a main type, in a pause that its own pace does not explain, while another main type has some. Before
 * the type's first and after its last message the pause is measured from the first and to the last of the others.
 *
 * @param paces - of all types of the day
 * @param dayUs - start of the day
 */
export function absence(
  type: TickType,
  paces: ReadonlyMap<TickType, Pace>,
  dayUs: number,
): readonly HourMark[] {
  const own = paces.get(type);
  const words = MAIN.get(type);
  const others = [...MAIN].flatMap(([other, [, goesOn]]) => {
    const pace = paces.get(other);
    return other === type || pace === undefined || pace.messages === 0 ? [] : [{ goesOn, pace }];
  });
  if (own === undefined || words === undefined || others.length === 0) return [];
  const firstUs = Math.min(...others.map(({ pace }) => pace.firstUs));
  const lastUs = Math.max(...others.map(({ pace }) => pace.lastUs));
  const pauses = pausesOf(own, firstUs, lastUs);
  const marks: HourMark[] = [];
  for (let hour = 0; hour < HOURS; hour++) {
    const hourUs = dayUs + hour * HOUR_US;
    const isInPause = pauses.some(([from, to]) => from < hourUs + HOUR_US && to > hourUs);
    if (own.messagesByHour[hour]! > 0 || !isInPause) continue;
    const other = others.find(({ pace }) => pace.messagesByHour[hour]! > 0);
    if (other === undefined) continue;
    marks.push({ hourUs, verdict: "bad", reason: `no ${words[0]} although ${other.goesOn}` });
  }
  return marks;
}

function pausesOf(pace: Pace, firstUs: number, lastUs: number): readonly Span[] {
  const ends: readonly Span[] =
    pace.messages === 0
      ? [[firstUs, lastUs]]
      : [
          [firstUs, pace.firstUs],
          [pace.lastUs, lastUs],
        ];
  return [...ends.filter((span) => pace.isGap(span)), ...pace.gaps()];
}
