import { rm } from "node:fs/promises";
import path from "node:path";
import { WorkbenchError } from "../../core/errors.js";
import type { Contestant } from "../alternate.js";
import { type MeasuredRun, measuredChild } from "../measured-child.js";
import type { DayWork } from "./day-child.js";
import type { MadeStore } from "./made-store.js";

/** One run, and what the process itself took for its work alone. */
export interface DayRun extends MeasuredRun {
  readonly work?: DayWork;
}

/** Names of those who are measured, each on each made day: who computes and who only reads. */
export const COMPUTING = "all 53 features";
export const READING = "reading the same columns";
export const COMMAND = "tickbook features";

/** Where contestants work. */
export interface DayArena {
  readonly root: string;
  readonly folder: string;
  /** Stores of one day each, by name. */
  readonly stores: Readonly<Record<string, MadeStore>>;
}

/** All who are measured, as `NAME, STORE`; each is a process of its own. */
export function dayContestants(arena: DayArena): readonly Contestant<DayRun>[] {
  const { root, folder, stores } = arena;
  const outputFile = path.join(folder, "output.json");
  const measure = (...command: readonly string[]): Promise<MeasuredRun> =>
    measuredChild(root, { command: [process.execPath, ...command], outputFile });
  const child = (name: string): string =>
    path.join(root, "dist", "bench", "features", `${name}-child.js`);
  return Object.entries(stores).flatMap(([name, store]): readonly Contestant<DayRun>[] => {
    const { exchange, symbol, date } = store.days[0]!;
    const day = [store.root, exchange, symbol, date] as const;
    return [
      {
        name: `${COMPUTING}, ${name}`,
        run: async () => {
          const run = await measure(child("day"), ...day);
          const work = JSON.parse(run.output) as DayWork;
          requireRows(work, store);
          return { ...run, work };
        },
      },
      {
        name: `${READING}, ${name}`,
        run: async () => {
          const run = await measure(child("columns"), ...day);
          requireRows(JSON.parse(run.output), store);
          return run;
        },
      },
      {
        name: `${COMMAND}, ${name}`,
        run: async () => {
          for (const made of ["features", "feature-state"]) {
            await rm(path.join(store.root, made), { recursive: true, force: true });
          }
          const flags = ["--exchange", exchange, "--symbols", symbol, "--from", date];
          const tickbook = path.join(root, "tools", "tickbook.js");
          return measure(tickbook, "features", ...flags, "--data", store.root, "--json");
        },
      },
    ];
  });
}

function requireRows(
  found: Pick<DayWork, "trades" | "bookChanges">,
  { trades, bookChanges }: MadeStore,
): void {
  if (found.trades === trades && found.bookChanges === bookChanges) return;
  throw new WorkbenchError({
    message: `${found.trades} trades and ${found.bookChanges} book rows were read, expected ${trades} and ${bookChanges}`,
  });
}
