// All checks of one day of a book, in this process: `node audit-child.js STORE EXCHANGE SYMBOL DATE`. Prints the seconds of the
// audit alone, from the open store to the verdicts, and what it found.
import { auditDay } from "../../audit/audit-day.js";
import { AUDIT_SETTINGS } from "../../audit/settings.js";
import { openStore } from "../../store/store.js";

async function main([root, exchange, symbol, date]: readonly string[]): Promise<void> {
  const store = await openStore(root!);
  const day = { exchange: exchange!, symbol: symbol!, date: date! };
  const begin = performance.now();
  const { findings } = await auditDay(store, day, ["incremental_book_L2"], AUDIT_SETTINGS);
  const seconds = (performance.now() - begin) / 1000;
  await store.close();
  const found = findings.map(({ check }) => check);
  process.stdout.write(`${JSON.stringify({ seconds, found })}\n`);
}

void main(process.argv.slice(2));
