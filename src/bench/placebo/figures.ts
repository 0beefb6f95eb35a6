import type { BenchResult } from "../benchmark.js";
import type { SeedFindings } from "./seed-job.js";

/** Daily returns below which no Sharpe ratio is judged. */
const REQUIRED_DAYS = 90;

/** A figure and what is to be known of it. */
export interface Figure {
  readonly what: string;
  readonly unit: string;
  readonly value: number;
  readonly note?: string;
}

/** A figure that may be no larger than its bar. */
export function atMost(bar: number, figure: Figure): BenchResult {
  return { ...result(figure), bar, ok: figure.value <= bar };
}

/** A figure that must be as large as its bar. */
export function atLeast(bar: number, figure: Figure): BenchResult {
  return { ...result(figure), bar, isLeast: true, ok: figure.value >= bar };
}

/** A figure for information. */
export function told(figure: Figure): BenchResult {
  return result(figure);
}

/** Markets of fewer test days would fail by the gates on Sharpe ratios alone, whatever is known there. */
export function fewestTestDays(name: string, markets: readonly SeedFindings[]): BenchResult {
  return atLeast(REQUIRED_DAYS, {
    what: `${name} market, fewest test days`,
    unit: "days",
    value: Math.min(...markets.map(({ testDays }) => testDays)),
  });
}

function result({ what, unit, value, note }: Figure): BenchResult {
  const head = { what, unit, ours: value, rival: null, ratio: null, bar: null, ok: true };
  return note === undefined ? head : { ...head, note };
}
