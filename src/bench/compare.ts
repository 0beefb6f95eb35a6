import type { BenchResult } from "./benchmark.js";

/** Runs of one contestant. */
export interface NamedRuns {
  readonly name: string;
  readonly runs: readonly number[];
}

/** A rival, or why there is none. */
export type Rival = NamedRuns | { readonly name: string; readonly missing: string };

/**
 * Ours beside a rival's: least of the runs each, since whatever disturbs a run makes it slower.
 *
 * @param options.bar - what the ratio may be at most; null: for information, which a missing rival does not fail
 * @returns `ok` false where the bar is missed, or cannot be judged
 */
export function compare(
  ours: NamedRuns,
  rival: Rival,
  {
    what,
    unit,
    bar,
    aim,
    note,
  }: {
    readonly what: string;
    readonly unit: string;
    readonly bar: number | null;
    readonly aim?: number;
    readonly note?: string;
  },
): BenchResult {
  const least = leastOf(ours.runs);
  const head = { what: `${what}, beside ${rival.name}`, unit, ours: least, bar };
  const extra = aim === undefined ? {} : { aim };
  if ("missing" in rival) {
    return { ...head, rival: null, ratio: null, ...extra, ok: bar === null, note: rival.missing };
  }
  const rivals = leastOf(rival.runs);
  const ratio = least === null || rivals === null ? null : least / rivals;
  const ok = bar === null || (ratio !== null && ratio <= bar);
  const runs = { [ours.name]: ours.runs, [rival.name]: rival.runs };
  const said = note === undefined ? {} : { note };
  return { ...head, rival: rivals, ratio, ...extra, ok, ...said, runs };
}

/**
 * A figure that has a bound of its own and no rival: the worst of all runs is what counts.
 *
 * @param options.bar - what it may be at most; null: for information
 */
export function within(
  ours: NamedRuns,
  {
    what,
    unit,
    bar,
  }: { readonly what: string; readonly unit: string; readonly bar: number | null },
): BenchResult {
  const worst = ours.runs.length === 0 ? null : Math.max(...ours.runs);
  const ok = bar === null || (worst !== null && worst <= bar);
  const runs = { [ours.name]: ours.runs };
  return { what, unit, ours: worst, rival: null, ratio: null, bar, ok, runs };
}

/**
 * A figure that has a bound of its own and no rival: the best of all runs is what counts, since whatever disturbs a run makes
 * it slower.
 *
 * @param options.bar - what it may be at most, and a rate at least; null: for information
 * @param options.isRate - true where more is better
 */
export function best(
  ours: NamedRuns,
  {
    what,
    unit,
    bar,
    isRate = false,
  }: {
    readonly what: string;
    readonly unit: string;
    readonly bar: number | null;
    readonly isRate?: boolean;
  },
): BenchResult {
  const found = isRate ? mostOf(ours.runs) : leastOf(ours.runs);
  const ok = bar === null || (found !== null && (isRate ? found >= bar : found <= bar));
  const runs = { [ours.name]: ours.runs };
  const direction = isRate ? { isLeast: true as const } : {};
  return { what, unit, ours: found, rival: null, ratio: null, bar, ...direction, ok, runs };
}

function leastOf(runs: readonly number[]): number | null {
  return runs.length === 0 ? null : Math.min(...runs);
}

function mostOf(runs: readonly number[]): number | null {
  return runs.length === 0 ? null : Math.max(...runs);
}
