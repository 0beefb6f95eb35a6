// At the moment of a kill: is every order that the exchange has seen written down?
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { Client } from "pg";
import { openReader } from "../../runtime/journal/open-reader.js";
import { readRecords } from "../../runtime/journal/read-run.js";
import { recordOf } from "../../runtime/journal/record-text.js";
import { readWal } from "../../runtime/journal/wal-lines.js";
import type { OrderRecord } from "../../runtime/records.js";
import type { RunPlan } from "./drive-run.js";
import { exchangeFile, readExchange } from "./exchange-log.js";
import { placeOf } from "./run-left.js";
import { RUN, runFolder } from "./run-scene.js";

/** Looks after each stop of one run; remembers what it has found before. */
export class LoggedAtKill {
  private readonly logged = new Set<string>();

  constructor(private readonly plan: RunPlan) {}

  /**
   * Counts orders that the exchange has seen and nobody wrote down.
   *
   * @returns of entries, also those that only the write-ahead file holds: they are to be in the database first
   */
  async unlogged(): Promise<number> {
    const { root } = this.plan;
    const isNew = ({ id }: { readonly id: string }): boolean => !this.logged.has(id);
    const seen = readExchange(exchangeFile(root)).filter(isNew);
    if (seen.length === 0) return 0;
    const inFile = new Map(ordersOf(root).map((order) => [order.id, order]));
    const isLocal = ({ id }: { readonly id: string }): boolean => {
      const order = inFile.get(id);
      return order !== undefined && order.purpose !== "entry";
    };
    const isDone = seen.every(isLocal);
    const stored = isDone ? new Set<string>() : await this.storedOrders();
    const good = seen.filter((order) => isLocal(order) || stored.has(order.id));
    for (const { id } of good) this.logged.add(id);
    return seen.length - good.length;
  }

  private async storedOrders(): Promise<ReadonlySet<string>> {
    const { databaseUrl } = this.plan;
    if (databaseUrl !== undefined) return await askServer(databaseUrl);
    const ids = new Set<string>();
    const reader = await openReader(placeOf(this.plan));
    try {
      for await (const { id } of readRecords(reader, RUN, "order")) ids.add(id);
    } finally {
      await reader.close();
    }
    return ids;
  }
}

async function askServer(databaseUrl: string): Promise<ReadonlySet<string>> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ readonly id: string }>("select id from tickbook.orders");
    return new Set(rows.map(({ id }) => id));
  } finally {
    await client.end();
  }
}

function ordersOf(root: string): readonly OrderRecord[] {
  const file = path.join(runFolder(root), "journal.wal");
  if (!existsSync(file)) return [];
  const records = readWal(readFileSync(file), file).batches.flatMap(({ records }) => records);
  return records.map(recordOf).filter((record) => record.kind === "order");
}
