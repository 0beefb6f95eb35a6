// How often did the book have to begin anew, and how long was it unknown?
import { counted } from "../../core/counted.js";
import { secondsText } from "../../core/seconds-text.js";
import { SECOND_US } from "../../core/time.js";
import type { BookChanges } from "../../store/tables.js";
import { type CheckResult, CLEAN, type Span } from "../finding.js";
import type { MessageBatch } from "../measuring/messages.js";
import { Stretches } from "../measuring/stretches.js";
import type { AuditSettings } from "../settings.js";

/** A first snapshot this late means that the day begins without one; snapshots this far apart are two. */
const LATE_SNAPSHOT_US = SECOND_US;

/**
 * Snapshots after the day's first one: the connection was lost and nobody knows what happened since the message before. Rows
 * before the first snapshot are changes of a book that nobody knows; without any snapshot, it is fatal. A venue that sends
 * mostly snapshots has no reconnects.
 */
export class Reconnects {
  private readonly settings: AuditSettings["reconnect"];
  private readonly unknown = new Stretches();
  private beganUs = Number.NaN;
  /** Times of the message before the last, and of the last. */
  private beforeUs = Number.NaN;
  private lastUs = Number.NaN;
  private wasSnapshot = 0;
  /** Whether the book began in the last message: one that mixes snapshot rows and changes begins it once. */
  private hasBegun = false;
  private snapshotMessages = 0;
  private messages = 0;
  private snapshots = 0;
  private hasChanges = false;
  private lateUs = 0;

  constructor(settings: AuditSettings["reconnect"]) {
    this.settings = settings;
  }

  /** Takes further messages. */
  update({ rows, starts, count, localUs: locals, continues }: MessageBatch<BookChanges>): void {
    const { isSnapshot } = rows;
    // Where the flag is another than in the row before; nearly never.
    let change = isSnapshot.indexOf(1 - this.wasSnapshot);
    for (let m = 0; m < count; m++) {
      const from = starts[m]!;
      const localUs = locals[m]!;
      if (!(m === 0 && continues)) {
        if (this.messages === 0) this.beganUs = localUs;
        this.beforeUs = this.messages === 0 ? localUs : this.lastUs;
        this.lastUs = localUs;
        this.hasBegun = false;
        // A venue's snapshots may follow each other; one that comes much later is another.
        const isAnother = this.wasSnapshot === 1 && isSnapshot[from] === 1;
        if (isAnother && localUs - this.beforeUs > LATE_SNAPSHOT_US) this.begin(localUs);
        this.messages++;
        this.snapshotMessages += isSnapshot[from]!;
        if (isSnapshot[from] === 0) this.hasChanges = true;
      }
      while (change !== -1 && change < starts[m + 1]!) {
        this.wasSnapshot = 1 - this.wasSnapshot;
        if (this.wasSnapshot === 1) this.begin(localUs);
        else this.hasChanges = true;
        change = isSnapshot.indexOf(1 - this.wasSnapshot, change);
      }
    }
  }

  /** @param covered - µs of each hour between the first and the last event, by start of the hour */
  finish(covered: ReadonlyMap<number, number>): CheckResult {
    if (this.messages === 0) return CLEAN;
    if (this.snapshots === 0) return this.neverKnown(covered);
    if (!this.hasChanges) return this.onlySnapshots(covered);
    const { snapshotFeedShare, badAbove } = this.settings;
    if (this.snapshotMessages > snapshotFeedShare * this.messages) return CLEAN;
    if (this.unknown.count === 0) return CLEAN;
    const seconds = this.unknown.totalUs / 1e6;
    const late = this.lateUs === 0 ? "" : `; the first came ${secondsText(this.lateUs / 1e6)} late`;
    const finding = {
      check: "reconnect",
      type: "incremental_book_L2",
      count: this.unknown.count,
      firstUs: this.unknown.firstUs,
      isFatal: false,
      value: seconds,
      unit: "s",
      detail: `${counted(this.snapshots - 1, "snapshot")} after the first${late}; the book was unknown for ${secondsText(seconds)}`,
      spans: this.unknown.spans(),
    } as const;
    const limits = { usableAbove: 0, badAbove };
    const reason = (s: number): string => `the book began anew, unknown for ${secondsText(s)}`;
    return { findings: [finding], marks: this.unknown.marks(covered, limits, reason) };
  }

  private begin(localUs: number): void {
    if (this.hasBegun) return;
    this.hasBegun = true;
    this.snapshots++;
    if (this.snapshots > 1) this.unknown.add(this.beforeUs, localUs);
    else if (localUs - this.beganUs > LATE_SNAPSHOT_US) {
      this.lateUs = localUs - this.beganUs;
      this.unknown.add(this.beganUs, localUs);
    }
  }

  /** From the first message to the last; nothing where the arrival times stepped back below the first. */
  private wholeSpan(): Span {
    return [this.beganUs, Math.max(this.beganUs, this.lastUs)];
  }

  private onlySnapshots(covered: ReadonlyMap<number, number>): CheckResult {
    if (this.messages === 1) return CLEAN;
    const detail = `all ${counted(this.messages, "message")} are snapshots: the book is known when they come, and there is no order flow`;
    const finding = {
      check: "reconnect",
      type: "incremental_book_L2",
      count: this.messages,
      firstUs: this.beganUs,
      isFatal: false,
      value: 0,
      unit: "s",
      detail,
      spans: [this.wholeSpan()],
    } as const;
    const reason = "snapshots only, no order flow";
    const marks = [...covered.keys()].map(
      (hourUs) => ({ hourUs, verdict: "usable", reason }) as const,
    );
    return { findings: [finding], marks };
  }

  private neverKnown(covered: ReadonlyMap<number, number>): CheckResult {
    const [fromUs, toUs] = this.wholeSpan();
    const detail = "the day has no snapshot of the book, so its changes build on nothing";
    const finding = {
      check: "reconnect",
      type: "incremental_book_L2",
      count: 1,
      firstUs: this.beganUs,
      isFatal: true,
      value: (toUs - fromUs) / 1e6,
      unit: "s",
      detail,
      spans: [[fromUs, toUs]],
    } as const;
    const marks = [...covered.keys()].map(
      (hourUs) => ({ hourUs, verdict: "bad", reason: "the book is not known" }) as const,
    );
    return { findings: [finding], marks };
  }
}
