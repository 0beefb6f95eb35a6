import type { Random } from "../core/random.js";
import { BookSide } from "./book-side.js";

/** Levels over which the imbalance is kept. */
const IMBALANCE_LEVELS = 5;

const FEWEST_LEVELS = 27;
const USUAL_LEVELS = 36;
const MOST_LEVELS = 60;
/** Imbalances beyond this are cut, so that every level keeps something. */
const LARGEST_IMBALANCE = 0.92;
/** Relative deviation of the top levels' total from its mean that makes both sides adjust. */
const TOTAL_BAND = 0.25;

/**
 * A price-time book on a grid of ticks. It holds exactly the asked imbalance over its best five levels in each of its
 * states; which levels give way is drawn from a stream that knows nothing of prices to come.
 */
export class SimulatedBook {
  readonly bids: BookSide;
  readonly asks: BookSide;
  readonly #random: Random;
  readonly #levelLots: number;
  /** Depth of the market beside its mean. */
  depthRatio = 1;

  /**
   * A full book around a mid.
   *
   * @param options.random - stream for level sizes
   * @param options.levelLots - mean lots of a level
   * @param options.halfTicks - the mid, in half ticks
   * @param options.spread - in ticks, of the mid's parity
   */
  constructor({ random, levelLots, halfTicks, spread }: SimulatedBookOptions) {
    this.#random = random;
    this.#levelLots = levelLots;
    this.bids = new BookSide(1, (halfTicks - spread) / 2);
    this.asks = new BookSide(-1, (halfTicks + spread) / 2);
    this.moveTo(halfTicks, spread);
  }

  /** Twice the mid in ticks. */
  get halfTicks(): number {
    return this.bids.best + this.asks.best;
  }

  /** Best ask − best bid, ticks. */
  get spread(): number {
    return this.asks.best - this.bids.best;
  }

  /** Starts a new batch: changes are noted from here on. */
  beginChanges(): void {
    this.bids.beginChanges();
    this.asks.beginChanges();
  }

  /** Moves mid and spread; levels in between come or go. */
  moveTo(halfTicks: number, spread: number): void {
    const bounds = {
      draw: (rank: number) => this.#drawLevel(rank),
      fewest: FEWEST_LEVELS,
      usual: USUAL_LEVELS,
      most: MOST_LEVELS,
    };
    this.bids.moveTo((halfTicks - spread) / 2, bounds);
    this.asks.moveTo((halfTicks + spread) / 2, bounds);
  }

  /** Redraws one level behind the best five, as orders come and go there. */
  changeDeepLevel(): void {
    const side = this.#random.uniform() < 0.5 ? this.bids : this.asks;
    const rank = IMBALANCE_LEVELS + this.#random.below(FEWEST_LEVELS - IMBALANCE_LEVELS - 2);
    side.setRank(rank, this.#drawLevel(rank));
  }

  /**
   * An order takes lots off the touch: the queue shrinks. What it wants beyond most of the displayed queue it finds
   * hidden (iceberg orders), because trades alone never move this market's price.
   */
  takeFromTouch(aggressor: 1 | -1, lots: number): void {
    const side = aggressor === 1 ? this.asks : this.bids;
    const queue = side.lotsOfRank(0);
    const rest = Math.max(queue - lots, Math.ceil(0.1 * queue));
    side.setRank(0, Math.max(1, Math.min(rest, queue - 1)));
  }

  /**
   * Brings the imbalance (bid − ask)/(bid + ask) of the best five levels to a value, by the side whose change brings the
   * total nearer to its mean; by both when the total is far from it.
   *
   * @param imbalance - in (−1, 1)
   * @param options.keepsTouch - leave the best levels as they are, after a trade
   */
  rebalance(imbalance: number, { keepsTouch }: { readonly keepsTouch: boolean }): void {
    const wanted = Math.max(-LARGEST_IMBALANCE, Math.min(LARGEST_IMBALANCE, imbalance));
    const bid = this.bids.topLots(IMBALANCE_LEVELS);
    const ask = this.asks.topLots(IMBALANCE_LEVELS);
    const mean = 2 * IMBALANCE_LEVELS * this.#levelLots * this.depthRatio;
    const odds = (1 + wanted) / (1 - wanted);
    const byBid = Math.log((ask * (1 + odds)) / mean);
    const byAsk = Math.log((bid * (1 + 1 / odds)) / mean);
    if (Math.min(Math.abs(byBid), Math.abs(byAsk)) > TOTAL_BAND) {
      this.#addToTop(this.bids, Math.round((mean * (1 + wanted)) / 2) - bid, keepsTouch);
      this.#addToTop(this.asks, Math.round((mean * (1 - wanted)) / 2) - ask, keepsTouch);
    } else if (Math.abs(byBid) < Math.abs(byAsk)) {
      this.#addToTop(this.bids, Math.round(ask * odds) - bid, keepsTouch);
    } else {
      this.#addToTop(this.asks, Math.round(bid / odds) - ask, keepsTouch);
    }
  }

  /** Spreads a change over the best levels, few of them: gently first, and to the bounds where that is not enough. */
  #addToTop(side: BookSide, lots: number, keepsTouch: boolean): void {
    const first = keepsTouch ? 1 : 0;
    const least = Math.ceil(0.01 * this.#levelLots);
    const usualMost = (1 + 1.5 * this.#random.uniform()) * this.#levelLots * this.depthRatio;
    let left = lots;
    let rank = this.#random.uniform() < 0.45 ? 0 : this.#random.below(IMBALANCE_LEVELS);
    rank = Math.max(first, rank);
    for (let tries = 2 * (IMBALANCE_LEVELS - first); tries > 0 && left !== 0; tries--) {
      const isGentle = tries > IMBALANCE_LEVELS - first;
      const before = side.lotsOfRank(rank);
      const lower = Math.min(before, isGentle ? Math.ceil(0.4 * before) + least : least);
      const upper = isGentle ? Math.max(before, usualMost) : Number.POSITIVE_INFINITY;
      const after = Math.round(Math.max(lower, Math.min(upper, before + left)));
      if (after !== before) side.setRank(rank, after);
      left -= after - before;
      rank = rank + 1 < IMBALANCE_LEVELS ? rank + 1 : first;
    }
  }

  /** New levels near the touch are thinner than those behind them. */
  #drawLevel(rank: number): number {
    const shape = 0.7 + 0.5 * Math.min(1, rank / 5);
    const noise = Math.exp(0.45 * this.#random.normal() - 0.1);
    return Math.ceil(this.#levelLots * this.depthRatio * shape * noise);
  }
}

interface SimulatedBookOptions {
  readonly random: Random;
  readonly levelLots: number;
  readonly halfTicks: number;
  readonly spread: number;
}
