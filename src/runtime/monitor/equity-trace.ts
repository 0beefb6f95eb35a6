import type { EquityColumns } from "./monitor-state.js";

/** The account at a time, as the trace keeps it. */
export interface EquityPoint {
  readonly atUs: number;
  readonly equityUsd: number;
  readonly dailyFloorUsd: number;
  readonly maximumFloorUsd: number;
  /** From 0; with each the account begins anew. */
  readonly phaseNumber: number;
}

/** Of a stretch of time, what a curve must not lose: its lowest, its highest, its closest to a floor. */
interface Stretch {
  low: EquityPoint;
  high: EquityPoint;
  closest: EquityPoint;
}

const MOST_STRETCHES = 650;

/**
 * The account's course in bounded memory: one stretch holds at most three points, and when there are too many stretches two
 * become one. So no peak, no trough and no breach is ever thinned away, however long the run.
 */
export class EquityTrace {
  private readonly stretches: Stretch[] = [];
  private perStretch = 1;
  private inLast = 0;
  private last: EquityPoint | undefined;

  /** Adds the account at a later time; one without an equity is left out. */
  add(point: EquityPoint): void {
    if (!Number.isFinite(point.equityUsd)) return;
    this.last = point;
    const open = this.stretches.at(-1);
    if (open !== undefined && this.inLast < this.perStretch) {
      widen(open, point);
      this.inLast += 1;
      return;
    }
    if (this.stretches.length === MOST_STRETCHES) this.halve();
    this.stretches.push({ low: point, high: point, closest: point });
    this.inLast = 1;
  }

  /** The kept points in order of time, at most 1,951, the last one added among them. */
  columns(): Omit<EquityColumns, "phases"> {
    const points = this.stretches.flatMap(({ low, high, closest }) => {
      const kept = [...new Set([low, high, closest])];
      return kept.sort((a, b) => a.atUs - b.atUs);
    });
    if (this.last !== undefined && points.at(-1) !== this.last) points.push(this.last);
    return {
      atUs: points.map(({ atUs }) => atUs),
      equityUsd: points.map(({ equityUsd }) => equityUsd),
      dailyFloorUsd: points.map(({ dailyFloorUsd }) => dailyFloorUsd),
      maximumFloorUsd: points.map(({ maximumFloorUsd }) => maximumFloorUsd),
      phaseNumber: points.map(({ phaseNumber }) => phaseNumber),
    };
  }

  private halve(): void {
    const pairs = this.stretches.length / 2;
    for (let i = 0; i < pairs; i++) {
      const stretch = this.stretches[2 * i]!;
      const { low, high, closest } = this.stretches[2 * i + 1]!;
      for (const point of [low, high, closest]) widen(stretch, point);
      this.stretches[i] = stretch;
    }
    this.stretches.length = pairs;
    this.perStretch *= 2;
  }
}

function widen(stretch: Stretch, point: EquityPoint): void {
  if (point.equityUsd < stretch.low.equityUsd) stretch.low = point;
  if (point.equityUsd > stretch.high.equityUsd) stretch.high = point;
  if (headroom(point) < headroom(stretch.closest)) stretch.closest = point;
}

/** Down to the higher floor; without floors nothing is close to one. */
function headroom({ equityUsd, dailyFloorUsd, maximumFloorUsd }: EquityPoint): number {
  const floors = [dailyFloorUsd, maximumFloorUsd].filter(Number.isFinite);
  return equityUsd - Math.max(Number.NEGATIVE_INFINITY, ...floors);
}
