const ZERO = 0x30;
const DOT = 0x2e - ZERO;

/** Powers of ten, all exact. */
const POWERS = Float64Array.from({ length: 10 }, (_, i) => Number(`1e${i}`));

/** Reads decimal numbers as the vendor writes nearly all of them. */
export class UsualNumber {
  /** The byte after the last number's stop. */
  end = 0;

  /**
   * A number without a sign, of up to nine digits on each side of its point and fifteen in all.
   *
   * @param data - bytes; what is read ends before their end
   * @param start - its first byte
   * @param stop - the byte that has to follow it
   * @returns the number, correctly rounded; NaN when it has another form
   */
  read(data: Uint8Array, start: number, stop: number): number {
    let at = start;
    let whole = 0;
    let digit = data[at]! - ZERO;
    while (digit >= 0 && digit <= 9) {
      whole = (Math.imul(whole, 10) + digit) | 0;
      digit = data[++at]! - ZERO;
    }
    const digits = at - start;
    let part = 0;
    let decimals = 0;
    if (digit === DOT) {
      const point = ++at;
      digit = data[at]! - ZERO;
      while (digit >= 0 && digit <= 9) {
        part = (Math.imul(part, 10) + digit) | 0;
        digit = data[++at]! - ZERO;
      }
      decimals = at - point;
      if (decimals === 0 || decimals > 9) return Number.NaN;
    }
    const isUsual = digits > 0 && digits <= 9 && digits + decimals <= 15;
    if (!isUsual || digit !== stop - ZERO) return Number.NaN;
    this.end = at + 1;
    // Both are exact; one division rounds once.
    return (whole * POWERS[decimals]! + part) / POWERS[decimals]!;
  }
}
