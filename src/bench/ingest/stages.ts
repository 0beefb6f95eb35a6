import path from "node:path";
import { alternate, type Contestant } from "../alternate.js";
import type { BenchResult } from "../benchmark.js";
import { compare } from "../compare.js";
import { type MeasuredRun, measuredChild } from "../measured-child.js";
import { type Arena, GUNZIP, type IngestRuns } from "./contestants.js";

const STAGES = {
  inflate: "inflating and checking alone",
  parse: "inflating, parsing and checking every row, without overlap",
} as const;

/** How long the first stages take alone, each in a process of its own, beside gunzip; for information. */
export async function stages(
  { root, file }: Arena,
  runs: IngestRuns,
  { rounds, seed, onRun }: Parameters<typeof alternate>[1],
): Promise<readonly BenchResult[]> {
  const script = path.join(root, "dist", "bench", "ingest", "stage-child.js");
  const { exchange, symbol, date } = file.key;
  const contestants = Object.keys(STAGES).map((name): Contestant<MeasuredRun> => {
    const command = [process.execPath, script, name, file.file, exchange, symbol, date];
    return { name, run: () => measuredChild(root, { command, outputFile: "/dev/null" }) };
  });
  const seconds = (name: string, all: readonly MeasuredRun[]) => ({
    name,
    runs: all.map(({ wallSeconds }) => wallSeconds),
  });
  const found = await alternate(contestants, { rounds, seed, onRun });
  return Object.entries(STAGES).map(([name, what]) =>
    compare(seconds(name, found[name]!), seconds(GUNZIP, runs[GUNZIP]!), {
      what,
      unit: "s",
      bar: null,
    }),
  );
}
