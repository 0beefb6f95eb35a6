import { type Prior, priorOf } from "../loop/prior.js";
import type { RunJournal, WrittenRecords } from "../loop/run-journal.js";
import type { JournalRecord } from "../records.js";
import type { Journal, JournalLimits } from "./journal.js";
import { readRecords } from "./read-run.js";

/** The market of a replay stands still while the journal is written: a busy machine is no reason to withdraw an order. */
export const REPLAY_LIMITS: JournalLimits = { writeMs: 10_000, answerMs: 5_000 };

/** A journal as the loop writes to it. */
export class JournalOfRun implements RunJournal {
  private readonly journal: Journal;

  constructor(journal: Journal) {
    this.journal = journal;
  }

  get isUp(): boolean {
    return this.journal.state.name === "up";
  }

  /** Records that the database does not have yet. */
  get waiting(): number {
    return this.journal.unshipped.length;
  }

  /** Says that the state was written to which all records so far have led. */
  checkpoint(): void {
    this.journal.checkpoint();
  }

  async write(
    records: readonly JournalRecord[],
    needs: "database" | "local",
  ): Promise<WrittenRecords> {
    const { where, conflicts } = await this.journal.write(records, { needs });
    return { where, refused: conflicts.map(({ refused }) => refused) };
  }
}

/** Kinds of records of which a second look at the market depends. */
const KINDS = ["decision", "order", "order-end", "risk"] as const;

/**
 * What an earlier process wrote down of the bars after a time: what the write-ahead file has kept since the state of that
 * time, and what the database holds, where it is there.
 */
export async function readPrior(journal: Journal, run: string, fromUs: number): Promise<Prior> {
  const records: JournalRecord[] = [];
  const take = (record: JournalRecord): void => {
    const isAfter =
      ((record.kind === "decision" || record.kind === "order") && record.barEndUs > fromUs) ||
      ((record.kind === "order-end" || record.kind === "risk") && record.atUs > fromUs);
    if (isAfter) records.push(record);
  };
  try {
    for (const kind of KINDS) for await (const one of readRecords(journal, run, kind)) take(one);
  } catch (error) {
    // The file alone knows enough.
    if (journal.state.name === "up") throw error;
  }
  for (const record of [...journal.kept, ...journal.unshipped]) take(record);
  return priorOf(records);
}
