import path from "node:path";
import { pgliteConnector } from "./connect-pglite.js";
import { postgresConnector } from "./connect-postgres.js";
import type { Connector } from "./database.js";

/** Which database a journal is in. */
export interface JournalPlace {
  /** Root of the store. */
  readonly data: string;
  /** `postgresql://…`; undefined for the embedded database in `{data}/runtime/journal`. */
  readonly databaseUrl?: string | undefined;
}

/** Connections to the database of a place. */
export function connectorOf(
  { data, databaseUrl }: JournalPlace,
  { sessionName }: { readonly sessionName: string },
): Connector {
  if (databaseUrl !== undefined) return postgresConnector(databaseUrl, { sessionName });
  return pgliteConnector(path.join(data, "runtime", "journal"));
}
