import { mkdir, rm, stat } from "node:fs/promises";
import path from "node:path";
import type { Contestant } from "../alternate.js";
import { type MeasuredRun, measuredChild } from "../measured-child.js";

/** One run of an encoder and the file it left. */
export interface EncoderRun extends MeasuredRun {
  readonly parquet: string;
  /** Size of the file per row; NaN where none is written. */
  readonly bytesPerRow: number;
}

/** The store's own encoder. */
export const STORE = "the store's encoder";
/** What every other contestant does besides encoding. */
export const READING = "reading the columns alone";

/** All contestants by what `encode-child` knows them by; names of modules are those of tools/bench/encoders. */
const ENCODERS: Readonly<Record<string, string>> = {
  [STORE]: "store",
  "DuckDB appender and COPY": "duckdb",
  "parquet-wasm": "parquet-wasm.mjs",
  "hyparquet-writer (snappy)": "hyparquet-writer.mjs",
  [READING]: "nothing",
};

/** Names of those that the store's own is held beside. */
export const ENCODER_RIVALS: readonly string[] = Object.keys(ENCODERS).filter(
  (name) => name !== STORE,
);

/**
 * Each encoder in a process of its own.
 *
 * @param options.columns - file of raw columns
 * @param options.packages - folder of the rival packages; undefined leaves out who needs them
 */
export function encoderContestants({
  root,
  folder,
  columns,
  rows,
  packages,
}: {
  readonly root: string;
  readonly folder: string;
  readonly columns: string;
  readonly rows: number;
  readonly packages: string | undefined;
}): readonly Contestant<EncoderRun>[] {
  const child = path.join(root, "dist", "bench", "encoders", "encode-child.js");
  const work = path.join(folder, "work");
  return Object.entries(ENCODERS)
    .filter(([, encoder]) => packages !== undefined || !isModule(encoder))
    .map(([name, encoder]) => {
      const which = isModule(encoder)
        ? path.join(root, "tools", "bench", "encoders", encoder)
        : encoder;
      const parquet = path.join(folder, `${path.parse(encoder).name}.parquet`);
      const place = [columns, String(rows), parquet, work, packages ?? ""];
      const run = async (): Promise<EncoderRun> => {
        await rm(work, { recursive: true, force: true });
        await mkdir(work);
        const command = [process.execPath, child, which, ...place];
        const measured = await measuredChild(root, { command, outputFile: "/dev/null" });
        const bytes = name === READING ? Number.NaN : (await stat(parquet)).size;
        return { ...measured, parquet, bytesPerRow: bytes / rows };
      };
      return { name, run };
    });
}

function isModule(encoder: string): boolean {
  return encoder.endsWith(".mjs");
}
