import { setTimeout as sleep } from "node:timers/promises";
import type { Kysely } from "kysely";
import { sql } from "kysely";
import { DataError, WorkbenchError } from "../../core/errors.js";
import type { Batch, WalName } from "./batch.js";
import { type Conflict, notedConflicts } from "./conflicts.js";
import type { Database } from "./database.js";
import { LateError } from "./deadline.js";
import type { Session } from "./session.js";
import { lastNumber, shipBatches } from "./ship-batches.js";
import { downState, type JournalState } from "./state.js";

/** Records in one transaction, unless one batch has more. */
const RECORDS = 500;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1000;

/** A batch until it is in the database. */
export interface Waiting {
  readonly batch: Batch;
  /** What was refused of it, once it is committed; undefined when that is not to be waited for any longer. */
  readonly outcome: Promise<readonly Conflict[] | undefined>;
  readonly settle: (conflicts: readonly Conflict[] | undefined) => void;
}

/** What the shipper is given, and whom it tells. */
export interface ShipperOptions {
  readonly wal: WalName;
  /** Number of the last batch that is known to be in the database. */
  readonly shipped: number;
  readonly heartbeatMs: number;
  /** Until one answer of the database to what is written. */
  readonly answerMs: number;
  /** The same to a question. */
  readonly askMs: number;
  readonly open: () => Promise<Session>;
  readonly withoutPassword: (text: string) => string;
  readonly onState: (state: JournalState) => void;
  readonly onConflict: (conflict: Conflict) => void;
  /** Everything is in the database; while this runs, nothing else is done with it. */
  readonly onShipped: (database: Database, isClosing: boolean) => Promise<void>;
}

type Work = (db: Kysely<unknown>) => Promise<void>;

/** Brings batches into a database, in order, over all its outages; and watches whether it is there. */
export class Shipper {
  private waiting: Waiting[] = [];
  private asked: { readonly work: Work; readonly fail: (error: unknown) => void }[] = [];
  private current: JournalState = { name: "down", reason: "not connected yet", isFinal: false };
  private shipped: number;
  private most = RECORDS;
  private isClosing = false;
  private session: Session | undefined;
  private readonly givingUp = new AbortController();
  private wake: () => void = () => {};
  private running: Promise<void> | undefined;

  constructor(private readonly options: ShipperOptions) {
    this.shipped = options.shipped;
  }

  get state(): JournalState {
    return this.current;
  }

  /** Batches that the database may not have, in order. */
  get unshipped(): readonly Batch[] {
    return this.waiting.map(({ batch }) => batch);
  }

  /** Begins; returns after the first attempt to connect, with its error. */
  async start(): Promise<unknown> {
    return await new Promise((resolve) => {
      this.running = this.run(resolve);
    });
  }

  add(batch: Batch): Waiting {
    let settle: Waiting["settle"] = () => {};
    const outcome = new Promise<readonly Conflict[] | undefined>((resolve) => {
      settle = resolve;
    });
    const waiting = { batch, outcome, settle };
    this.waiting.push(waiting);
    if (this.current.name === "down") settle(undefined);
    this.wake();
    return waiting;
  }

  /**
   * Does some reading in between, after what was written before.
   *
   * @throws {DataError} the database is down
   */
  async ask<Result>(work: (db: Kysely<unknown>) => Promise<Result>): Promise<Result> {
    if (this.current.name === "down") throw isDown(this.current.reason);
    return await new Promise<Result>((resolve, fail) => {
      this.asked.push({ fail, work: async (db) => resolve(await work(db)) });
      this.wake();
    });
  }

  /** Ends after everything is in the database, or after some time. */
  async close(deadlineMs: number): Promise<void> {
    this.isClosing = true;
    this.wake();
    const { signal } = this.givingUp;
    const timer = setTimeout(() => this.givingUp.abort(), deadlineMs);
    // An attempt to connect may hang for longer, and ends by itself.
    const connecting = new Promise<void>((resolve) => {
      signal.addEventListener("abort", () => this.giveUp(resolve));
    });
    await Promise.race([this.running, connecting]);
    clearTimeout(timer);
  }

  private giveUp(hasEnded: () => void): void {
    if (this.session === undefined) hasEnded();
    else void this.session.database.drop();
    this.wake();
  }

  private get isDone(): boolean {
    if (this.givingUp.signal.aborted) return true;
    return this.isClosing && this.waiting.length === 0;
  }

  private async run(onFirst: (error: unknown) => void): Promise<void> {
    let pauseMs = FIRST_PAUSE_MS;
    do {
      try {
        this.session = await this.options.open();
        if (this.givingUp.signal.aborted) break;
        await this.catchUp(this.session);
        pauseMs = FIRST_PAUSE_MS;
        this.setState({ name: "up" });
        onFirst(undefined);
        await this.serve(this.session.database);
      } catch (error) {
        this.fall(error);
        onFirst(error);
      } finally {
        await this.session?.database.drop();
        this.session = undefined;
      }
      if (this.current.name === "down" && this.current.isFinal) return;
      await this.pause(pauseMs);
      pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
    } while (!this.isDone);
    this.current = { name: "down", reason: "closed", isFinal: true };
    for (const { fail } of this.asked.splice(0)) fail(isDown("closed"));
  }

