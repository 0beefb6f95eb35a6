// What the journal needs of a database, whichever it is.
import type { Kysely } from "kysely";

/** A connection with one session, used by one piece of work at a time. */
export interface Database {
  readonly db: Kysely<unknown>;
  /** False where it lives in this process, which needs not be asked whether it is still there. */
  readonly isRemote: boolean;
  /** Resolves with the reason once the connection is gone. */
  readonly lost: Promise<Error>;
  /** How long a statement may take from now on. */
  readonly setDeadline: (ms: number) => void;
  /** Waits until what was committed is on its disk. */
  readonly flush: () => Promise<void>;
  /** Cuts the connection, without asking the other side. */
  readonly drop: () => Promise<void>;
}

/** Makes connections to one database. */
export interface Connector {
  /** Where it is, without a password. */
  readonly place: string;
  /** @throws {Error} it cannot be reached now */
  readonly connect: () => Promise<Database>;
  /** A text without the password, should it be in it. */
  readonly withoutPassword: (text: string) => string;
}
