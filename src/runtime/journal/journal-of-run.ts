import { type Prior, priorOf } from "../loop/prior.js";
import type { RunJournal, WrittenRecords } from "../loop/run-journal.js";
import type { DecisionRecord, JournalRecord, OrderEndRecord } from "../records.js";
import type { Journal } from "./journal.js";
import { readRecords } from "./read-run.js";

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

  async write(
    records: readonly JournalRecord[],
    needs: "database" | "local",
  ): Promise<WrittenRecords> {
    const { where, conflicts } = await this.journal.write(records, { needs });
    return { where, refused: conflicts.map(({ refused }) => refused) };
  }
}

/**
 * What an earlier process wrote down of the bars after a time: from the database where it is there, and from what it was
 * never given.
 */
export async function readPrior(journal: Journal, run: string, fromUs: number): Promise<Prior> {
  const decisions: DecisionRecord[] = [];
  const ends: OrderEndRecord[] = [];
  const take = (record: JournalRecord): void => {
    if (record.kind === "decision" && record.barEndUs > fromUs) decisions.push(record);
    if (record.kind === "order-end" && record.atUs >= fromUs) ends.push(record);
  };
  if (journal.state.name === "up") {
    for await (const record of readRecords(journal, run, "decision")) take(record);
    for await (const record of readRecords(journal, run, "order-end")) take(record);
  }
  for (const record of journal.unshipped) take(record);
  return priorOf(decisions, ends);
}
