import type { HourMark, Span } from "../finding.js";
import { addByHour, hourOf } from "./hours.js";

/** Stretches that a finding tells of. */
const MOST_TOLD = 100;

/** How much of an hour a finding may take before it is usable, or bad. */
export interface HourLimits {
  readonly usableAbove: number;
  readonly badAbove: number;
}

/** Stretches of time in which something is wrong: counted and summed all, told the longest. */
export class Stretches {
  count = 0;
  /** Start of the first, µs; NaN before there is one. */
  firstUs: number = Number.NaN;
  totalUs = 0;
  longestUs = 0;
  private readonly byHour: Map<number, number> = new Map();
  private readonly touched: Set<number> = new Set();
  private kept: Span[] = [];

  /** Adds a stretch; a single moment has no length, but a place. */
  add(startUs: number, endUs: number): void {
    if (this.count++ === 0 || startUs < this.firstUs) this.firstUs = startUs;
    const lastUs = Math.max(startUs, endUs);
    this.totalUs += lastUs - startUs;
    this.longestUs = Math.max(this.longestUs, lastUs - startUs);
    addByHour(this.byHour, startUs, lastUs);
    this.touched.add(hourOf(startUs));
    this.kept.push([startUs, lastUs]);
    if (this.kept.length >= 2 * MOST_TOLD) this.kept = longest(this.kept);
  }

  /** The longest, in order of time. */
  spans(): readonly Span[] {
    return longest(this.kept).sort((a, b) => a[0] - b[0]);
  }

  /** Hours that a stretch begins in, by their starts in µs. */
  hours(): readonly number[] {
    return [...this.touched];
  }

  /**
   * What the stretches mean for their hours by the share of time that they take.
   *
   * @param ofUs - µs of each hour that are looked at, by start of the hour; a whole hour where it is not said
   * @param reason - says so many seconds in words
   */
  marks(
    ofUs: ReadonlyMap<number, number>,
    { usableAbove, badAbove }: HourLimits,
    reason: (seconds: number) => string,
  ): readonly HourMark[] {
    const hours = new Set([...this.touched, ...this.byHour.keys()]);
    return [...hours].flatMap((hourUs): readonly HourMark[] => {
      const timeUs = this.byHour.get(hourUs) ?? 0;
      const share = timeUs / (ofUs.get(hourUs) ?? 3_600e6);
      if (share <= usableAbove && !(usableAbove === 0 && this.touched.has(hourUs))) return [];
      const verdict = share > badAbove ? "bad" : "usable";
      return [{ hourUs, verdict, reason: reason(timeUs / 1e6) }];
    });
  }
}

/** Stretches as one where they touch or overlap, in order of time. */
export function united(spans: readonly Span[]): readonly Span[] {
  const whole: [number, number][] = [];
  for (const [startUs, endUs] of [...spans].sort((a, b) => a[0] - b[0])) {
    const last = whole.at(-1);
    if (last !== undefined && startUs <= last[1]) last[1] = Math.max(last[1], endUs);
    else whole.push([startUs, endUs]);
  }
  return whole;
}

/** The earlier of two of one length comes first. */
function longest(spans: readonly Span[]): Span[] {
  const ordered = [...spans].sort((a, b) => b[1] - b[0] - (a[1] - a[0]) || a[0] - b[0]);
  return ordered.slice(0, MOST_TOLD);
}
