// The bars of some stored days by a pool: `node bars-child.js STORE EXCHANGE SYMBOL THREADS DATE …`. Prints wall and processor
// seconds from the opening of the pool to the last day's bars, and what was made.
import { createHash } from "node:crypto";
import type { LoneDayBars } from "../../features/day-bars.js";
import { openDayBarsPool } from "../../features/day-bars-pool.js";
import { openStore } from "../../store/store.js";
import { dayJob } from "./day-job.js";

/** What the process prints. */
export interface BarsWork {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly events: number;
  /** Of all bars. */
  readonly sha256: string;
}

async function main([root, exchange, symbol, threads, ...dates]: readonly string[]): Promise<void> {
  const store = await openStore(root!, { threads: 1 });
  const jobs = await Promise.all(
    dates.map((date) => dayJob(store, { exchange: exchange!, symbol: symbol!, date })),
  );
  const begin = performance.now();
  const before = process.cpuUsage();
  const pool = openDayBarsPool(store, jobs.length, { threads: Number(threads) });
  const days: LoneDayBars[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let at = next++; at < jobs.length; at = next++) days[at] = await pool.run(jobs[at]!);
  };
  await Promise.all(Array.from({ length: pool.jobs }, work));
  const { user, system } = process.cpuUsage(before);
  const seconds = (performance.now() - begin) / 1000;
  await pool.close();
  await store.close();
  const hash = createHash("sha256");
  for (const { bars } of days) hash.update(bars.numbers).update(bars.orderAmount);
  const events = days.reduce((sum, { counts }) => sum + counts.trades + counts.bookChanges, 0);
  const cpuSeconds = (user + system) / 1e6;
  const done: BarsWork = { seconds, cpuSeconds, events, sha256: hash.digest("hex") };
  process.stdout.write(`${JSON.stringify(done)}\n`);
}

void main(process.argv.slice(2));
