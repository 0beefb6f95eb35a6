import type { BookView, SideView } from "../book-view.js";

/** Levels of one side from the best to the deepest: lots by tick. */
export type Levels = ReadonlyMap<number, number>;

/** Levels of both sides. */
export interface BookLevels {
  readonly bids: Levels;
  readonly asks: Levels;
}

/** Copies a book's levels. */
export function levelsOf({ bids, asks }: BookView): BookLevels {
  return { bids: sideLevels(bids), asks: sideLevels(asks) };
}

/** A copy of a book that stays as it is now, with the changes of its last batch. */
export function copyOf({ bids, asks }: BookView): BookView {
  const copy = (side: SideView): SideView => {
    const shown = new ShownSide(side.better, sideLevels(side));
    shown.changed.push(...side.changed);
    return shown;
  };
  return { bids: copy(bids), asks: copy(asks) };
}

function sideLevels(side: SideView): Levels {
  const levels = new Map<number, number>();
  for (let rank = 0; rank < side.depth; rank++)
    levels.set(side.tickOfRank(rank), side.lotsOfRank(rank));
  return levels;
}

/** One side of a book as a file shows it, which need not be what it is. */
export class ShownSide implements SideView {
  readonly better: 1 | -1;
  readonly changed: number[] = [];
  #levels: Levels;
  #ticks: readonly number[];

  constructor(better: 1 | -1, levels: Levels) {
    this.better = better;
    this.#levels = levels;
    this.#ticks = [...levels.keys()];
  }

  get best(): number {
    return this.#ticks[0] ?? Number.NaN;
  }

  get depth(): number {
    return this.#ticks.length;
  }

  lotsAt(tick: number): number {
    return this.#levels.get(tick) ?? 0;
  }

  tickOfRank(rank: number): number {
    return this.#ticks[rank]!;
  }

  lotsOfRank(rank: number): number {
    return this.lotsAt(this.tickOfRank(rank));
  }

  /** Shows other levels from now on; what differs are its changes. */
  become(levels: Levels): void {
    const all = new Set([...this.#levels.keys(), ...levels.keys()]);
    const changed = [...all].filter((tick) => this.lotsAt(tick) !== (levels.get(tick) ?? 0));
    this.changed.length = 0;
    this.changed.push(...changed.sort((a, b) => this.better * (b - a)));
    this.#levels = levels;
    this.#ticks = [...levels.keys()];
  }
}
