import type { SideView } from "./book-view.js";

/** Levels lie within this many ticks of each other, so that a tick's place in the ring is unambiguous. */
const RING = 1024;

/** One side of the simulated book: a ladder over ticks in which every tick from the best to the deepest holds lots. */
export class BookSide implements SideView {
  /** 1 for bids, −1 for asks: the direction in which a price is better. */
  readonly better: 1 | -1;
  best: number;
  deepest: number;
  /** Ticks changed since the last `beginChanges`, in order, each once; the lots are those of the moment. */
  readonly changed: number[] = [];
  readonly #lots = new Int32Array(RING);
  readonly #changedIn = new Uint32Array(RING);
  #batch = 1;

  /** An empty side; the first `moveTo` fills it. */
  constructor(better: 1 | -1, best: number) {
    this.better = better;
    this.best = best;
    this.deepest = best + better;
  }

  /** Number of levels. */
  get depth(): number {
    return this.better * (this.best - this.deepest) + 1;
  }

  /** Lots at a tick that lies between the best and the deepest or was changed in this batch. */
  lotsAt(tick: number): number {
    return this.#lots[tick & (RING - 1)]!;
  }

  /** Price of the level of a rank, the best being 0. */
  tickOfRank(rank: number): number {
    return this.best - this.better * rank;
  }

  /** Lots at the level of a rank, the best being 0. */
  lotsOfRank(rank: number): number {
    return this.lotsAt(this.tickOfRank(rank));
  }

  /** Lots of the best levels together. */
  topLots(levels: number): number {
    let sum = 0;
    for (let rank = 0; rank < levels; rank++) sum += this.lotsOfRank(rank);
    return sum;
  }

  /** Sets the lots of the level of a rank. */
  setRank(rank: number, lots: number): void {
    this.set(this.tickOfRank(rank), lots);
  }

  /** Sets the lots at a tick and notes the change; 0 deletes the level. */
  set(tick: number, lots: number): void {
    const place = tick & (RING - 1);
    if (this.#changedIn[place] !== this.#batch) {
      this.#changedIn[place] = this.#batch;
      this.changed.push(tick);
    }
    this.#lots[place] = lots;
  }

  /**
   * Moves the best price: levels beyond it are deleted, new ones filled in, and the deep end is kept within bounds.
   *
   * @param options.draw - lots of a new level by its distance from the best
   */
  moveTo(best: number, { draw, fewest, usual, most }: BookSideBounds): void {
    const { better } = this;
    for (let tick = this.best; better * (tick - best) > 0 && this.depth > 0; tick -= better) {
      this.set(tick, 0);
      this.best = tick - better;
    }
    if (this.depth <= 0) {
      this.best = best - better;
      this.deepest = best;
    }
    while (this.best !== best) {
      this.best += better;
      this.set(this.best, draw(better * (best - this.best)));
    }
    if (this.depth < fewest) {
      while (this.depth < usual) {
        this.deepest -= better;
        this.set(this.deepest, draw(this.depth - 1));
      }
    }
    if (this.depth > most) {
      while (this.depth > usual) {
        this.set(this.deepest, 0);
        this.deepest += better;
      }
    }
  }

  /** Forgets the changes noted so far. */
  beginChanges(): void {
    this.changed.length = 0;
    this.#batch++;
  }
}

interface BookSideBounds {
  readonly draw: (rank: number) => number;
  readonly fewest: number;
  readonly usual: number;
  readonly most: number;
}
