import { rm } from "node:fs/promises";
import path from "node:path";
import { WorkbenchError } from "../../core/errors.js";
import { PARQUET_FILE, partitionFolder } from "../../store/partition.js";
import type { Contestant } from "../alternate.js";
import { type MeasuredRun, measuredChild } from "../measured-child.js";
import type { BookFile } from "./book-file.js";

/** One run of a contestant and the Parquet file it left, if it writes one. */
export interface IngestRun extends MeasuredRun {
  readonly parquet?: string;
  /** SHA-256 of the Parquet file, as our own manifest says. */
  readonly sha256?: string;
}

/** All runs so far by contestant, in the order of the rounds. */
export type IngestRuns = Readonly<Record<string, readonly IngestRun[]>>;

/** Where contestants work, and on what. */
export interface Arena {
  readonly root: string;
  /** Folder of this run alone. */
  readonly folder: string;
  readonly file: BookFile;
}

/** Names of the rivals, which bars and results are listed by. */
export const GUNZIP = "gunzip -c";
export const DUCKDB = "DuckDB COPY";
export const POLARS = "polars sink_parquet";
/** Our own name. */
export const TICKBOOK = "tickbook";

/** Our own `tickbook ingest`, whole process, into a fresh store. */
export function tickbookIngest({ root, folder, file }: Arena): Contestant<IngestRun> {
  const { exchange, symbol, type, date } = file.key;
  const store = path.join(folder, "tickbook");
  const what = ["--exchange", exchange, "--symbols", symbol, "--types", type];
  const days = ["--from", date];
  const program = [process.execPath, path.join(root, "tools", "tickbook.js"), "ingest"];
  return {
    name: TICKBOOK,
    run: async () => {
      await rm(store, { recursive: true, force: true });
      const run = await measuredChild(root, {
        command: [...program, "--source", file.mirror, ...what, ...days, "--data", store, "--json"],
        outputFile: path.join(folder, "tickbook.json"),
      });
      const parquet = path.join(store, ...partitionFolder(file.key).split("/"), PARQUET_FILE);
      return { ...run, parquet, sha256: requireWritten(run.output, file.rows) };
    },
  };
}

/** What every Unix has: inflating alone, to nowhere. */
export function gunzip({ root, file }: Arena): Contestant<IngestRun> {
  return {
    name: GUNZIP,
    run: () =>
      measuredChild(root, { command: ["gunzip", "-c", file.file], outputFile: "/dev/null" }),
  };
}

/** DuckDB's COPY in a Node process, on all cores. */
export function duckdbCopy({ root, folder, file }: Arena): Contestant<IngestRun> {
  const script = path.join(root, "tools", "bench", "duckdb-copy.cjs");
  return parquetMaker(DUCKDB, { root, folder }, (parquet) => ({
    command: [process.execPath, script, file.file, parquet],
  }));
}

/**
 * polars' `scan_csv` and `sink_parquet` in a Python process, on all cores.
 *
 * @param packages - folder that holds polars
 */
export function polarsSink(
  { root, folder, file }: Arena,
  { python, packages }: { readonly python: string; readonly packages: string },
): Contestant<IngestRun> {
  const script = path.join(root, "tools", "bench", "polars_ingest.py");
  return parquetMaker(POLARS, { root, folder }, (parquet) => ({
    command: [python, script, file.file, parquet],
    environment: { PYTHONPATH: packages },
  }));
}

interface Work {
  readonly command: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

function parquetMaker(
  name: string,
  { root, folder }: Pick<Arena, "root" | "folder">,
  work: (parquet: string) => Work,
): Contestant<IngestRun> {
  return {
    name,
    run: async () => {
      const parquet = path.join(folder, `${name.replaceAll(" ", "-")}.parquet`);
      await rm(parquet, { force: true });
      const run = await measuredChild(root, { ...work(parquet), outputFile: "/dev/null" });
      return { ...run, parquet };
    },
  };
}

/** Checks what our ingest says of its one partition and gives the hash of the table. */
function requireWritten(output: string, rows: number): string {
  const { partitions } = JSON.parse(output) as {
    partitions: { rows: number; rejected: number; sha256: string; status: string }[];
  };
  const [found] = partitions;
  const isWhole = found?.status === "written" && found.rows === rows && found.rejected === 0;
  if (partitions.length === 1 && isWhole) return found.sha256;
  throw new WorkbenchError({
    message: `tickbook ingest gave ${JSON.stringify(partitions)}, expected one partition of ${rows} rows`,
  });
}
