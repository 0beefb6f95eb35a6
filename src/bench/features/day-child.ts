// The features of one stored day, in this process and thread: `node day-child.js STORE EXCHANGE SYMBOL DATE`. Prints wall and
// processor seconds from an open store to the last row of features, and what was computed.
import { createHash } from "node:crypto";
import { computeDay } from "../../features/compute-day.js";
import { loneDayBars } from "../../features/day-bars.js";
import { openStore } from "../../store/store.js";
import { dayJob } from "./day-job.js";

/** What the process prints. */
export interface DayWork {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly trades: number;
  readonly bookChanges: number;
  readonly rows: number;
  /** Of all ends of bars and values. */
  readonly sha256: string;
}

async function main([root, exchange, symbol, date]: readonly string[]): Promise<void> {
  const store = await openStore(root!, { threads: 1 });
  const begin = performance.now();
  const before = process.cpuUsage();
  const job = await dayJob(store, { exchange: exchange!, symbol: symbol!, date: date! });
  const bars = await loneDayBars(store, job);
  const { rows } = computeDay(job, bars, undefined);
  const { user, system } = process.cpuUsage(before);
  const seconds = (performance.now() - begin) / 1000;
  await store.close();
  const hash = createHash("sha256");
  for (const { barEndUs, values } of rows) hash.update(Float64Array.of(barEndUs, ...values));
  const { trades, bookChanges } = bars.counts;
  const sha256 = hash.digest("hex");
  const cpuSeconds = (user + system) / 1e6;
  const work: DayWork = { seconds, cpuSeconds, trades, bookChanges, rows: rows.length, sha256 };
  process.stdout.write(`${JSON.stringify(work)}\n`);
}

void main(process.argv.slice(2));
