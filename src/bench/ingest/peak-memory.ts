import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { quantile } from "../../core/statistics.js";
import type { BenchResult } from "../benchmark.js";
import { compare, type NamedRuns, within } from "../compare.js";
import type { BookFile } from "./book-file.js";
import {
  type Arena,
  type IngestRun,
  type IngestRuns,
  TICKBOOK,
  tickbookIngest,
} from "./contestants.js";

/** What the whole process may hold, and by how much more on the larger of two files. */
const PEAK_MIB = 256;
const GROWTH = 1.15;

/** Peak memory of the runs, beside the rivals'. */
export function peakMemory(runs: IngestRuns, file: BookFile): readonly BenchResult[] {
  const ours = peaksOf(TICKBOOK, runs[TICKBOOK]!);
  const rivals = Object.entries(runs).filter(
    ([name, [first]]) => name !== TICKBOOK && first?.parquet,
  );
  return [
    within(ours, { what: `peak memory, ${rowsOf(file)}`, unit: "MiB", bar: PEAK_MIB }),
    ...rivals.map(([name, all]) =>
      compare(ours, peaksOf(name, all), { what: "peak memory", unit: "MiB", bar: null }),
    ),
  ];
}

/**
 * Peak memory on a file of another size: it is bounded, and does not grow with the file.
 *
 * @param arena - with the other file
 * @param here - our runs on the first file
 * @param rounds - runs on the other one
 */
export async function flatMemory(
  arena: Arena,
  here: { readonly file: BookFile; readonly runs: readonly IngestRun[] },
  rounds: number,
): Promise<readonly BenchResult[]> {
  const folder = path.join(arena.folder, "memory");
  await mkdir(folder);
  const contestant = tickbookIngest({ ...arena, folder });
  const runs: IngestRun[] = [];
  for (let round = 0; round < rounds; round++) runs.push(await contestant.run(round));
  await rm(folder, { recursive: true });
  const there = { file: arena.file, runs };
  const [large, small] = there.file.rows > here.file.rows ? [there, here] : [here, there];
  const peaks = [large, small].map((one) => peaksOf(rowsOf(one.file), one.runs)) as [
    NamedRuns,
    NamedRuns,
  ];
  const [ours, rival] = peaks.map(({ runs: all }) => quantile(all, 0.5)) as [number, number];
  const other = { name: TICKBOOK, runs: peaksOf(TICKBOOK, runs).runs };
  return [
    within(other, { what: `peak memory, ${rowsOf(arena.file)}`, unit: "MiB", bar: PEAK_MIB }),
    {
      what: `peak memory, median, ${rowsOf(large.file)} beside ${rowsOf(small.file)}`,
      unit: "MiB",
      ours,
      rival,
      ratio: ours / rival,
      bar: GROWTH,
      ok: ours / rival <= GROWTH,
      runs: Object.fromEntries(peaks.map(({ name, runs: all }) => [name, all])),
    },
  ];
}

/** Rows of a file in words. */
export function rowsOf({ rows }: BookFile): string {
  return `${rows.toLocaleString("en")} rows`;
}

function peaksOf(name: string, runs: readonly IngestRun[]): NamedRuns {
  return { name, runs: runs.map(({ peakBytes }) => peakBytes / 2 ** 20) };
}
