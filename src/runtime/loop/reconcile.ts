// A process that was killed knows less than its journal. Before a run goes on where nothing can be gone through again, both agree.
import type { FillRecord, JournalRecord, OrderRecord } from "../records.js";
import { bookFill } from "./book-fill.js";
import type { OpenRun } from "./open-run.js";
import type { RunJournal } from "./run-journal.js";

/** What came of it: fills that were booked, orders that the broker has again, and orders that are over. */
export interface Reconciled {
  readonly booked: number;
  readonly resent: number;
  readonly ended: number;
}

/** Why an order is over that never went out. */
export const UNSENT = "the process ended before it was sent";

/**
 * Does to a run what its journal says of the time after it was saved: fills are booked, and orders that nobody knows the end of
 * are either the broker's again, where it had taken them, or over: whatever they were decided on is. One that closes because
 * account or operator wants it is sent: that holds until it is done.
 *
 * @param later - records that are not in what the run was restored from, in order
 * @param options.outbox - records that may not have been written, and whose effects are in it
 * @param options.atUs - market time of what it held last
 */
export async function reconcile(
  run: Pick<OpenRun, "broker" | "exchange" | "desk" | "portfolio" | "markets">,
  own: RunJournal,
  later: readonly JournalRecord[],
  {
    name,
    outbox,
    atUs,
  }: {
    readonly name: string;
    readonly outbox: readonly JournalRecord[];
    readonly atUs: number;
  },
): Promise<Reconciled> {
  if (outbox.length > 0) await own.write(outbox, "local");
  const isHeld = (fill: FillRecord): boolean =>
    outbox.some(
      (one) => one.kind === "fill" && one.orderId === fill.orderId && one.number === fill.number,
    );
  const ends = new Set<string>();
  const orders = new Map<string, OrderRecord>();
  let booked = 0;
  for (const record of [...outbox, ...later]) {
    if (record.kind === "order") orders.set(record.id, record);
    else if (record.kind === "order-end") ends.add(record.orderId);
    else if (record.kind === "fill" && !isHeld(record)) {
      const index = run.markets.findIndex(({ symbol }) => symbol === record.symbol);
      bookFill(run.portfolio, run.desk, index, record);
      run.desk.lookAgain(record.atUs);
      booked++;
    }
  }
  run.broker.forget(ends);
  let resent = 0;
  const over: JournalRecord[] = [];
  for (const { id, symbol, side, amount, decidedUs, purpose } of orders.values()) {
    if (await run.broker.knows(id)) continue;
    const waits = purpose === "flatten";
    if (waits || (await run.exchange.knows(id))) {
      await run.exchange.submit({ id, symbol, amount: side * amount, decidedUs, waits });
      resent++;
    } else {
      const end = { orderId: id, atUs, status: "withdrawn", reason: UNSENT } as const;
      over.push({ kind: "order-end", run: name, ...end });
    }
  }
  if (over.length > 0) await own.write(over, "local");
  return { booked, resent, ended: over.length };
}

/** End of the last bar that was decided on, as far as journal and state know; −∞ before the first. */
export function lastDecidedUs(later: readonly JournalRecord[], heldUs: number | null): number {
  const decided = later.flatMap((one) => (one.kind === "decision" ? [one.barEndUs] : []));
  return Math.max(heldUs ?? Number.NEGATIVE_INFINITY, ...decided);
}
