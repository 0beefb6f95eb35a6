// Was every planted fault found at its place, and nothing else?
import { MINUTE_US, SECOND_US } from "../../core/time.js";
import type { PlantedFault } from "../../simulate/faults/planted-fault.js";

/** A place this near to the planted one is right, and so is the next row, however far it is. */
const NEAR_US: number = SECOND_US;
/** A market's way back is told by its minutes' medians: the end of such a place is right within one of them. */
const TOLD_BY_MINUTES: readonly string[] = ["regime-break"];
/** What a fault may rightly set off lies in its time, or this near to it. */
const AROUND_US: number = 5 * SECOND_US;

/** Checks that compare two types tell of either. */
const COMPARISONS: readonly string[] = [
  ...["quote-mismatch", "snapshot-mismatch", "source-mismatch"],
  ...["frozen-level", "stale-book", "trade-outside-book"],
];

/** What the judge needs of an audit's finding. */
export interface SeenFinding {
  readonly check: string;
  readonly type: string;
  readonly symbol: string;
  readonly date: string;
  readonly firstUs: number;
  readonly detail: string;
  readonly spans?: readonly (readonly [number, number])[];
}

/** What became of one planted fault. */
export interface JudgedFault {
  readonly kind: string;
  readonly outcome: "found" | "misplaced" | "missed";
  /** From the planted place's beginning or end to that of the nearest found one, whichever is further, µs; NaN when missed. */
  readonly distanceUs: number;
  /** Where the fault was, and what was found, in words. */
  readonly what: string;
}

/** A place that no planted fault explains. */
export interface FalseAlarm {
  readonly check: string;
  readonly what: string;
}

/** Arrival times of a type's rows, in order, µs; asked for only where a place is not near. */
export type ArrivalTimes = (fault: PlantedFault) => Promise<ArrayLike<number>>;

/** Judges each planted fault by the findings of its check, type and day. */
export async function judgeFaults(
  planted: readonly PlantedFault[],
  findings: readonly SeenFinding[],
  arrivalTimes: ArrivalTimes,
): Promise<readonly JudgedFault[]> {
  const judged: JudgedFault[] = [];
  for (const fault of planted) {
    const { kind, fromUs, toUs } = fault;
    const spans = findings.filter((one) => isOwn(one, fault)).flatMap(spansOf);
    const own = spans.filter((span) => isWithin(span, fault));
    const what = `${describe(fault)} from ${timeText(fromUs)} to ${timeText(toUs)}`;
    if (own.length === 0) {
      // A place that no fault of this check explains may be meant for this one.
      const others = planted.filter((one) => isSameDay(one, fault) && one.check === fault.check);
      const strays = spans.filter((span) => !others.some((other) => isWithin(span, other)));
      const seen = strays.map(([startUs]) => timeText(startUs)).join(", ");
      const outcome = strays.length === 0 ? "missed" : "misplaced";
      const told = seen === "" ? "nothing found" : `found at ${seen}`;
      judged.push({ kind, outcome, distanceUs: Number.NaN, what: `${what}: ${told}` });
      continue;
    }
    // A fault may show in several places; from the first to the last it has to be told whole.
    const starts = own.map(([startUs]) => startUs);
    const ends = own.map(([, endUs]) => endUs);
    const first = nearest(starts, fromUs);
    const last = nearest(ends, toUs);
    const distanceUs = Math.max(Math.abs(first - fromUs), Math.abs(last - toUs));
    let isRight = distanceUs <= NEAR_US;
    if (!isRight) {
      const times = await arrivalTimes(fault);
      const isByMinutes =
        TOLD_BY_MINUTES.includes(fault.check) && Math.abs(last - toUs) <= MINUTE_US;
      isRight = isBeside(times, fromUs, first) && (isByMinutes || isBeside(times, toUs, last));
    }
    const outcome = isRight ? "found" : "misplaced";
    const seen = `found from ${timeText(first)} to ${timeText(last)}`;
    judged.push({ kind, outcome, distanceUs, what: `${what}: ${seen}` });
  }
  return judged;
}

/** Whether a finding is of a fault's check, type and day. */
function isOwn(finding: SeenFinding, fault: PlantedFault): boolean {
  if (!isSameDay(finding, fault) || finding.check !== fault.check) return false;
  return finding.type === fault.type || COMPARISONS.includes(fault.check);
}

/** Places of findings that are neither a planted fault's own nor one of those that it may rightly set off. */
export function falseAlarms(
  planted: readonly PlantedFault[],
  findings: readonly SeenFinding[],
): readonly FalseAlarm[] {
  return findings.flatMap((finding) => {
    const { check } = finding;
    const causes = planted.filter(
      (fault) =>
        isOwn(finding, fault) || (isSameDay(finding, fault) && fault.mayAlsoFind.includes(check)),
    );
    return spansOf(finding)
      .filter((span) => !causes.some((fault) => isWithin(span, fault)))
      .map(([startUs]) => ({
        check,
        what: `${describe(finding)} at ${timeText(startUs)}: ${check}, ${finding.detail}`,
      }));
  });
}

function spansOf({ firstUs, spans = [] }: SeenFinding): readonly (readonly [number, number])[] {
  return spans.length > 0 ? spans : [[firstUs, firstUs]];
}

function isWithin(
  [startUs, endUs]: readonly [number, number],
  { fromUs, toUs }: PlantedFault,
): boolean {
  return endUs >= fromUs - AROUND_US && startUs <= toUs + AROUND_US;
}

type OfDay = Pick<SeenFinding, "symbol" | "date">;

function isSameDay(one: OfDay, other: OfDay): boolean {
  return one.symbol === other.symbol && one.date === other.date;
}

function nearest(timesUs: readonly number[], toUs: number): number {
  return timesUs.reduce((one, other) =>
    Math.abs(other - toUs) < Math.abs(one - toUs) ? other : one,
  );
}

/** Whether two times are near each other, or no arrival lies between them. */
function isBeside(times: ArrayLike<number>, oneUs: number, otherUs: number): boolean {
  if (Math.abs(oneUs - otherUs) <= NEAR_US) return true;
  const [fromUs, toUs] = oneUs < otherUs ? [oneUs, otherUs] : [otherUs, oneUs];
  for (let i = 0; i < times.length; i++) if (times[i]! > fromUs && times[i]! < toUs) return false;
  return true;
}

function describe({ type, symbol, date }: { type: string; symbol: string; date: string }): string {
  return `${symbol} ${date} ${type}`;
}

function timeText(timeUs: number): string {
  return Number.isFinite(timeUs) ? new Date(timeUs / 1000).toISOString().slice(11, 23) : "no time";
}
