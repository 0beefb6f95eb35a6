// Reads what the features of one stored day are made from and drops it: `node columns-child.js STORE EXCHANGE SYMBOL DATE`.
// What it holds are the columns in flight: of each table the batches that its reader has at work. Prints the number of rows.
import { dayEvents } from "../../features/day-events.js";
import { openStore } from "../../store/store.js";
import { dayJob } from "./day-job.js";

async function main([root, exchange, symbol, date]: readonly string[]): Promise<void> {
  const store = await openStore(root!, { threads: 1 });
  const job = await dayJob(store, { exchange: exchange!, symbol: symbol!, date: date! });
  const { sources } = await dayEvents(store, job);
  const counts = { trades: 0, bookChanges: 0 };
  for (const name of ["trades", "bookChanges"] as const) {
    for await (const batch of sources[name] ?? []) counts[name] += batch.price.length;
  }
  await store.close();
  process.stdout.write(`${JSON.stringify(counts)}\n`);
}

void main(process.argv.slice(2));
