import type { Stateful } from "./feature.js";

/**
 * Orders of the open bar: an order is a run of trades next to each other in arrival order with the same exchange time and
 * side, since one order that meets several others is told as several trades. A differing trade ends it, or the bar's end.
 */
export class BarOrders implements Stateful {
  count = 0;
  /** 1 buy, −1 sell, 0 unknown. */
  side: Int8Array = new Int8Array(256);
  /** Sum of the amounts of its trades. */
  amount: Float64Array = new Float64Array(256);
  private exchangeUs = Number.NaN;

  /** Adds a trade to the last order, or begins another. */
  onTrade(exchangeUs: number, side: number, amount: number): void {
    const last = this.count - 1;
    if (exchangeUs === this.exchangeUs && last >= 0 && side === this.side[last]) {
      this.amount[last]! += amount;
      return;
    }
    if (this.count === this.side.length) this.grow();
    this.exchangeUs = exchangeUs;
    this.side[this.count] = side;
    this.amount[this.count++] = amount;
  }

  /** Begins a new bar. */
  beginBar(): void {
    this.count = 0;
    this.exchangeUs = Number.NaN;
  }

  save(): readonly number[] {
    const { count } = this;
    return [this.exchangeUs, ...this.side.subarray(0, count), ...this.amount.subarray(0, count)];
  }

  restore(state: ArrayLike<number>): void {
    const count = (state.length - 1) / 2;
    this.beginBar();
    while (this.side.length < count) this.grow();
    for (let i = 0; i < count; i++) {
      this.side[i] = state[1 + i]!;
      this.amount[i] = state[1 + count + i]!;
    }
    this.count = count;
    this.exchangeUs = state[0]!;
  }

  private grow(): void {
    const { side, amount } = this;
    this.side = new Int8Array(2 * side.length);
    this.amount = new Float64Array(2 * amount.length);
    this.side.set(side);
    this.amount.set(amount);
  }
}
