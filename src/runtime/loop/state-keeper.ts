// Keeps on the disk what a run goes on from, and tells the journal what nobody will ask it for any more.
import type { JournalMark } from "../journal/journal.js";
import { plainRecord } from "../journal/record-text.js";
import type { JournalRecord } from "../records.js";
import {
  type DeskState,
  type HeldState,
  heldFile,
  heldState,
  type SessionState,
  stateFile,
  writeState,
} from "./session-state.js";

/** A state is written at most so often, ms of the machine's clock: bars of a fast replay follow each other at once. */
const STATE_EVERY_MS = 1000;

/** What is kept, and for whom. */
export interface StateKeeping {
  /** Root of the store. */
  readonly root: string;
  readonly run: string;
  /** Hash of what the run was begun with. */
  readonly settings: string;
  /** Of a feed that cannot, what is held is kept after each bar and order, too: it is not found again. */
  readonly canRewind: boolean;
  readonly journal: {
    readonly mark: JournalMark;
    readonly checkpoint: (barEndUs: number) => void;
  };
  /** Called where the disk does not take a state; the last one stays. */
  readonly onUnwritten: (reason: string) => void;
}

/** Writes a run's states. */
export class StateKeeper {
  private readonly keeping: StateKeeping;
  private writtenMs = Number.NEGATIVE_INFINITY;
  private barEndUs = Number.NEGATIVE_INFINITY;
  private save: (() => SessionState) | undefined;
  /** What was held as it was written last. */
  private heldText = "";

  constructor(keeping: StateKeeping) {
    this.keeping = keeping;
  }

  /** Orders were sent or filled, and written down. */
  async orders(held: () => DeskState): Promise<void> {
    if (!this.keeping.canRewind) await this.writeHeld(held);
  }

  /** Records are about to be written that tell of what is held: neither is to outlive the other. */
  async news(held: () => DeskState, outbox: readonly JournalRecord[]): Promise<void> {
    if (!this.keeping.canRewind) await this.writeHeld(held, outbox);
  }

  /**
   * A bar is done.
   *
   * @returns true where the whole state was written: now and then
   */
  async bar(barEndUs: number, save: () => SessionState, held: () => DeskState): Promise<boolean> {
    this.barEndUs = barEndUs;
    this.save = save;
    if (!this.keeping.canRewind) await this.writeHeld(held);
    const nowMs = performance.now();
    if (nowMs - this.writtenMs < STATE_EVERY_MS) return false;
    this.writtenMs = nowMs;
    await this.writeSaved();
    return true;
  }

  /** The run has stopped: its last bar's state, where it has come to one. */
  async end(): Promise<void> {
    if (this.save !== undefined) await this.writeSaved();
  }

  private async writeSaved(): Promise<void> {
    const { root, run, canRewind, journal } = this.keeping;
    const isWritten = await this.keep(stateFile(root, run), this.save!());
    if (isWritten && canRewind) journal.checkpoint(this.barEndUs);
  }

  private async writeHeld(
    held: () => DeskState,
    records: readonly JournalRecord[] = [],
  ): Promise<void> {
    const { root, run, settings, journal } = this.keeping;
    const outbox = records.map(plainRecord);
    const state = heldState({ settings, mark: journal.mark, outbox, desk: held() });
    const text = JSON.stringify(state);
    // At a bar's end often the same as after its orders.
    if (text === this.heldText || !(await this.keep(heldFile(root, run), state))) return;
    this.heldText = text;
    journal.checkpoint(this.barEndUs);
  }

  private async keep(file: string, state: SessionState | HeldState): Promise<boolean> {
    const reason = await writeState(file, state);
    if (reason !== "") this.keeping.onUnwritten(reason);
    return reason === "";
  }
}
