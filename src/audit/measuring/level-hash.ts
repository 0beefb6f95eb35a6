/** Hashes of a book's levels, of their prices alone and of prices and amounts, in 53 bits each. */
export class LevelHash {
  private readonly number = new Float64Array(1);
  private readonly words = new Uint32Array(this.number.buffer);
  private priceLow = 0;
  private priceHigh = 0;
  private amountLow = 0;
  private amountHigh = 0;

  /** Hash of the prices. */
  get prices(): number {
    return (this.priceHigh & 0x1f_ffff) * 0x1_0000_0000 + (this.priceLow >>> 0);
  }

  /** Hash of prices and amounts. */
  get all(): number {
    const high = (this.priceHigh ^ this.amountHigh) & 0x1f_ffff;
    return high * 0x1_0000_0000 + ((this.priceLow ^ this.amountLow) >>> 0);
  }

  /** Begins a book. */
  begin(): void {
    this.priceLow = 1;
    this.priceHigh = 2;
    this.amountLow = 3;
    this.amountHigh = 4;
  }

  /** Goes on with the other side. */
  turn(): void {
    this.priceLow = Math.imul(this.priceLow, 31) ^ 0x5bd1e995;
    this.priceHigh = Math.imul(this.priceHigh, 37) ^ 0x1b873593;
  }

  /** Adds a level. */
  add(price: number, amount: number): void {
    const { number, words } = this;
    number[0] = price;
    this.priceLow = mix(this.priceLow, words[0]!, words[1]!, 0x9e3779b1);
    this.priceHigh = mix(this.priceHigh, words[0]!, words[1]!, 0x85ebca77);
    number[0] = amount;
    this.amountLow = mix(this.amountLow, words[0]!, words[1]!, 0xc2b2ae3d);
    this.amountHigh = mix(this.amountHigh, words[0]!, words[1]!, 0x27d4eb2f);
  }
}

function mix(hash: number, low: number, high: number, factor: number): number {
  const mixed = Math.imul(hash ^ low ^ Math.imul(high, factor), 0x01000193);
  return mixed ^ (mixed >>> 15);
}
