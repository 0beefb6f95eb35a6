import path from "node:path";
import { ingest } from "../../ingest/ingest.js";
import { openSource } from "../../ingest/open-source.js";
import { openStore } from "../../store/store.js";
import { alternate } from "../alternate.js";
import type { Benchmark } from "../benchmark.js";
import { compare, type NamedRuns, within } from "../compare.js";
import { bookFile } from "../ingest/book-file.js";
import { givenFile } from "../ingest/given-file.js";
import { machineFacts } from "../machine.js";
import { requireDisk } from "../require-disk.js";
import {
  type AuditRun,
  auditContestants,
  CHECKS,
  COMMAND,
  COUNT,
  COUNTS,
} from "./audit-contestants.js";

const ROWS = 10_000_000;
const ROUNDS = 5;

/** Times DuckDB's count and sum that all checks may take, and that they should. */
const BAR = 5;
const AIM = 2;

/** What the whole process may hold. */
const PEAK_MIB = 512;

/** Bytes of disk that a row needs: its gzip and its table. */
const DISK_BYTES_PER_ROW = 16;

/** All checks of a day of book changes beside the least that anyone could do with it: count its rows and sum its columns. */
export const auditBenchmark: Benchmark = {
  name: "audit",
  about: "all quality checks of a day's book beside DuckDB's count and sum of its columns",
  run: async ({ root, folder, cache, seed, input, onProgress, ...options }) => {
    const rows = options.rows ?? ROWS;
    await requireDisk(cache, DISK_BYTES_PER_ROW * rows);
    onProgress(0, 1, "making the input");
    const file = await (input === undefined ? bookFile({ cache, rows, seed }) : givenFile(input));
    const store = path.join(folder, "store");
    await bringIn(store, file);
    const arena = { root, folder, store, key: file.key, rows: file.rows };
    const machine = await machineFacts(root);
    const runs = await alternate(auditContestants(arena), {
      rounds: options.rounds ?? ROUNDS,
      seed,
      onRun: onProgress,
    });
    const what = `${file.rows.toLocaleString("en")} rows`;
    const work = (name: string, which: "first" | "fastest"): NamedRuns =>
      named(runs, name, ({ work: times }) => times![which]);
    const wall = (name: string): NamedRuns => named(runs, name, ({ wallSeconds }) => wallSeconds);
    const peak = (name: string): NamedRuns =>
      named(runs, name, ({ peakBytes }) => peakBytes / 2 ** 20);
    const bars = { unit: "s", bar: BAR, aim: AIM };
    return {
      results: [
        compare(wall(COMMAND), wall(COUNT), {
          what: `${COMMAND}, whole process, ${what}`,
          ...bars,
        }),
        compare(work(CHECKS, "fastest"), work(COUNTS, "fastest"), {
          what: `${CHECKS} alone, day after day`,
          ...bars,
        }),
        compare(work(CHECKS, "first"), work(COUNTS, "first"), {
          what: `${CHECKS} alone, a process's first day`,
          unit: "s",
          bar: null,
        }),
        within(peak(COMMAND), { what: "peak memory, whole process", unit: "MiB", bar: PEAK_MIB }),
        compare(peak(COMMAND), peak(COUNT), { what: "peak memory", unit: "MiB", bar: null }),
      ],
      facts: { input: `${what} (${input ?? "made, seeded"})`, ...machine },
    };
  },
};

async function bringIn(root: string, file: Awaited<ReturnType<typeof bookFile>>): Promise<void> {
  const { exchange, symbol, type, date } = file.key;
  const store = await openStore(root);
  const request = { exchange, symbols: [symbol], types: [type], days: [date] };
  await ingest(store, await openSource(file.mirror), request);
  await store.close();
}

function named(
  runs: Readonly<Record<string, readonly AuditRun[]>>,
  name: string,
  value: (run: AuditRun) => number,
): NamedRuns {
  return { name, runs: runs[name]!.map(value) };
}
