/** A level as exchanges write it. */
export type TextLevel = readonly [price: string, amount: string];

/** A book of prices and amounts as the exchange wrote them, so that a whole book has the same digits as its changes. */
export class TextBook {
  private readonly bids = new Map<string, string>();
  private readonly asks = new Map<string, string>();

  /** Sets a level, or deletes it where the amount is 0. */
  set(isBid: boolean, price: string, amount: string): void {
    const side = isBid ? this.bids : this.asks;
    if (Number(amount) === 0) side.delete(price);
    else side.set(price, amount);
  }

  /** Forgets all levels. */
  clear(): void {
    this.bids.clear();
    this.asks.clear();
  }

  /** Levels of a side, best first. */
  levels(isBid: boolean): readonly TextLevel[] {
    const side = [...(isBid ? this.bids : this.asks)];
    const sign = isBid ? -1 : 1;
    return side.sort(([a], [b]) => sign * (Number(a) - Number(b)));
  }
}
