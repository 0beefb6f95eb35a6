import type { JournalRecord } from "../records.js";

/** Who looks on while a run goes on; nothing of it may throw. */
export interface RunWatcher {
  /** An event of a symbol's market. */
  event(symbol: string, marketUs: number): void;
  /** A record has been given to the journal. */
  record(record: JournalRecord): void;
  /** A write to the journal took so long. */
  journalTook(durationUs: number): void;
}

/** Nobody. */
export const NO_WATCHER: RunWatcher = { event: () => {}, record: () => {}, journalTook: () => {} };
