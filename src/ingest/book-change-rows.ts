// Reads the changes that a book's message brings, row after row: the bulk of all that is ever read.
import type { FieldRule } from "../store/schema.js";
import type { Batch } from "./batch.js";
import { COMMA, NEWLINE } from "./byte-cursor.js";
import { UsualNumber } from "./usual-number.js";
import { ASK_, BID_, E_COMMA, FALS, TRUE } from "./words.js";

/** Rules of the fields, in order, that rows must have to be read here. */
const RULES: readonly FieldRule[] = ["time", "time", "flag", "bookSide", "positive", "nonNegative"];

/** Most bytes of such a row after its times: `false,bid,` and two numbers of at most 19 characters. */
const REST_BYTES = 64;

/** Longest `exchange,symbol,timestamp,local_timestamp,`, in eights of bytes. */
const WORDS = 32;

/** Whether rows with these rules can be read here. */
export function areBookChanges(rules: readonly FieldRule[]): boolean {
  return String(rules) === String(RULES);
}

/**
 * Reads rows that begin as the row before does, to the end of its times, and whose other fields have their usual form. It
 * takes a row only when the careful reader would, with the same values.
 */
export class BookChangeRows {
  readonly #number: UsualNumber = new UsualNumber();
  /** What rows begin with: eight bytes each, the last ones up to its end. */
  readonly #words: Float64Array = new Float64Array(WORDS);
  #count = 0;
  #length = 0;
  #timestampUs = 0;
  #localUs = 0;
  /** The byte after the last row that was taken. */
  end = 0;

  /**
   * Learns what the next rows may begin with.
   *
   * @param view - the bytes
   * @param start - where a row begins that was taken
   * @param length - its bytes up to the end of its times
   */
  learn(
    view: DataView,
    { start, length }: { readonly start: number; readonly length: number },
    timestampUs: number,
    localUs: number,
  ): void {
    this.#count = 0;
    if (length < 8 || length > 8 * WORDS) return;
    this.#length = length;
    this.#timestampUs = timestampUs;
    this.#localUs = localUs;
    for (let at = 0; at <= length - 8; at += 8) {
      this.#words[this.#count++] = view.getFloat64(start + at, true);
    }
    this.#words[this.#count++] = view.getFloat64(start + length - 8, true);
  }

  /** Forgets it: the next rows lie in other bytes. */
  forget(): void {
    this.#count = 0;
  }

  /**
   * Reads as many rows as it can.
   *
   * @param data - the bytes
   * @param view - the same
   * @param start - first byte of a row
   * @param batch - where the rows go, from `row` on
   * @returns how many rows were taken; `end` says where the next begins
   */
  read(data: Uint8Array, view: DataView, start: number, batch: Batch, row: number): number {
    const [timestamps, localTimestamps] = batch.numbers as Float64Array[];
    const flags = batch.flags[2]!;
    const sides = batch.sides[3]!;
    const prices = batch.numbers[4]!;
    const amounts = batch.numbers[5]!;
    const number = this.#number;
    const length = this.#length;
    const room = flags.length;
    const last = data.length - length - REST_BYTES;
    let at = start;
    let next = row;
    while (next < room && at < last && this.#beginsSame(view, at)) {
      let field = at + length;
      const flag = view.getInt32(field, true);
      const isTrue = flag === TRUE;
      if (isTrue ? data[field + 4] !== COMMA : flag !== FALS) break;
      if (!isTrue && view.getInt16(field + 4, true) !== E_COMMA) break;
      field += isTrue ? 5 : 6;
      const side = view.getInt32(field, true);
      if (side !== BID_ && side !== ASK_) break;
      const price = number.read(data, field + 4, COMMA);
      if (!(price > 0)) break;
      const amount = number.read(data, number.end, NEWLINE);
      if (Number.isNaN(amount)) break;
      timestamps![next] = this.#timestampUs;
      localTimestamps![next] = this.#localUs;
      flags[next] = isTrue ? 1 : 0;
      sides[next] = side === BID_ ? 1 : -1;
      prices[next] = price;
      amounts[next] = amount;
      at = number.end;
      next++;
    }
    this.end = at;
    return next - row;
  }

  /** Eight letters or digits are neither NaN nor zero when read as a double, so equal doubles are equal bytes. */
  #beginsSame(view: DataView, start: number): boolean {
    const last = this.#count - 1;
    // What changes first is the end of the arrival time.
    if (last < 0 || view.getFloat64(start + this.#length - 8, true) !== this.#words[last]) {
      return false;
    }
    for (let i = last - 1; i >= 0; i--) {
      if (view.getFloat64(start + 8 * i, true) !== this.#words[i]) return false;
    }
    return true;
  }
}
