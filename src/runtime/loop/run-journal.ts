import type { JournalRecord } from "../records.js";

/** What became of records that were written. */
export interface WrittenRecords {
  /** `file` also where the database was asked for and did not answer in time. */
  readonly where: "database" | "file";
  /** Those whose keys stand for other content, which stays; known only of what is in the database. */
  readonly refused: readonly JournalRecord[];
}

/** What the loop needs of a journal. */
export interface RunJournal {
  /** Whether its database takes what is written now. */
  readonly isUp: boolean;
  /**
   * Makes records durable, all or none.
   *
   * @param needs - `database` for what must not be lost with this machine before it is acted on
   * @throws {DataError} nothing took them
   */
  write(records: readonly JournalRecord[], needs: "database" | "local"): Promise<WrittenRecords>;
}
