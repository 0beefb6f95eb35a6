// A process that was killed knows less than its journal. Before a run goes on where nothing can be gone through again, both agree.
import type { Journal } from "../journal/journal.js";
import { readRecords } from "../journal/read-run.js";
import type { FillRecord, JournalRecord, OrderEndRecord, OrderRecord } from "../records.js";
import { bookFill } from "./book-fill.js";
import type { OpenRun } from "./open-run.js";
import type { RunJournal } from "./run-journal.js";

/** What the journal says of orders. */
interface Known {
  readonly orders: ReadonlyMap<string, OrderRecord>;
  readonly fills: readonly FillRecord[];
  readonly ends: ReadonlySet<string>;
}

/**
 * Books what was written down of orders that the broker still holds as open, and ends those that were written down and never
 * sent: whatever they were decided on is over.
 *
 * @param atUs - market time of what the run held last
 * @returns how many fills were booked and orders ended
 */
export async function reconcile(
  run: OpenRun,
  journal: Journal,
  own: RunJournal,
  { name, atUs }: { readonly name: string; readonly atUs: number },
): Promise<{ readonly booked: number; readonly ended: number }> {
  const known = await readKnown(journal, name);
  const open = new Set(run.broker.open().map(({ id }) => id));
  const late = known.fills.filter(({ orderId }) => open.has(orderId));
  for (const fill of late) {
    const index = run.markets.findIndex(({ symbol }) => symbol === fill.symbol);
    const { orderId, amount, valueUsd, mid } = fill;
    bookFill(run.portfolio, run.desk, index, { orderId, atUs: fill.atUs, amount, valueUsd, mid });
  }
  run.broker.forget(known.ends);
  const unsent = [...known.orders.values()].filter(
    ({ id }) => !open.has(id) && !known.ends.has(id),
  );
  const reason = "the process ended before it was sent";
  const records = unsent.map(
    ({ id: orderId }): JournalRecord => ({
      kind: "order-end",
      ...{ run: name, orderId, atUs, status: "withdrawn", reason },
    }),
  );
  if (records.length > 0) await own.write(records, "local");
  return { booked: late.length, ended: records.length };
}

async function readKnown(journal: Journal, run: string): Promise<Known> {
  const orders = new Map<string, OrderRecord>();
  const fills: FillRecord[] = [];
  const ends = new Set<string>();
  const take = (record: OrderRecord | FillRecord | OrderEndRecord): void => {
    if (record.kind === "order") orders.set(record.id, record);
    else if (record.kind === "fill") fills.push(record);
    else ends.add(record.orderId);
  };
  if (journal.state.name === "up") {
    for (const kind of ["order", "fill", "order-end"] as const) {
      for await (const record of readRecords(journal, run, kind)) take(record);
    }
  }
  for (const record of journal.unshipped) {
    if (record.kind === "order" || record.kind === "fill" || record.kind === "order-end") {
      take(record);
    }
  }
  return { orders, fills, ends };
}
