// A thin book around a random walk. Its amounts are drawn apart from the coins, and tell nothing of them.
import type { Random } from "../../core/random.js";
import type { BookChanges } from "../../store/tables.js";
import type { WalkPath } from "./walk-path.js";

/** Levels of a side: features look at twenty. */
const LEVELS = 22;

/** Rows given at once, and the most that one state takes: all levels removed, and as many set. */
const BATCH_ROWS = 16_384;
const STATE_ROWS = 4 * LEVELS + 2;

/** The second move of a bar comes at a random time in this part of it; its trades lie around it. */
const LATE_FROM = 0.6;
const LATE_TO = 0.8;

/**
 * Changes of the book: it moves twice a bar, once between the end of the bar before and the entry of what was decided on it,
 * once later. Where the walk has no price it is silent, and comes back with a snapshot.
 *
 * @param random - of its own; the same one gives the same book
 */
export function* walkBook(path: WalkPath, random: Random): Generator<BookChanges> {
  const { barEndUs, barUs, latencyUs, early, late } = path;
  const rows = new ChangeRows(path.tick, random);
  const earlyUs = Math.floor(Math.min(latencyUs, barUs - 1) / 2);
  let bid = Number.NaN;
  for (let row = 0; row < barEndUs.length; row++) {
    const beginUs = barEndUs[row]! - barUs;
    const share = LATE_FROM + (LATE_TO - LATE_FROM) * random.uniform();
    const moves = [
      [beginUs + earlyUs, early[row]!],
      [beginUs + Math.floor(share * barUs), late[row]!],
    ] as const;
    for (const [timeUs, next] of moves) {
      const isSilent = isWithoutPrice(path, row, timeUs);
      if (!isSilent) rows.moveTo(timeUs, bid, next);
      bid = isSilent ? Number.NaN : next;
      if (rows.count > BATCH_ROWS - STATE_ROWS) yield rows.take();
    }
  }
  yield rows.take();
}

/** Whether the next entry at or after a time has no price. */
function isWithoutPrice(
  { barEndUs, barUs, latencyUs, hasPrice }: WalkPath,
  row: number,
  timeUs: number,
): boolean {
  return hasPrice[row + Math.ceil((timeUs - latencyUs - barEndUs[row]!) / barUs)] === 0;
}

/** Rows of book changes, filled state by state. Best bid and best ask are one tick apart. */
class ChangeRows {
  private readonly tick: number;
  private readonly random: Random;
  private readonly timeUs = new Float64Array(BATCH_ROWS);
  private readonly isSnapshot = new Uint8Array(BATCH_ROWS);
  private readonly side = new Int8Array(BATCH_ROWS);
  private readonly price = new Float64Array(BATCH_ROWS);
  private readonly amount = new Float64Array(BATCH_ROWS);
  count = 0;

  constructor(tick: number, random: Random) {
    this.tick = tick;
    this.random = random;
  }

  /** Adds the changes that bring the best bid from one tick to another; from NaN it is a snapshot. */
  moveTo(timeUs: number, fromBid: number, toBid: number): void {
    for (const side of [1, -1] as const) {
      const best = side === 1 ? toBid : toBid + 1;
      if (Number.isNaN(fromBid)) {
        for (let level = 0; level < LEVELS; level++) {
          this.add(timeUs, 1, side, best - side * level, this.drawn());
        }
        continue;
      }
      // Levels of a side are counted away from the market; those of the old side that are not in the new one go.
      const before = side === 1 ? fromBid : fromBid + 1;
      const better = side * (best - before);
      const changed = Math.min(LEVELS, Math.abs(better));
      for (let i = 0; i < changed; i++) {
        const gone = better > 0 ? LEVELS - 1 - i : i;
        this.add(timeUs, 0, side, before - side * gone, 0);
        const fresh = better > 0 ? i : LEVELS - 1 - i;
        this.add(timeUs, 0, side, best - side * fresh, this.drawn());
      }
      if (better <= 0) this.add(timeUs, 0, side, best, this.drawn());
    }
  }

  /** The rows so far, as columns of their own. */
  take(): BookChanges {
    const { count } = this;
    this.count = 0;
    const localTimestampUs = this.timeUs.slice(0, count);
    return {
      localTimestampUs,
      timestampUs: localTimestampUs,
      isSnapshot: this.isSnapshot.slice(0, count),
      side: this.side.slice(0, count),
      price: this.price.slice(0, count),
      amount: this.amount.slice(0, count),
    };
  }

  private drawn(): number {
    return 0.1 + this.random.exponential();
  }

  private add(timeUs: number, isSnapshot: 0 | 1, side: 1 | -1, at: number, amount: number): void {
    const row = this.count++;
    this.timeUs[row] = timeUs;
    this.isSnapshot[row] = isSnapshot;
    this.side[row] = side;
    this.price[row] = at * this.tick;
    this.amount[row] = amount;
  }
}
