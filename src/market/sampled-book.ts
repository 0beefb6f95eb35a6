import type { SampledBooks, SampledSide } from "./sample-books.js";

/** One of many sampled books, to be read as a live one is; `at` goes to another. */
export class SampledBook {
  private readonly bids: SideAt;
  private readonly asks: SideAt;

  constructor({ bids, asks }: SampledBooks) {
    this.bids = new SideAt(bids);
    this.asks = new SideAt(asks);
  }

  /** Goes to the i-th book; to one without levels where i is below 0. */
  at(i: number): this {
    this.bids.at(i);
    this.asks.at(i);
    return this;
  }

  get bidLevels(): number {
    return this.bids.levels;
  }

  get askLevels(): number {
    return this.asks.levels;
  }

  bidPrice(level = 0): number {
    return this.bids.price(level);
  }

  bidAmount(level = 0): number {
    return this.bids.amount(level);
  }

  askPrice(level = 0): number {
    return this.asks.price(level);
  }

  askAmount(level = 0): number {
    return this.asks.amount(level);
  }

  /** Mean of the best prices; NaN where the book has no levels. */
  mid(): number {
    return (this.bids.price(0) + this.asks.price(0)) / 2;
  }
}

class SideAt {
  levels = 0;
  private start = 0;
  private readonly side: SampledSide;

  constructor(side: SampledSide) {
    this.side = side;
  }

  at(i: number): void {
    this.start = i < 0 ? 0 : this.side.starts[i]!;
    this.levels = i < 0 ? 0 : this.side.starts[i + 1]! - this.start;
  }

  price(level: number): number {
    return level < this.levels ? this.side.price[this.start + level]! : Number.NaN;
  }

  amount(level: number): number {
    return level < this.levels ? this.side.amount[this.start + level]! : Number.NaN;
  }
}
