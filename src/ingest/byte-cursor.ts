/** Bytes that end a field and a row. */
export const COMMA = 0x2c;
export const NEWLINE = 0x0a;

const DOT = 0x2e;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;
const QUOTE = 0x22;

/** Powers of ten that a double holds exactly. */
const POWERS: readonly number[] = Array.from({ length: 23 }, (_, i) => Number(`1e${i}`));

/**
 * Reads fields of delimited text from bytes, without strings in between. Each reader begins at `at` and leaves it at the
 * byte after the field; `isWrong` says whether the last field was something else than asked for. The bytes must end in a
 * line end.
 */
export class ByteCursor {
  data: Buffer = Buffer.alloc(0);
  at = 0;
  isWrong = false;

  /** Decimal number, correctly rounded; NaN when empty or wrong. */
  readNumber(): number {
    const { data, at: start } = this;
    const isNegative = data[start] === MINUS;
    const first = isNegative ? start + 1 : start;
    let at = first;
    let mantissa = 0;
    let byte = data[at]!;
    while (byte >= ZERO && byte <= NINE) {
      mantissa = mantissa * 10 + (byte - ZERO);
      byte = data[++at]!;
    }
    let digits = at - first;
    let decimals = 0;
    if (byte === DOT && digits > 0) {
      byte = data[++at]!;
      const point = at;
      while (byte >= ZERO && byte <= NINE) {
        mantissa = mantissa * 10 + (byte - ZERO);
        byte = data[++at]!;
      }
      decimals = at - point;
      digits = decimals === 0 ? 0 : digits + decimals;
    }
    // Both are exact: a whole number of up to 15 digits and a power of ten; one division rounds once.
    if (digits > 0 && digits <= 15 && (byte === COMMA || byte === NEWLINE)) {
      this.at = at;
      this.isWrong = false;
      const value = mantissa / POWERS[decimals]!;
      return isNegative ? -value : value;
    }
    return this.#readLongNumber();
  }

  /** Whole µs of up to 16 digits; NaN when empty or wrong. */
  readTime(): number {
    const { data, at: start } = this;
    let at = start;
    let high = 0;
    let byte = data[at]!;
    // Two parts of nine digits stay small integers, which is faster than one double.
    while (byte >= ZERO && byte <= NINE && at - start < 9) {
      high = high * 10 + (byte - ZERO);
      byte = data[++at]!;
    }
    const middle = at;
    let low = 0;
    while (byte >= ZERO && byte <= NINE && at - middle < 9) {
      low = low * 10 + (byte - ZERO);
      byte = data[++at]!;
    }
    this.at = at;
    this.isWrong = at - start > 16 || (byte !== COMMA && byte !== NEWLINE);
    return this.isWrong || at === start ? Number.NaN : high * POWERS[at - middle]! + low;
  }

  /** 1 buy, −1 sell, 0 unknown. */
  readTradeSide(): number {
    const first = this.data[this.at];
    if (first === 0x62) return this.#expect("buy", 1);
    return first === 0x73 ? this.#expect("sell", -1) : this.#expect("unknown", 0);
  }

  /** 1 bid, −1 ask. */
  readBookSide(): number {
    return this.data[this.at] === 0x62 ? this.#expect("bid", 1) : this.#expect("ask", -1);
  }

  /** 1 true, 0 false. */
  readFlag(): number {
    return this.data[this.at] === 0x74 ? this.#expect("true", 1) : this.#expect("false", 0);
  }

  /** Passes over printable ASCII without quotes, possibly none. */
  skipText(): void {
    const { data } = this;
    let at = this.at;
    let byte = data[at]!;
    let isPlain = true;
    while (byte !== COMMA && byte !== NEWLINE) {
      if (byte < 0x20 || byte > 0x7e || byte === QUOTE) isPlain = false;
      byte = data[++at]!;
    }
    this.at = at;
    this.isWrong = !isPlain;
  }

  #expect(word: string, value: number): number {
    const { data, at } = this;
    let same = 0;
    while (same < word.length && data[at + same] === word.charCodeAt(same)) same++;
    const stop = data[at + same];
    this.isWrong = same < word.length || (stop !== COMMA && stop !== NEWLINE);
    this.at = at + same;
    return value;
  }

  /** Numbers of many digits or with an exponent, by the language's own correctly rounding parser. */
  #readLongNumber(): number {
    const { data, at: start } = this;
    let at = start;
    while (data[at] !== COMMA && data[at] !== NEWLINE) at++;
    this.at = at;
    const text = data.toString("latin1", start, at);
    this.isWrong = text !== "" && !/^-?\d+(\.\d+)?([eE][-+]?\d+)?$/.test(text);
    return this.isWrong || text === "" ? Number.NaN : Number(text);
  }
}
