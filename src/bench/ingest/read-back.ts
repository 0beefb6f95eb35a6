import { stat } from "node:fs/promises";
import path from "node:path";
import { alternate, type Contestant } from "../alternate.js";
import type { BenchResult } from "../benchmark.js";
import { compare } from "../compare.js";
import { type MeasuredRun, measuredChild } from "../measured-child.js";
import { type Arena, DUCKDB, type IngestRuns, TICKBOOK } from "./contestants.js";

/** A program that reads every value of a Parquet file and prints sums of them. */
interface Reader {
  readonly name: string;
  readonly command: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * How long others take to read every value of our file, beside the one that DuckDB wrote, and how large the two are; all
 * readers must get the same sums from both.
 *
 * @param polars - how to run it, where it is there
 */
export async function readBack(
  { root, folder, file }: Arena,
  runs: IngestRuns,
  {
    polars,
    rounds,
    seed,
    onRun,
  }: Parameters<typeof alternate>[1] & {
    readonly polars: { readonly python: string; readonly packages: string } | undefined;
  },
): Promise<readonly BenchResult[]> {
  const files = [TICKBOOK, DUCKDB].map((name) => [name, runs[name]!.at(-1)!.parquet!] as const);
  const readers = readersOf(path.join(root, "tools", "bench"), polars);
  const contestants = readers.flatMap((reader) =>
    files.map(([writer, parquet]): Contestant<MeasuredRun> => {
      const command = [...reader.command, parquet];
      const { environment = {} } = reader;
      const outputFile = path.join(folder, "sums.json");
      const name = `${reader.name} on ${writer}`;
      return { name, run: () => measuredChild(root, { command, environment, outputFile }) };
    }),
  );
  const found = await alternate(contestants, { rounds, seed, onRun });
  const seconds = (reader: string, writer: string) => ({
    name: `the file of ${writer}`,
    runs: found[`${reader} on ${writer}`]!.map(({ wallSeconds }) => wallSeconds),
  });
  const sizes = await Promise.all(
    files.map(async ([name, parquet]) => ({
      name: `the file of ${name}`,
      runs: [(await stat(parquet)).size / file.rows],
    })),
  );
  return [
    ...readers.map(({ name }) =>
      compare(seconds(name, TICKBOOK), seconds(name, DUCKDB), {
        what: `reading every value back with ${name}`,
        unit: "s",
        bar: null,
      }),
    ),
    compare(sizes[0]!, sizes[1]!, { what: "size", unit: "bytes a row", bar: null }),
    sameSums(Object.values(found).flat()),
  ];
}

function readersOf(
  scripts: string,
  polars: { readonly python: string; readonly packages: string } | undefined,
): readonly Reader[] {
  const duckdb = {
    name: "DuckDB",
    command: [process.execPath, path.join(scripts, "duckdb-read.cjs")],
  };
  if (polars === undefined) return [duckdb];
  const command = [polars.python, path.join(scripts, "polars_read.py")];
  return [duckdb, { name: "polars", command, environment: { PYTHONPATH: polars.packages } }];
}

function sameSums(runs: readonly MeasuredRun[]): BenchResult {
  const sums = new Set(runs.map(({ output }) => JSON.stringify(JSON.parse(output))));
  const head = {
    what: "sums of all columns, every reader on every file",
    unit: "different answers",
    rival: 1,
  };
  const ok = sums.size === 1;
  const note = ok ? {} : { note: `they differ: ${[...sums].join(" ")}` };
  return { ...head, ours: sums.size, ratio: sums.size, bar: 1, ok, ...note };
}
