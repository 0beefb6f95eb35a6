// The demo's market: simulated, brought in, audited, with features; what is done is not done again.
import { rm } from "node:fs/promises";
import path from "node:path";
import { audit } from "../../audit/audit.js";
import { counted } from "../../core/counted.js";
import { WorkbenchError } from "../../core/errors.js";
import { DAY_US, dateOf, dayStartUs } from "../../core/time.js";
import { computeFeatures } from "../../features/compute-features.js";
import { ingest } from "../../ingest/ingest.js";
import { openSource } from "../../ingest/open-source.js";
import { simulateMarket } from "../../simulate/simulate-market.js";
import { listPartitions } from "../../store/list.js";
import type { Store } from "../../store/store.js";
import { type DemoPlan, type DemoTold, demoStep } from "./demo-plan.js";

const EDGE = "strong";
const TYPES = ["trades", "book_snapshot_25", "simulation_truth"] as const;

/**
 * Puts all days into the demo's store, with verdicts and features. The market's files go once the store has them.
 *
 * @throws {WorkbenchError} a day failed, or the store cannot be written to
 */
export async function makeDemoMarket(store: Store, plan: DemoPlan, told: DemoTold): Promise<void> {
  const { exchange, symbols, barUs, dates: days } = plan;
  if (!(await hasDemoDays(store, plan, days))) await bringIn(store, plan, told);
  const request = { exchange, symbols, days };
  await demoStep("audit", told, async () => {
    const onProgress = counter(told, "days audited");
    const { verdict } = await audit(store, { ...request, onProgress });
    return {
      line: `${counted(days.length, "day")} of ${counted(symbols.length, "symbol")}: ${verdict}`,
    };
  });
  await demoStep("features", told, async () => {
    const progress = counter(told, "days of features");
    const made = await computeFeatures(store, { ...request, barUs, progress });
    requireAll(made.partitions);
    return { line: `${counted(made.rows, "bar")} of ${made.columns} features` };
  });
}

/** Whether the store has everything of all symbols on these days, one after the other. */
export async function hasDemoDays(
  store: Store,
  { exchange, symbols }: DemoPlan,
  days: readonly string[],
): Promise<boolean> {
  const to = dateOf(dayStartUs(days.at(-1)!) + DAY_US);
  const range = { from: days[0]!, to };
  const there = await listPartitions(store, { exchange, symbols, types: TYPES, ...range });
  return there.length === TYPES.length * symbols.length * days.length;
}

async function bringIn(
  store: Store,
  { root, exchange, symbols, seed, begin, to, dates: days }: DemoPlan,
  told: DemoTold,
): Promise<void> {
  const mirror = path.join(root, "simulated", `thin-${EDGE}-seed${seed}-${begin}`);
  await demoStep("simulate", told, async () => {
    const market = { symbols, from: begin, to, seed, edge: EDGE, types: TYPES } as const;
    const kind = { isThin: true, hasFaults: false };
    const progress = counter(told, "symbol-days simulated");
    const { rows } = await simulateMarket(mirror, { ...market, ...kind, progress });
    return { line: `${counted(rows, "row")} of a market of few events` };
  });
  await demoStep("ingest", told, async () => {
    const source = await openSource(mirror);
    const request = { exchange, symbols, days, types: TYPES };
    const onProgress = counter(told, "files");
    const files = await ingest(store, source, { ...request, onProgress }).finally(source.close);
    requireAll(files);
    return { line: counted(files.length, "file") };
  });
  await rm(mirror, { recursive: true });
}

/** A demo is whole or none. */
function requireAll(partitions: readonly { readonly reason?: string }[]): void {
  const reason = partitions.find((one) => one.reason !== undefined)?.reason;
  if (reason !== undefined) throw new WorkbenchError({ message: reason });
}

function counter({ progress }: DemoTold, what: string): (done: number, total: number) => void {
  return (done, total) => progress(done, total, what);
}
