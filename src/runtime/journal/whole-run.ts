// Is what a run wrote down one story without a hole?
import { readFile } from "node:fs/promises";
import path from "node:path";
import { sql } from "kysely";
import type { JournalSource } from "./read-run.js";
import { shippedPosition } from "./ship-batches.js";
import { readWal } from "./wal-lines.js";

/** Counts of what must not be, all 0 where a journal is whole. */
export interface JournalHoles {
  /** Records that were refused, since another one stood under their key. */
  readonly conflicts: number;
  /** Records in the write-ahead file that the database does not have yet. */
  readonly waiting: number;
  /** Orders from before the last bar that neither were filled nor ended. */
  readonly ordersWithoutEnd: number;
  /** Orders of a bar that has no decision; what the account's rules close needs none. */
  readonly ordersWithoutDecision: number;
  readonly fillsWithoutOrder: number;
  readonly tradesWithoutOrder: number;
}

/**
 * Looks for holes in a run's journal.
 *
 * @param root - of the store, where the run's write-ahead file lies
 * @throws {DataError} the database is down, or the file was changed
 */
export async function journalHoles(
  source: JournalSource,
  run: string,
  { root }: { readonly root: string },
): Promise<JournalHoles> {
  const { rows } = await source.ask((db) =>
    sql<Readonly<Record<keyof typeof HOLES, unknown>>>`
      select ${sql.join(Object.entries(HOLES).map(([name, count]) => sql`(${sql.raw(count)} and t.run = ${run}) as ${sql.ref(name)}`))}`.execute(
      db,
    ),
  );
  const counts = rows[0]!;
  return {
    conflicts: Number(counts.conflicts),
    waiting: await waitingRecords(source, run, root),
    ordersWithoutEnd: Number(counts.ordersWithoutEnd),
    ordersWithoutDecision: Number(counts.ordersWithoutDecision),
    fillsWithoutOrder: Number(counts.fillsWithoutOrder),
    tradesWithoutOrder: Number(counts.tradesWithoutOrder),
  };
}

const LAST_BAR = `(select coalesce(max(d.bar_end_us), 0) from tickbook.decisions d where d.run = t.run)`;

const NO_ORDER = `not exists (select from tickbook.orders o where o.run = t.run and o.id = `;

/** Counts by name; the run is added to each. */
const HOLES = {
  conflicts: "select count(*) from tickbook.conflicts t where true",
  // Orders of the last bar are on their way when the feed ends, and so is a closing one that waits for a book.
  ordersWithoutEnd: `select count(*) from tickbook.orders t where t.decided_us < ${LAST_BAR} and t.purpose <> 'flatten'
    and not exists (select from tickbook.order_ends e where e.run = t.run and e.order_id = t.id)`,
  ordersWithoutDecision: `select count(*) from tickbook.orders t where t.purpose <> 'flatten' and not exists (
    select from tickbook.decisions d where d.run = t.run and d.symbol = t.symbol and d.bar_end_us = t.bar_end_us)`,
  fillsWithoutOrder: `select count(*) from tickbook.fills t where ${NO_ORDER} t.order_id)`,
  tradesWithoutOrder: `select count(*) from tickbook.trades t where ${NO_ORDER} t.opened_by)`,
} as const;

/** Records of the batches after the one that the database has come to. */
async function waitingRecords(source: JournalSource, run: string, root: string): Promise<number> {
  const file = path.join(root, "runtime", run, "journal.wal");
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (bytes === undefined) return 0;
  const { head, batches } = readWal(bytes, file);
  const { walId } = head;
  const shipped = await source.ask((db) => shippedPosition(db, { run, walId }));
  return batches
    .filter(({ number }) => number > shipped)
    .reduce((sum, { records }) => sum + records.length, 0);
}
