import { alternate, type Contestant } from "../alternate.js";
import type { Benchmark, BenchOptions } from "../benchmark.js";
import { exactRows, type MadeParquet } from "../exact-rows.js";
import { machineFacts } from "../machine.js";
import { pythonOf } from "../measured-child.js";
import { requireDisk } from "../require-disk.js";
import { POLARS_PACKAGES, pythonRivals } from "../rivals.js";
import { type BookFile, bookFile } from "./book-file.js";
import {
  type Arena,
  duckdbCopy,
  gunzip,
  type IngestRun,
  type IngestRuns,
  POLARS,
  polarsSink,
  TICKBOOK,
  tickbookIngest,
} from "./contestants.js";
import { givenFile } from "./given-file.js";
import { flatMemory, peakMemory, rowsOf } from "./peak-memory.js";
import { readBack } from "./read-back.js";
import { speed } from "./speed.js";
import { stages } from "./stages.js";

const ROWS = 10_000_000;
const ROUNDS = 5;
/** Rounds of what has no bar. */
const INFORMATION_ROUNDS = 3;

/** Bytes of disk that a row needs: its text, its gzip and some tables of it. */
const DISK_BYTES_PER_ROW = 110;

/** csv.gz → verified Parquet beside gunzip, DuckDB and polars: time, memory, and that every row is right. */
export const ingestBenchmark: Benchmark = {
  name: "ingest",
  about: "csv.gz → verified Parquet beside gunzip -c, DuckDB COPY and polars sink_parquet",
  takesInput: true,
  run: async (options) => {
    const { root, folder, cache, seed, input, onProgress } = options;
    const rows = options.rows ?? ROWS;
    const otherRows = (options.isFull ? 5 : 2) * rows;
    await requireDisk(cache, DISK_BYTES_PER_ROW * otherRows);
    onProgress(0, 1, "making the input");
    const file = await (input === undefined ? bookFile({ cache, rows, seed }) : givenFile(input));
    const arena: Arena = { root, folder, file };
    const installed = await pythonRivals(options, POLARS_PACKAGES);
    const polars =
      "missing" in installed ? undefined : { python: pythonOf(root), packages: installed.folder };
    const missing = "missing" in installed ? { [POLARS]: installed.missing } : {};
    const contestants: readonly Contestant<IngestRun>[] = [
      tickbookIngest(arena),
      gunzip(arena),
      duckdbCopy(arena),
      ...(polars === undefined ? [] : [polarsSink(arena, polars)]),
    ];
    const machine = await machineFacts(root);
    const runs = await alternate(contestants, {
      rounds: options.rounds ?? ROUNDS,
      seed,
      onRun: onProgress,
    });
    const rounds = Math.min(options.rounds ?? ROUNDS, INFORMATION_ROUNDS);
    const information = { rounds, seed, onRun: onProgress };
    onProgress(0, 1, "comparing the rows");
    const results = [
      ...speed(runs, { input: rowsOf(file), missing }),
      ...(await exactRows({ file: file.file, rows: file.rows, folder }, lastFiles(runs))),
      ...peakMemory(runs, file),
      ...(await otherSize(arena, options, { otherRows, rounds, runs: runs[TICKBOOK]! })),
      ...(await stages(arena, runs, information)),
      ...(await readBack(arena, runs, { polars, ...information })),
    ];
    const versions = "missing" in installed ? {} : installed.versions;
    return { results, facts: { input: describe(file, input), ...machine, ...versions } };
  },
};

/** What each contestant wrote last; a store that is not the same bytes every time is wrong. */
function lastFiles(runs: IngestRuns): readonly MadeParquet[] {
  return Object.entries(runs).flatMap(([name, all]) => {
    const { parquet } = all.at(-1)!;
    if (parquet === undefined) return [];
    const versions = new Set(all.map(({ sha256 }) => sha256)).size;
    if (versions === 1) return [{ name, parquet }];
    return [{ name, parquet, flaw: `${all.length} rounds gave ${versions} different files` }];
  });
}

/** Memory on a made day of another size; a file that somebody gave has none. */
async function otherSize(
  arena: Arena,
  { cache, seed, input, onProgress }: BenchOptions,
  {
    otherRows,
    rounds,
    runs,
  }: { readonly otherRows: number; readonly rounds: number; readonly runs: readonly IngestRun[] },
): ReturnType<typeof flatMemory> {
  if (input !== undefined) return [];
  onProgress(0, 1, "measuring memory on a file of another size");
  const file = await bookFile({ cache, rows: otherRows, seed });
  return flatMemory({ ...arena, file }, { file: arena.file, runs }, rounds);
}

function describe(file: BookFile, input: string | undefined): string {
  const perRow = (bytes: number): string => (bytes / file.rows).toFixed(1);
  const kind =
    input ??
    "made, seeded; a vendor's file of such a book has 80.7 bytes a row, 5.4 of them gzipped";
  return `${rowsOf(file)}, ${perRow(file.csvBytes)} bytes each, ${perRow(file.bytes)} gzipped (${kind})`;
}
