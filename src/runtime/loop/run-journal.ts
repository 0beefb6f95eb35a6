import type { JournalRecord } from "../records.js";

/** What the loop needs of a journal. */
export interface RunJournal {
  /** Whether its database takes what is written now. */
  readonly isUp: boolean;
  /**
   * Makes records durable, all or none.
   *
   * @param needs - `database` for what must not be lost with this machine before it is acted on
   * @returns where they are: `file` also where `database` was asked for and did not answer in time
   * @throws {DataError} nothing took them
   */
  write(
    records: readonly JournalRecord[],
    needs: "database" | "local",
  ): Promise<"database" | "file">;
}
