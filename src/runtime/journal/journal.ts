import { randomUUID } from "node:crypto";
import path from "node:path";
import type { Kysely } from "kysely";
import { OptionError, type WorkbenchError } from "../../core/errors.js";
import { makeFolder } from "../../core/folder.js";
import type { JournalRecord } from "../records.js";
import type { Conflict } from "./conflicts.js";
import { connectorOf, type JournalPlace } from "./connector.js";
import type { Connector } from "./database.js";
import { holdFile } from "./hold-file.js";
import { type PlainRecord, plainRecord, recordHash, recordOf } from "./record-text.js";
import { openSession } from "./session.js";
import { Shipper } from "./shipper.js";
import { type JournalState, refusal } from "./state.js";
import { WalFile } from "./wal-file.js";
import { WriteAhead } from "./write-ahead.js";

/** How far a run had written its write-ahead file. */
export interface JournalMark {
  /** Of the file: another one knows nothing of the number. */
  readonly walId: string;
  /** Number of the last batch. */
  readonly batch: number;
}

/** How long things may take; the defaults are those of a run. */
export interface JournalLimits {
  /** Until a record that needs the database has to be in it. */
  readonly writeMs?: number;
  /** Between two questions whether the database is there. */
  readonly heartbeatMs?: number;
  /** Until one answer of the database. */
  readonly answerMs?: number;
  /** The same to a question, which may go through all of a long run; nothing is asked once it has begun. */
  readonly askMs?: number;
  /** Size of the write-ahead file from which on it is cut when all of it was shipped. */
  readonly cutBytes?: number;
}

/** What a journal is opened with. */
export interface JournalOptions extends JournalPlace {
  readonly run: string;
  /** Whether what was shipped stays in the write-ahead file, too, until a checkpoint. */
  readonly keeps?: boolean;
  /** Called at every change; one that is down at the start is told by `state`. */
  readonly onState?: (state: JournalState) => void;
  /** A record was refused: its key stands for other content, which stays. */
  readonly onConflict?: (conflict: Conflict) => void;
  readonly limits?: JournalLimits;
}

/** Where a record is, as far as is certain. */
export interface Written {
  /** `file`: in the write-ahead file, and on its way to the database. */
  readonly where: "database" | "file";
  /** Of these records; known only of those in the database. */
  readonly conflicts: readonly Conflict[];
}

/** The journal of one run: written to a file of this machine first, then to a database. */
export class Journal {
  private isClosed = false;

  private constructor(
    private readonly run: string,
    private readonly shipper: Shipper,
    private readonly ahead: WriteAhead,
    private readonly walId: string,
    private readonly writeMs: number,
    private readonly release: () => Promise<void>,
  ) {}

  /**
   * Opens the journal of a run, and ships what an earlier process left. A database that is away does not hinder it:
   * then the state is down.
   *
   * @throws {DataError} another process drives the run, the write-ahead file was changed, or the database is of a newer
   *   version or does not hold what was shipped to it
   * @throws {OptionError} the run's name cannot be a folder's, or the server refuses user, password or name
   */
  static async open(options: JournalOptions): Promise<Journal> {
    requireName(options.run);
    const folder = path.join(options.data, "runtime", options.run);
    makeFolder(folder, "data");
    const release = await holdFile(path.join(folder, "journal.lock"), `the run "${options.run}"`);
    try {
      return await Journal.begin(options, path.join(folder, "journal.wal"), release);
    } catch (error) {
      await release();
      throw error;
    }
  }

  private static async begin(
    options: JournalOptions,
    file: string,
    release: () => Promise<void>,
  ): Promise<Journal> {
    const { run } = options;
    const {
      answerMs = 500,
      askMs = 10_000,
      heartbeatMs = 250,
      writeMs = 800,
      cutBytes = 1 << 18,
    } = options.limits ?? {};
    const sessionName = `tickbook ${randomUUID()}`;
    const connector = connectorOf(options, { sessionName });
    const { wal, content } = await WalFile.open(file, run);
    const name = { run, walId: wal.walId };
    const shipper = new Shipper({
      wal: name,
      shipped: content.head.from - 1,
      ...{ heartbeatMs, answerMs, askMs },
      open: () => openSession(connector, name, { sessionName, answerMs }),
      withoutPassword: connector.withoutPassword,
      onState: (state) => options.onState?.(state),
      onConflict: (conflict) => options.onConflict?.(conflict),
      onShipped: (database, isClosing) => ahead.cut(database, { isClosing, cutBytes }),
    });
    for (const batch of content.batches) shipper.add(batch);
    const ahead = new WriteAhead(wal, shipper, content, { keeps: options.keeps ?? false });
    const refused = await startOf(shipper, connector);
    if (refused === undefined) return new Journal(run, shipper, ahead, wal.walId, writeMs, release);
    await shipper.close(0);
    await wal.close();
    throw refused;
  }

