import { rm } from "node:fs/promises";
import path from "node:path";
import { WorkbenchError } from "../../core/errors.js";
import { PARQUET_FILE, partitionFolder } from "../../store/partition.js";
import type { PartitionKey } from "../../store/tables.js";
import type { Contestant } from "../alternate.js";
import { type MeasuredRun, measuredChild } from "../measured-child.js";

/** One run, and the seconds of its work alone as the process itself took them. */
export interface AuditRun extends MeasuredRun {
  readonly work?: WorkTimes;
}

/** The first time that a process does its work, and the fastest of several, when all code is compiled. */
interface WorkTimes {
  readonly first: number;
  readonly fastest: number;
}

/** Times that a process does its work. */
const TIMES = "5";

/** Names of those who are measured. */
export const CHECKS = "all checks";
export const COMMAND = "tickbook audit";
export const COUNT = "DuckDB count and sum";
/** The same several times in one process. */
export const COUNTS = "DuckDB's count and sum alone";

/** Where contestants work, and on which partition. */
export interface AuditArena {
  readonly root: string;
  readonly folder: string;
  /** Root of the store that holds the day alone. */
  readonly store: string;
  readonly key: PartitionKey;
  readonly rows: number;
}

/** All who are measured; each is a process of its own. */
export function auditContestants(arena: AuditArena): readonly Contestant<AuditRun>[] {
  const { root, folder, store, key, rows } = arena;
  const child = path.join(root, "dist", "bench", "audit", "audit-child.js");
  const tickbook = path.join(root, "tools", "tickbook.js");
  const counter = path.join(root, "tools", "bench", "duckdb-count.cjs");
  const parquet = path.join(store, ...partitionFolder(key).split("/"), PARQUET_FILE);
  const day = ["--exchange", key.exchange, "--symbols", key.symbol, "--from", key.date];
  const outputFile = path.join(folder, "output.json");
  const measure = (...command: readonly string[]): Promise<MeasuredRun> =>
    measuredChild(root, { command: [process.execPath, ...command], outputFile });
  return [
    {
      name: CHECKS,
      run: async () => {
        const run = await measure(child, store, key.exchange, key.symbol, key.date, TIMES);
        const { found, ...work } = JSON.parse(run.output) as WorkTimes & { found: string[] };
        requireHealthy(found);
        return { ...run, work };
      },
    },
    {
      name: COMMAND,
      run: async () => {
        for (const stored of ["audit", "audit-findings"]) {
          await rm(path.join(store, stored), { recursive: true, force: true });
        }
        const run = await measure(tickbook, "audit", ...day, "--data", store, "--json");
        const { findings } = JSON.parse(run.output) as {
          findings: { check: string; type: string }[];
        };
        requireHealthy(findings.filter(({ type }) => type === key.type).map(({ check }) => check));
        return run;
      },
    },
    {
      name: COUNT,
      run: async () => {
        const run = await measure(counter, parquet, "1");
        requireRows(JSON.parse(run.output), rows);
        return run;
      },
    },
    {
      name: COUNTS,
      run: async () => {
        const run = await measure(counter, parquet, TIMES);
        const work = JSON.parse(run.output) as WorkTimes & { rows: number };
        requireRows(work, rows);
        return { ...run, work };
      },
    },
  ];
}

function requireRows({ rows }: { readonly rows: number }, expected: number): void {
  if (rows === expected) return;
  throw new WorkbenchError({ message: `DuckDB counted ${rows} of ${expected} rows` });
}

/** The made day ends early and is in order otherwise: whoever finds more, or does not find that, did other work. */
function requireHealthy(found: readonly string[]): void {
  if (found.length === 1 && found[0] === "coverage") return;
  throw new WorkbenchError({
    message: `the audit found ${found.join(", ")}, expected coverage alone`,
  });
}
