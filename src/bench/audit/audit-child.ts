// All checks of one day of a book, in this process: `node audit-child.js STORE EXCHANGE SYMBOL DATE ROUNDS`. Prints the seconds of
// the audit alone, from an open store to the verdicts, of the first time and of the fastest, and what it found.
import { auditDay } from "../../audit/audit-day.js";
import { AUDIT_SETTINGS } from "../../audit/settings.js";
import { openStore } from "../../store/store.js";

async function main(args: readonly string[]): Promise<void> {
  const [root, exchange, symbol, date, rounds] = args as [string, string, string, string, string];
  const seconds: number[] = [];
  let found: readonly string[] = [];
  for (let round = 0; round < Number(rounds); round++) {
    // A store of its own, so that the file's hash is checked every time.
    const store = await openStore(root);
    const begin = performance.now();
    const day = { exchange, symbol, date };
    const { findings } = await auditDay(store, day, ["incremental_book_L2"], AUDIT_SETTINGS);
    seconds.push((performance.now() - begin) / 1000);
    await store.close();
    found = findings.map(({ check }) => check);
  }
  const times = { first: seconds[0], fastest: Math.min(...seconds) };
  process.stdout.write(`${JSON.stringify({ ...times, found })}\n`);
}

void main(process.argv.slice(2));