  /** Whether the database takes what is written now. */
  get state(): JournalState {
    return this.shipper.state;
  }

  /** Records of the write-ahead file that the database may not have, in order. */
  get unshipped(): readonly JournalRecord[] {
    return this.shipper.unshipped.flatMap(({ records }) => records.map(recordOf));
  }

  /** Records since the last checkpoint, as far as they are kept, in order: known also while the database is down. */
  get kept(): readonly JournalRecord[] {
    return this.ahead.kept.flatMap(({ records }) => records.map(recordOf));
  }

  /** How far it is written: whoever goes on from a state of this moment asks for what comes after. */
  get mark(): JournalMark {
    return { walId: this.walId, batch: this.ahead.lastNumber };
  }

  /** Records of the file after a mark, in order; all that are kept where it is of another file, or there is none. */
  after(mark: JournalMark | undefined): readonly JournalRecord[] {
    const batch = mark?.walId === this.walId ? mark.batch : 0;
    const later = this.ahead.kept.filter(({ number }) => number > batch);
    return later.flatMap(({ records }) => records.map(recordOf));
  }

  /** Says that whoever goes on from here needs nothing any more of what was written so far. */
  checkpoint(): void {
    this.ahead.checkpoint();
  }

  /**
   * Writes records, all or none of them, after all that were written before.
   *
   * @param options.needs - `database`: returns when they are committed, or `file` when that did not come in time or the
   *   database is down; they are shipped later, and whoever wanted them there withdraws them by further records.
   *   `local`: returns when they are in the file; where that cannot be written, when they are in the database
   * @throws {DataError} a record is of another run or not whole, or the disk does not take them (and, for `local`, the
   *   database is down too)
   */
  async write(
    records: readonly JournalRecord[],
    { needs }: { readonly needs: "database" | "local" },
  ): Promise<Written> {
    if (this.isClosed) throw new OptionError({ message: "the journal was closed before" });
    const plain = records.map((record) => this.own(record));
    const { waiting, failure } = await this.ahead.write(plain, needs);
    if (needs === "local" && failure === undefined) return { where: "file", conflicts: [] };
    const timer = setTimeout(() => waiting.settle(undefined), this.writeMs);
    const conflicts = await waiting.outcome;
    clearTimeout(timer);
    if (conflicts !== undefined) return { where: "database", conflicts: ofThese(plain, conflicts) };
    if (failure !== undefined) throw failure;
    return { where: "file", conflicts: [] };
  }

  /**
   * Reads from the database, after all that was written before.
   *
   * @throws {DataError} it is down
   */
  async ask<Result>(work: (db: Kysely<unknown>) => Promise<Result>): Promise<Result> {
    return await this.shipper.ask(work);
  }

  /**
   * Ships what is left, and ends.
   *
   * @param options.deadlineMs - how long it may take
   * @returns number of records that stay in the write-ahead file; the next process ships them
   */
  async close({ deadlineMs = 3000 }: { readonly deadlineMs?: number } = {}): Promise<{
    readonly remaining: number;
  }> {
    this.isClosed = true;
    await this.ahead.settled();
    await this.shipper.close(deadlineMs);
    await this.ahead.close();
    await this.release();
    return { remaining: this.unshipped.length };
  }

  private own(record: JournalRecord): PlainRecord {
    if (record.run === this.run) return plainRecord(record);
    throw new OptionError({
      message: `a ${record.kind} was of the run "${record.run}", expected "${this.run}"`,
      fix: "write it to the journal of its own run",
    });
  }
}

async function startOf(
  shipper: Shipper,
  connector: Connector,
): Promise<WorkbenchError | undefined> {
  const error = await shipper.start();
  return error === undefined ? undefined : refusal(error, connector);
}

/** Several writes can share a batch; each is told of its own records. */
function ofThese(
  records: readonly PlainRecord[],
  conflicts: readonly Conflict[],
): readonly Conflict[] {
  if (conflicts.length === 0) return [];
  const own = new Set(records.map(recordHash));
  return conflicts.filter(({ refusedSha256 }) => own.has(refusedSha256));
}

function requireName(run: string): void {
  const isName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(run);
  // Those lie beside the runs: the embedded database, and an operator's word.
  if (isName && !/^(journal|halted)(\.|$)/.test(run)) return;
  throw new OptionError({
    column: "run",
    message: `was "${run}", expected letters, figures, ".", "_" and "-", a letter or figure first, at most 100, not "journal…" nor "halted…"`,
    fix: "give the run another name",
  });
}
