// A connection that may write: nobody else drives the run, the tables are there, and it is known what they hold.
import type { WalName } from "./batch.js";
import type { Connector, Database } from "./database.js";
import { lockRun } from "./lock-run.js";
import { migrate } from "./migrate.js";
import { shippedPosition } from "./ship-batches.js";

/** A session with a database. */
export interface Session {
  readonly database: Database;
  /** Number of the last batch of the write-ahead file that the database holds. */
  readonly position: number;
}

/**
 * Opens a session.
 *
 * @param options.answerMs - how long a statement may take from then on
 * @throws {DataError} another process drives the run, or the database is of a newer version
 * @throws {Error} the database cannot be reached now
 */
export async function openSession(
  connector: Connector,
  wal: WalName,
  { sessionName, answerMs }: { readonly sessionName: string; readonly answerMs: number },
): Promise<Session> {
  const database = await connector.connect();
  try {
    if (database.isRemote) await lockRun(database.db, wal.run, { sessionName });
    await migrate(database.db);
    const position = await shippedPosition(database.db, wal);
    database.setDeadline(answerMs);
    return { database, position };
  } catch (error) {
    await database.drop();
    throw error;
  }
}
