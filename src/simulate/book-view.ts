/** One side of a book as it can be written to the files. */
export interface SideView {
  /** 1 for bids, −1 for asks: the direction in which a price is better. */
  readonly better: 1 | -1;
  /** Best price, in ticks. */
  readonly best: number;
  /** Number of levels. */
  readonly depth: number;
  /** Ticks changed by the last batch, in order, each once. */
  readonly changed: readonly number[];
  /** Lots at a level or at a tick that the last batch changed; 0 where it deleted the level. */
  readonly lotsAt: (tick: number) => number;
  /** Price and lots of a level by its rank, the best being 0. */
  readonly tickOfRank: (rank: number) => number;
  readonly lotsOfRank: (rank: number) => number;
}

/** Both sides of a book as they can be written to the files. */
export interface BookView {
  readonly bids: SideView;
  readonly asks: SideView;
}
