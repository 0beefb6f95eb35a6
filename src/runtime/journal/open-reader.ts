import { existsSync } from "node:fs";
import path from "node:path";
import type { Kysely } from "kysely";
import { DataError } from "../../core/errors.js";
import { connectorOf, type JournalPlace } from "./connector.js";
import { requireCurrent } from "./migrate.js";
import type { JournalSource } from "./read-run.js";
import { downState, refusal } from "./state.js";

/** A connection that only reads, for reports. */
export interface JournalReader extends JournalSource {
  readonly close: () => Promise<void>;
}

/**
 * Opens a database of journals for reading, beside whoever writes. The embedded one serves one process at a time.
 *
 * @throws {DataError} it cannot be reached, is of a newer version, or another process uses it
 * @throws {OptionError} the server refuses user, password or name
 */
export async function openReader(place: JournalPlace): Promise<JournalReader> {
  requireFolder(place);
  const connector = connectorOf(place, { sessionName: "tickbook reader" });
  const explain = (error: unknown): Error => {
    const { reason } = downState(error, connector.withoutPassword);
    const unreachable = { message: `the journal's database is down (${reason})` };
    return (
      refusal(error, connector) ??
      new DataError({ ...unreachable, fix: "try again when it is back" })
    );
  };
  try {
    const { db, drop } = await connector.connect();
    await requireCurrent(db).catch(async (error) => {
      await drop();
      throw error;
    });
    return { ask: (work) => asked(work, db, explain), close: drop };
  } catch (error) {
    throw explain(error);
  }
}

/** Reading makes no database. */
function requireFolder({ data, databaseUrl }: JournalPlace): void {
  const folder = path.join(data, "runtime", "journal");
  if (databaseUrl !== undefined || existsSync(folder)) return;
  throw new DataError({
    file: folder,
    message: "is not there, so no run has written a journal",
    fix: "begin one with `npx tickbook live`, or name its database in DATABASE_URL",
  });
}

async function asked<Result>(
  work: (db: Kysely<unknown>) => Promise<Result>,
  db: Kysely<unknown>,
  explain: (error: unknown) => Error,
): Promise<Result> {
  try {
    return await work(db);
  } catch (error) {
    throw explain(error);
  }
}
