import path from "node:path";
import { alternate } from "../alternate.js";
import type { Benchmark, BenchResult } from "../benchmark.js";
import { compare, type NamedRuns } from "../compare.js";
import { exactRows } from "../exact-rows.js";
import { bookFile } from "../ingest/book-file.js";
import { machineFacts } from "../machine.js";
import { requireDisk } from "../require-disk.js";
import { encoderRivals } from "../rivals.js";
import { writeColumns } from "./book-columns.js";
import {
  ENCODER_RIVALS,
  type EncoderRun,
  encoderContestants,
  READING,
  STORE,
} from "./encoder-contestants.js";

const ROWS = 1_000_000;
const FULL_ROWS = 10_000_000;
const ROUNDS = 3;

/** Bytes of disk that a row needs: its columns, its text and a table by each encoder. */
const DISK_BYTES_PER_ROW = 200;

/** What is measured of each run, with its unit. */
const MEASURES: readonly (readonly [string, string, (run: EncoderRun) => number])[] = [
  ["whole process", "s", ({ wallSeconds }) => wallSeconds],
  ["processor time", "s", ({ cpuSeconds }) => cpuSeconds],
  ["peak memory", "MiB", ({ peakBytes }) => peakBytes / 2 ** 20],
  ["size", "bytes a row", ({ bytesPerRow }) => bytesPerRow],
];

/**
 * The same rows from columns to Parquet by the store's encoder and three others: what its choice rests on. No figure has a
 * bar; a wrong row or an encoder that is missing fails it.
 */
export const encodersBenchmark: Benchmark = {
  name: "encoders",
  about: "columns → Parquet by the store's encoder beside DuckDB, parquet-wasm, hyparquet-writer",
  run: async (options) => {
    const { root, folder, cache, seed, onProgress } = options;
    const rows = options.rows ?? (options.isFull ? FULL_ROWS : ROWS);
    await requireDisk(cache, DISK_BYTES_PER_ROW * rows);
    onProgress(0, 1, "making the columns");
    const columns = path.join(folder, "columns");
    await writeColumns(columns, { rows, seed });
    const installed = await encoderRivals(options);
    const packages = "missing" in installed ? undefined : installed.folder;
    const contestants = encoderContestants({ root, folder, columns, rows, packages });
    const machine = await machineFacts(root);
    const rounds = options.rounds ?? ROUNDS;
    const runs = await alternate(contestants, { rounds, seed, onRun: onProgress });
    onProgress(0, 1, "comparing the rows");
    const { file } = await bookFile({ cache, rows, seed });
    const made = Object.entries(runs)
      .filter(([name]) => name !== READING)
      .map(([name, all]) => ({ name, parquet: all.at(-1)!.parquet }));
    const what = `columns → Parquet, ${rows.toLocaleString("en")} rows`;
    const missing = "missing" in installed ? installed.missing : "";
    const results = [
      ...figures(runs, { what, missing }),
      ...(await exactRows({ file, rows, folder }, made)),
    ];
    const versions = "missing" in installed ? {} : installed.versions;
    return { results, facts: { ...machine, ...versions } };
  },
};

function figures(
  runs: Readonly<Record<string, readonly EncoderRun[]>>,
  { what, missing }: { readonly what: string; readonly missing: string },
): readonly BenchResult[] {
  return MEASURES.flatMap(([measure, unit, pick]) => {
    const of = (name: string): NamedRuns => ({ name, runs: runs[name]!.map(pick) });
    return ENCODER_RIVALS.filter((name) => name !== READING || measure !== "size").map((name) => {
      const isThere = runs[name] !== undefined;
      const named = { what: `${what}: ${measure}`, unit, bar: null };
      const result = compare(of(STORE), isThere ? of(name) : { name, missing }, named);
      return { ...result, ok: isThere };
    });
  });
}
