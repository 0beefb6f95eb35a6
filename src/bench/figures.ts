import type { BenchResult } from "./benchmark.js";

/** A figure and what is to be known of it. */
export interface Figure extends Pick<BenchResult, "runs"> {
  readonly what: string;
  readonly unit: string;
  readonly value: number;
  readonly note?: string;
}

/** A figure that may be no larger than its bar. */
export function atMost(bar: number, figure: Figure): BenchResult {
  return { ...told(figure), bar, ok: figure.value <= bar };
}

/** A figure that must be as large as its bar. */
export function atLeast(bar: number, figure: Figure): BenchResult {
  return { ...told(figure), bar, isLeast: true, ok: figure.value >= bar };
}

/** A figure for information. */
export function told({ value, ...figure }: Figure): BenchResult {
  return { ...figure, ours: value, rival: null, ratio: null, bar: null, ok: true };
}
