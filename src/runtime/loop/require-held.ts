// Is what a run holds on this machine what its journal says? Of a feed that cannot be rewound nobody finds out later.
import { sql } from "kysely";
import { DataError } from "../../core/errors.js";
import type { JournalSource } from "../journal/read-run.js";
import type { JournalState } from "../journal/state.js";
import type { OpenRun } from "./open-run.js";

/** Amounts are sums of rounded numbers. */
const ROUNDING = 1e-6;

/**
 * Refuses to go on with a run whose account on this machine is another one than its journal tells of: files were lost, are an
 * older copy, or a full disk did not take the last ones. While the database is away, the machine's own files are all there is.
 *
 * @param options.isKnown - whether anything of the run is on this machine
 * @throws {DataError} they differ
 */
export async function requireHeld(
  run: Pick<OpenRun, "portfolio" | "markets">,
  journal: JournalSource & { readonly state: JournalState },
  { name, isKnown }: { readonly name: string; readonly isKnown: boolean },
): Promise<void> {
  if (journal.state.name !== "up") return;
  const { bars, filled } = await journal.ask(async (db) => {
    const { rows } = await sql<{ readonly count: unknown }>`
      select count(*) as count from tickbook.decisions where run = ${name}`.execute(db);
    const { rows: sums } = await sql<{ readonly symbol: string; readonly amount: number }>`
      select symbol, sum(amount) as amount from tickbook.fills where run = ${name} group by symbol
    `.execute(db);
    const filled = new Map(sums.map(({ symbol, amount }) => [symbol, Number(amount)]));
    return { bars: Number(rows[0]!.count), filled };
  });
  if (!isKnown && bars > 0) {
    throw isAnother(name, `was decided on ${bars} bars, and nothing of it is on this machine`);
  }
  for (const [i, { symbol }] of run.markets.entries()) {
    const held = run.portfolio.position(i);
    const bought = filled.get(symbol) ?? 0;
    if (Math.abs(held - bought) <= ROUNDING * (1 + Math.abs(bought))) continue;
    throw isAnother(name, `holds ${held} of ${symbol} by this machine, and ${bought} by its fills`);
  }
}

function isAnother(name: string, message: string): DataError {
  return new DataError({
    message: `the run "${name}" ${message}`,
    fix: "bring back its folder below runtime as it was last, or begin a run of another name",
  });
}
