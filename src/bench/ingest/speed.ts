import type { BenchResult } from "../benchmark.js";
import { compare, type Rival } from "../compare.js";
import { DUCKDB, GUNZIP, type IngestRuns, POLARS, TICKBOOK } from "./contestants.js";

/** What the whole process may take, as a multiple of each rival. */
const BARS = {
  [GUNZIP]: { bar: 1.2, aim: 1.0 },
  [DUCKDB]: { bar: 0.7 },
  [POLARS]: { bar: 1.2, aim: 0.95 },
} as const;

/**
 * Wall and processor time of the whole process beside each rival's.
 *
 * @param missing - why a rival did not run, by name
 */
export function speed(
  runs: IngestRuns,
  {
    input,
    missing,
  }: { readonly input: string; readonly missing: Readonly<Record<string, string>> },
): readonly BenchResult[] {
  const beside = (
    pick: "wallSeconds" | "cpuSeconds",
    what: string,
    barOf: (name: keyof typeof BARS) => { readonly bar: number | null; readonly aim?: number },
  ): readonly BenchResult[] => {
    const secondsOf = (name: string) => ({ name, runs: runs[name]!.map((run) => run[pick]) });
    return [GUNZIP, DUCKDB, POLARS].map((name) => {
      const isThere = runs[name] !== undefined;
      const rival: Rival = isThere ? secondsOf(name) : { name, missing: missing[name]! };
      return compare(secondsOf(TICKBOOK), rival, { what, unit: "s", ...barOf(name as never) });
    });
  };
  return [
    ...beside(
      "wallSeconds",
      `csv.gz → verified Parquet, whole process, ${input}`,
      (name) => BARS[name],
    ),
    ...beside("cpuSeconds", "processor time of it", () => ({ bar: null })),
  ];
}