  /** Up means: nothing from before is left either. */
  private async catchUp({ database, position }: Session): Promise<void> {
    if (position < this.shipped) throw isAnother(position, this.shipped);
    const last = lastNumber(this.unshipped) ?? this.shipped;
    if (position > last) throw isOlder(position, last);
    const { db } = database;
    const noted = await notedConflicts(db, this.options.wal, { after: this.shipped });
    const isThere = ({ batch }: Waiting): boolean =>
      batch.number !== undefined && batch.number <= position;
    for (const waiting of this.waiting.filter(isThere)) {
      this.tell(
        [waiting],
        noted.filter(({ number }) => number === waiting.batch.number),
      );
    }
    this.waiting = this.waiting.filter((waiting) => !isThere(waiting));
    this.shipped = position;
    for (let left = this.waiting.length; left > 0; ) left -= await this.ship(database);
  }

  private async serve(database: Database): Promise<void> {
    let gone: Error | undefined;
    void database.lost.then((error) => {
      gone = error;
      this.wake();
    });
    while (!this.isDone) {
      if (gone !== undefined) throw gone;
      if (this.waiting.length > 0) {
        await this.ship(database);
        if (this.waiting.length === 0) await this.options.onShipped(database, this.isClosing);
      } else if (this.asked.length > 0) await this.answer(database);
      else if (await this.isIdle()) await beat(database);
    }
    const isGivenUp = this.givingUp.signal.aborted;
    if (!isGivenUp && this.waiting.length === 0) await this.options.onShipped(database, true);
  }

  private async ship(database: Database): Promise<number> {
    const some = this.firstFew();
    try {
      const batches = some.map(({ batch }) => batch);
      const conflicts = await shipBatches(database.db, batches, this.options.wal);
      this.waiting.splice(0, some.length);
      this.shipped = lastNumber(batches) ?? this.shipped;
      this.most = Math.min(2 * this.most, RECORDS);
      this.tell(some, conflicts);
      return some.length;
    } catch (error) {
      // A slow one is given less at a time, so that it comes to an end with it.
      if (error instanceof LateError) this.most = Math.ceil(this.most / 4);
      throw error;
    }
  }

  private firstFew(): readonly Waiting[] {
    let records = 0;
    const past = this.waiting.findIndex(({ batch }) => {
      records += batch.records.length;
      return records > this.most;
    });
    return this.waiting.slice(0, past === -1 ? this.waiting.length : Math.max(past, 1));
  }

  private tell(some: readonly Waiting[], conflicts: readonly Conflict[]): void {
    for (const conflict of conflicts) this.options.onConflict(conflict);
    for (const { settle } of some) settle(conflicts);
  }

  private async answer(database: Database): Promise<void> {
    const { answerMs, askMs } = this.options;
    const { work, fail } = this.asked[0]!;
    database.setDeadline(askMs);
    try {
      await work(database.db);
    } catch (error) {
      // Where the database is gone, that is known as an outage before whoever asked hears of it.
      if (error instanceof LateError) throw error;
      await beat(database);
      const message = this.options.withoutPassword((error as Error).message);
      fail(error instanceof WorkbenchError ? error : new DataError({ message }));
    }
    this.asked.shift();
    database.setDeadline(answerMs);
  }

  /** Waits for something to do; true when nothing came for as long as a heartbeat takes. */
  private async isIdle(): Promise<boolean> {
    return await new Promise((resolve) => {
      const timer = setTimeout(() => resolve(true), this.options.heartbeatMs);
      this.wake = () => {
        clearTimeout(timer);
        resolve(false);
      };
    });
  }

  private async pause(ms: number): Promise<void> {
    if (!this.isDone) await sleep(ms, undefined, { signal: this.givingUp.signal }).catch(() => {});
  }

  private fall(error: unknown): void {
    const state = downState(error, this.options.withoutPassword);
    this.setState(state);
    for (const { settle } of this.waiting) settle(undefined);
    for (const { fail } of this.asked.splice(0)) fail(isDown(state.reason));
  }

  private setState(state: JournalState): void {
    const was = this.current;
    this.current = state;
    if (was.name !== state.name || (state.name === "down" && state.isFinal)) {
      this.options.onState(state);
    }
  }
}

async function beat(database: Database): Promise<void> {
  if (database.isRemote) await sql`select 1`.execute(database.db);
}

function isOlder(position: number, last: number): DataError {
  return new DataError({
    message: `the journal's database holds ${position} batches of this run's write-ahead file, which has ${last}: it is an older copy`,
    fix: "bring back the run's folder as it was last, or begin a run of another name",
  });
}

function isDown(reason: string): DataError {
  return new DataError({
    message: `the journal's database is down (${reason})`,
    fix: "try again when it is back",
  });
}

function isAnother(position: number, shipped: number): DataError {
  return new DataError({
    message: `the journal's database holds ${position} batches of this run's write-ahead file, expected ${shipped} or more`,
    fix: "name the database that the run was written to, or bring back a later copy of it",
  });
}
