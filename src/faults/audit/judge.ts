// Was every planted fault found at its place, and nothing else?
import { SECOND_US } from "../../core/time.js";
import type { PlantedFault } from "../../simulate/faults/planted-fault.js";

/** A place this near to the planted one is right, and so is the next row, however far it is. */
const NEAR_US: number = SECOND_US;
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
  /** From the planted place to the nearest found one, µs; NaN when missed. */
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
    const starts = spans.filter((span) => isWithin(span, fault)).map(([startUs]) => startUs);
    const what = `${describe(fault)} from ${timeText(fromUs)} to ${timeText(toUs)}`;
    if (starts.length === 0) {
      // A place that no fault of this check explains may be meant for this one.
      const others = planted.filter((one) => isSameDay(one, fault) && one.check === fault.check);
      const strays = spans.filter((span) => !others.some((other) => isWithin(span, other)));
      const seen = strays.map(([startUs]) => timeText(startUs)).join(", ");
      const outcome = strays.length === 0 ? "missed" : "misplaced";
      const told = seen === "" ? "nothing found" : `found at ${seen}`;
      judged.push({ kind, outcome, distanceUs: Number.NaN, what: `${what}: ${told}` });
      continue;
    }
    const distances = starts.map((startUs) => Math.abs(startUs - fromUs));
    const distanceUs = Math.min(...distances);
    const nearest = starts[distances.indexOf(distanceUs)]!;
    const isNear = distanceUs <= NEAR_US;
    const isRight = isNear || isNextRow(await arrivalTimes(fault), fromUs, nearest);
    const outcome = isRight ? "found" : "misplaced";
    judged.push({ kind, outcome, distanceUs, what: `${what}: found at ${timeText(nearest)}` });
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
        isSameDay(finding, fault) && (fault.check === check || fault.mayAlsoFind.includes(check)),
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

/** Whether no arrival lies between two times. */
function isNextRow(times: ArrayLike<number>, oneUs: number, otherUs: number): boolean {
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
