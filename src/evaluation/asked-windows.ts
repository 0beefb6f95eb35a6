import type { FoldFit } from "../training/fold-fit.js";

/** How a model is asked about its test's windows. */
export interface WindowsRequest {
  /** Of the bootstrap. */
  readonly seed: number;
  /** Windows that are asked at the most, spread evenly over the test rows of each fold; default 1,024. */
  readonly windows?: number;
}

/** Windows that end at the same fold's test rows, as many as are held in memory at once. */
export interface WindowBatch {
  readonly predictor: FoldFit["predictor"];
  readonly rows: Uint32Array;
  /** Place of the first of them among all. */
  readonly first: number;
}

/** Windows of one batch. */
const BATCH = 256;

/** The windows of the test that are asked: every k-th of each fold, with the least k that leaves no more than asked for. */
export function askedWindows(
  folds: readonly Pick<FoldFit, "predictor" | "testRows">[],
  { windows = 1024 }: Pick<WindowsRequest, "windows">,
): { readonly rows: Uint32Array; readonly batches: readonly WindowBatch[] } {
  const most = Math.ceil(windows / folds.length);
  const batches: WindowBatch[] = [];
  const all: number[] = [];
  for (const { predictor, testRows } of folds) {
    const stride = Math.ceil(testRows.length / most);
    const asked = testRows.filter((_, i) => i % stride === 0);
    for (let from = 0; from < asked.length; from += BATCH) {
      const rows = asked.subarray(from, from + BATCH);
      batches.push({ predictor, rows, first: all.length });
      all.push(...rows);
    }
  }
  return { rows: Uint32Array.from(all), batches };
}
