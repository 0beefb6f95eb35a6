// What did a run leave behind: in its journal, in its state, and with the exchange?
import { sql } from "kysely";
import type { JournalPlace } from "../../runtime/journal/connector.js";
import { openReader } from "../../runtime/journal/open-reader.js";
import { readRecords } from "../../runtime/journal/read-run.js";
import { type RecordKind, TABLES } from "../../runtime/journal/tables.js";
import { TOO_LATE } from "../../runtime/loop/prior.js";
import { UNSENT } from "../../runtime/loop/reconcile.js";
import { readState, type SessionState, stateFile } from "../../runtime/loop/session-state.js";
import type { JournalRecord, OrderRecord } from "../../runtime/records.js";
import type { RunPlan } from "./drive-run.js";
import { exchangeFile, readExchange, type SeenOrder } from "./exchange-log.js";
import { RUN } from "./run-scene.js";

/** All that is known of a run. */
export interface RunLeft {
  /** By table, in the order in which they were written; what the machine's clock said is left out. */
  readonly records: readonly JournalRecord[];
  /** Records that were refused, since their keys stood for something else. */
  readonly conflicts: number;
  readonly state: SessionState | undefined;
  readonly exchange: readonly SeenOrder[];
}

/** What is wrong with a run; counts of orders. */
export interface RunFlaws {
  /** In the journal, and neither at the exchange nor taken back before they were sent. */
  readonly lost: number;
  /** Executed again, as another order on the same bar or with another amount. */
  readonly duplicated: number;
  /** At the exchange, and not in the journal, or there as taken back or with another amount. */
  readonly unlogged: number;
  /** What else is wrong, in words; "" for nothing. */
  readonly what: string;
}

/** Reads what a run has left, when nothing drives it. */
export async function readLeft(plan: RunPlan): Promise<RunLeft> {
  const reader = await openReader(placeOf(plan));
  try {
    const records: JournalRecord[] = [];
    for (const kind of Object.keys(TABLES) as RecordKind[]) {
      if (kind === "session") continue;
      for await (const record of readRecords(reader, RUN, kind)) records.push(timeless(record));
    }
    const { rows } = await reader.ask((db) =>
      sql<{ readonly count: unknown }>`
        select count(*) as count from tickbook.conflicts where run = ${RUN}`.execute(db),
    );
    return {
      records,
      conflicts: Number(rows[0]!.count),
      state: await readState(stateFile(plan.root, RUN)),
      exchange: readExchange(exchangeFile(plan.root)),
    };
  } finally {
    await reader.close();
  }
}

/** Looks whether journal and exchange tell of the same orders, each once, and of an end of each. */
export function judgeOrders({ records, conflicts, exchange }: RunLeft): RunFlaws {
  const orders = new Map(ofKind(records, "order").map((order) => [order.id, order]));
  const ends = ofKind(records, "order-end");
  const takenBack = new Set(
    ends
      .filter(({ reason }) => reason === TOO_LATE || reason === UNSENT)
      .map(({ orderId }) => orderId),
  );
  const seen = new Set(exchange.map(({ id }) => id));
  const lost = [...orders.keys()].filter((id) => !seen.has(id) && !takenBack.has(id));
  const places = new Set(
    exchange.map(({ symbol, decidedUs, waits }) => `${symbol} ${decidedUs} ${waits}`),
  );
  const unlogged = exchange.filter((one) => takenBack.has(one.id) || !isLogged(one, orders));
  const ended = new Set(ends.map(({ orderId }) => orderId));
  const open = [...orders.keys()].filter((id) => !ended.has(id)).length;
  return {
    lost: lost.length,
    duplicated: exchange.length - places.size,
    unlogged: unlogged.length,
    what: conflicts === 0 && open <= 2 ? "" : `${conflicts} conflicts, ${open} orders without end`,
  };
}

/** The same, and whether a run has come to what one came to that was never stopped. */
export function judgeRun(left: RunLeft, truth: RunLeft): RunFlaws {
  const flaws = judgeOrders(left);
  const what = [flaws.what, firstDifference(left, truth)].filter((text) => text !== "").join("; ");
  return { ...flaws, what };
}

/** Records of one kind. */
export function ofKind<Kind extends RecordKind>(
  records: readonly JournalRecord[],
  kind: Kind,
): readonly Extract<JournalRecord, { readonly kind: Kind }>[] {
  return records.filter((record) => record.kind === kind) as never;
}

/** Which database a plan's run writes to. */
export function placeOf({ root, databaseUrl }: RunPlan): JournalPlace {
  return { data: root, databaseUrl };
}

function firstDifference(left: RunLeft, truth: RunLeft): string {
  for (let i = 0; i < Math.max(left.records.length, truth.records.length); i++) {
    const [one, other] = [left.records[i], truth.records[i]].map((record) =>
      JSON.stringify(record),
    );
    if (one !== other) return `record ${i} was ${one}, expected ${other}`;
  }
  const parts = Object.keys(truth.state ?? {}) as readonly (keyof SessionState)[];
  const part = parts.find(
    (name) => JSON.stringify(left.state?.[name]) !== JSON.stringify(truth.state?.[name]),
  );
  if (part !== undefined) return `the state's ${part} is another one`;
  const ids = ({ exchange }: RunLeft): string => exchange.map(({ id }) => id).join();
  return ids(left) === ids(truth) ? "" : "the exchange has seen other orders, or in another order";
}

function isLogged(seen: SeenOrder, orders: ReadonlyMap<string, OrderRecord>): boolean {
  const order = orders.get(seen.id);
  return order !== undefined && order.side * order.amount === seen.amount;
}

function timeless(record: JournalRecord): JournalRecord {
  return record.kind === "decision" ? { ...record, tookUs: 0 } : record;
}
