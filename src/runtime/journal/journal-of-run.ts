import { type Prior, priorOf } from "../loop/prior.js";
import type { RunJournal, WrittenRecords } from "../loop/run-journal.js";
import type { JournalRecord } from "../records.js";
import type { Journal, JournalLimits, JournalMark } from "./journal.js";
import { readRecords } from "./read-run.js";

/** The market of a replay stands still while the journal is written: a busy machine is no reason to withdraw an order. */
export const REPLAY_LIMITS: JournalLimits = { writeMs: 10_000, answerMs: 5_000 };

/** A journal as the loop writes to it. */
export class JournalOfRun implements RunJournal {
  private readonly journal: Journal;
  /** Up to when an earlier process wrote down what this one goes through again. */
  private priorUntilUs = Number.NEGATIVE_INFINITY;

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

  /** How far it is written. */
  get mark(): JournalMark {
    return this.journal.mark;
  }

  /**
   * What an earlier process wrote down of the bars after a time: what the write-ahead file has kept since the state of that
   * time, and what the database holds, where it is there.
   */
  async readPrior(run: string, fromUs: number): Promise<Prior> {
    const prior = await readPrior(this.journal, run, fromUs);
    this.priorUntilUs = prior.untilUs;
    return prior;
  }

  /**
   * Says that the state at a bar's end was written, to which all records up to then have led. While an earlier process has been
   * farther, what it wrote down is still asked for: whoever goes on from this state goes through that time once more.
   */
  checkpoint(barEndUs: number): void {
    if (barEndUs >= this.priorUntilUs) this.journal.checkpoint();
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

async function readPrior(journal: Journal, run: string, fromUs: number): Promise<Prior> {
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
