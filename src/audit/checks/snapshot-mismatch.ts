// Does the book rebuilt from its changes show the levels of the vendor's snapshots?
import { SECOND_US } from "../../core/time.js";
import { type Agreement, bestAgreement } from "../../market/agreement.js";
import { SlidingRows } from "../../market/sliding-rows.js";
import type { BookSnapshots } from "../../store/tables.js";
import { snapshotSums } from "../measuring/level-sums.js";
import { Mismatch } from "../measuring/mismatch.js";
import { StandingApart } from "../measuring/standing-apart.js";
import type { AuditSettings } from "../settings.js";

/**
 * Compares every snapshot, all of its levels, with the states that the rebuilt book had within a window around it and with
 * the one in force when the window begins.
 */
export class SnapshotMismatch {
  readonly mismatch: Mismatch;
  private readonly windowUs: number;
  private readonly compare = (row: number): Agreement => this.compareWith(row);
  private readonly depth: number;
  private batch: BookSnapshots | undefined;
  private sums: ReturnType<typeof snapshotSums> | undefined;
  private readonly apart: StandingApart;
  private readonly states = new SlidingRows();
  private readonly snapshots = new SlidingRows();
  /** The last snapshot, where it differs and stands, µs; and what the book's levels are meanwhile. */
  private standingUs = Number.NaN;
  private standingSum = Number.NaN;

  /** @param depth - levels of each side in a snapshot */
  constructor(depth: 5 | 25, settings: AuditSettings["snapshotMismatch"]) {
    this.mismatch = new Mismatch(
      {
        check: "snapshot-mismatch",
        type: "incremental_book_L2",
        otherType: `book_snapshot_${depth}`,
        other: depth === 25 ? "snapshots" : "five-level snapshots",
      },
      settings,
    );
    this.windowUs = settings.windowSeconds * SECOND_US;
    this.apart = new StandingApart(settings.runSeconds * SECOND_US, (...stretch) =>
      this.mismatch.standApart(...stretch),
    );
    this.depth = depth;
  }

  /**
   * Takes a state of the book, in arrival order with the snapshots.
   *
   * @param prices - sum of its levels' prices, and of all, as `BookSums` gives them for this depth
   */
  addState(localUs: number, prices: number, all: number): void {
    this.settle(localUs);
    if (all !== this.standingSum) this.endStand(localUs);
    this.apart.addState(localUs, prices, all);
    this.states.push(localUs, prices, all, 0, 0);
  }

  /** Takes a row of the snapshots. */
  addSnapshot(localUs: number, rows: BookSnapshots, row: number): void {
    if (rows !== this.batch) {
      this.batch = rows;
      this.sums = snapshotSums(rows, this.depth);
    }
    this.settle(localUs);
    this.endStand(localUs);
    const [prices, all] = [this.sums!.prices[row]!, this.sums!.all[row]!];
    this.apart.addOther(localUs, prices, all);
    this.snapshots.push(localUs, prices, all, 0, 0);
  }

  /** Compares what is left. */
  finish(): void {
    this.settle(Number.POSITIVE_INFINITY);
  }

  private settle(nowUs: number): void {
    const { snapshots, states, windowUs } = this;
    while (snapshots.first < snapshots.end) {
      const localUs = snapshots.timeUs(snapshots.first);
      if (localUs + windowUs >= nowUs) return;
      states.dropBefore(localUs - windowUs);
      const window = { windowUs, withStanding: true, compare: this.compare };
      const agreement = bestAgreement(states, localUs, window);
      this.mismatch.add(localUs, agreement);
      snapshots.first++;
      if (agreement !== "all" && agreement !== "none") this.beginStand(localUs);
    }
    if (nowUs < Number.POSITIVE_INFINITY) states.dropBefore(nowUs - windowUs);
  }

  /** A snapshot that differs stands until the next one, or until the book's levels change. */
  private beginStand(localUs: number): void {
    const { snapshots, states } = this;
    this.standingUs = localUs;
    this.standingSum = states.value(states.end - 1, 2);
    if (snapshots.first < snapshots.end) this.endStand(snapshots.timeUs(snapshots.first));
  }

  private endStand(nowUs: number): void {
    if (Number.isNaN(this.standingUs)) return;
    this.mismatch.stand(nowUs - this.standingUs);
    this.standingUs = Number.NaN;
  }

  /** How the first snapshot agrees with a state. */
  private compareWith(row: number): Agreement {
    const { snapshots, states } = this;
    if (states.value(row, 2) === snapshots.value(snapshots.first, 2)) return "all";
    return states.value(row, 1) === snapshots.value(snapshots.first, 1) ? "prices" : "unequal";
  }
}
