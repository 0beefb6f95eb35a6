import { Kysely, PostgresDialect, sql } from "kysely";
import { Client, type QueryResult } from "pg";
import { DataError, OptionError } from "../../core/errors.js";
import type { Connector, Database } from "./database.js";
import { inTime, LateError } from "./deadline.js";

/** Long enough for a handshake around the world. */
const CONNECT_MS = 3000;

/** For what is done once: tables are made, locks looked at. */
const SET_UP_MS = 10_000;

/** A server that hears the end frees what the session held at once. */
const GOODBYE_MS = 200;

const OLDEST_VERSION = 14;

/**
 * Connections to a PostgreSQL server.
 *
 * @param url - `postgresql://user:password@host:5432/name`
 * @param options.sessionName - what the server calls the session, in its list of them
 * @throws {OptionError} it is no such address; it is not repeated in the message
 */
export function postgresConnector(
  url: string,
  { sessionName }: { readonly sessionName: string },
): Connector {
  const { host, port, database, password } = clientOf(url);
  const secrets = [url, password, encodeURIComponent(password ?? "")].filter((text) => !!text);
  return {
    place: `${database ?? "the user's database"} at ${host}:${port}`,
    withoutPassword: (text) =>
      secrets.reduce<string>((shown, secret) => shown.replaceAll(secret!, "(password)"), text),
    connect: () => connect(url, sessionName),
  };
}

function clientOf(url: string): Client {
  try {
    if (!/^postgres(ql)?:\/\//.test(url)) throw new Error("another scheme");
    return new Client({ connectionString: url, connectionTimeoutMillis: CONNECT_MS });
  } catch {
    // The error of the parser may hold the address, and so the password.
    throw new OptionError({
      column: "DATABASE_URL",
      message: "was no address of a PostgreSQL database",
      fix: "write it as postgresql://user:password@host:5432/name, other signs than letters and figures percent-encoded",
    });
  }
}

async function connect(url: string, sessionName: string): Promise<Database> {
  const client = clientOf(url);
  const cut = (): void => {
    (
      client as unknown as { readonly connection: { readonly stream: { destroy(): void } } }
    ).connection.stream.destroy();
  };
  const lost = new Promise<Error>((resolve) => {
    client.on("error", resolve);
    client.on("end", () => resolve(new Error("the connection was closed")));
  });
  let deadlineMs = SET_UP_MS;
  const query = async (text: string, values: readonly unknown[]): Promise<QueryResult> => {
    try {
      return await inTime(
        client.query(text, [...values]),
        deadlineMs,
        "the database did not answer",
      );
    } catch (error) {
      // Nothing that is asked after it is answered either, such as to undo what was begun.
      if (error instanceof LateError) cut();
      throw error;
    }
  };
  const session = { query, release: () => {} };
  const db = new Kysely<unknown>({
    dialect: new PostgresDialect({
      pool: { connect: async () => session as never, end: async () => cut(), options: {} },
    }),
  });
  try {
    await inTime(client.connect(), CONNECT_MS, "the database did not answer");
    await setUpSession(db, sessionName);
  } catch (error) {
    cut();
    throw error;
  }
  return {
    db,
    isRemote: true,
    lost,
    setDeadline: (ms) => {
      deadlineMs = ms;
    },
    flush: async () => {},
    drop: async () => {
      await inTime(client.end(), GOODBYE_MS, "the database did not answer").catch(() => {});
      cut();
    },
  };
}

async function setUpSession(db: Kysely<unknown>, sessionName: string): Promise<void> {
  const { rows } = await sql<{ readonly version: number; readonly text: string }>`
    select current_setting('server_version_num')::int / 10000 as version,
      current_setting('server_version') as text,
      set_config('application_name', ${sessionName}, false),
      set_config('idle_in_transaction_session_timeout', ${`${SET_UP_MS}`}, false),
      case when current_setting('synchronous_commit') = 'off'
        then set_config('synchronous_commit', 'on', false) end`.execute(db);
  const { version, text } = rows[0]!;
  if (version >= OLDEST_VERSION) return;
  throw new DataError({
    message: `the journal's PostgreSQL was of version ${text}, expected ${OLDEST_VERSION} or newer`,
    fix: "name a newer server in DATABASE_URL, or none for the embedded database",
  });
}
