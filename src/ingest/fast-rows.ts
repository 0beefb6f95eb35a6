// Reads the rows that look as the vendor writes them, which is nearly all; what is unusual is left to the careful reader.
import { DAY_US } from "../core/time.js";
import { type FieldRule, LONGEST_TEXT } from "../store/schema.js";
import { appendText, type Batch } from "./batch.js";
import { areBookChanges, BookChangeRows } from "./book-change-rows.js";
import { COMMA, NEWLINE } from "./byte-cursor.js";
import { UsualNumber } from "./usual-number.js";
import { ASK_, BID_, BUY_, FALS, SELL, TRUE } from "./words.js";

const ZERO = 0x30;
const MINUS = 0x2d;
const QUOTE = 0x22;

/** Bytes of a time and its comma. */
const TIME_BYTES = 17;

/** Numbers of the rules, so that hot code compares small numbers. */
const RULE: Readonly<Record<FieldRule, number>> = {
  positive: 0,
  nonNegative: 1,
  ratio: 2,
  number: 3,
  bookSide: 4,
  tradeSide: 5,
  flag: 6,
  text: 7,
  time: 8,
};

/** Said of a row that the careful reader has to decide. */
const UNUSUAL = -1;

/**
 * Reads rows whose fields all have their usual form. It takes a row only when the careful reader would, with the same
 * values: a test holds the two against each other.
 */
export class FastRows {
  readonly #rules: Uint8Array;
  /** Where rows are book changes, who reads those after a message's first. */
  readonly #changes: BookChangeRows | undefined;
  readonly #number: UsualNumber = new UsualNumber();
  readonly #lastLocalUs: number;
  #data: Buffer = Buffer.alloc(0);
  #view: DataView = new DataView(new ArrayBuffer(0));
  /** Where the last row begins, and the bytes of its `exchange,symbol,` and with its two times. */
  #before = 0;
  #namesLength = 0;
  #prefixLength = 0;
  #timestampUs = 0;
  #localUs = 0;
  #at = 0;
  #end = 0;

  /**
   * @param rules - of all fields after exchange and symbol; the first two are `timestamp` and `local_timestamp`
   * @param lastLocalUs - last `local_timestamp` that belongs to the file's day
   */
  constructor(rules: readonly FieldRule[], lastLocalUs: number) {
    this.#rules = Uint8Array.from(rules, (rule) => RULE[rule]);
    this.#changes = areBookChanges(rules) ? new BookChangeRows() : undefined;
    this.#lastLocalUs = lastLocalUs;
  }

  /** Arrival time of the last row, 0 before the first. */
  get localUs(): number {
    return this.#localUs;
  }

  /** Takes the bytes that the next rows are in. */
  setData(data: Buffer): void {
    this.#data = data;
    this.#view = new DataView(data.buffer, data.byteOffset, data.length);
    this.#prefixLength = 0;
    this.#changes?.forget();
  }

  /**
   * Learns names and times from a row that the careful reader took.
   *
   * @param start - first byte of the row
   * @param namesLength - bytes of `exchange,symbol,`
   */
  learn(start: number, namesLength: number, timestampUs: number, localUs: number): void {
    const first = this.#data.indexOf(COMMA, start + namesLength);
    const second = this.#data.indexOf(COMMA, first + 1);
    this.#remember(start, namesLength, second + 1 - start, timestampUs, localUs);
  }

  /** The byte after the last row that was taken. */
  get end(): number {
    return this.#end;
  }

  /**
   * Reads rows into a batch, up to the first that is unusual, the batch's end or that of the bytes.
   *
   * @param start - first byte of a row
   * @param row - where in the batch's columns it goes; what is written behind the rows that are taken is to be ignored
   * @returns how many rows were taken; `end` says where the next one begins
   */
  read(start: number, batch: Batch, row: number): number {
    const room = batch.numbers[0]!.length;
    this.#end = start;
    let next = row;
    while (next < room && this.#end < this.#data.length) {
      const changes = this.#changes?.read(this.#data, this.#view, this.#end, batch, next) ?? 0;
      if (changes > 0) {
        next += changes;
        this.#end = this.#changes!.end;
        continue;
      }
      const end = this.#readRow(this.#end, batch, next);
      if (end === UNUSUAL) break;
      next++;
      this.#end = end;
    }
    return next - row;
  }

  /** Reads a row; gives the byte after its line end, or `UNUSUAL`. */
  #readRow(start: number, batch: Batch, row: number): number {
    const length = this.#prefixLength;
    if (length === 0 || start + length > this.#data.length) return UNUSUAL;
    let timestampUs = this.#timestampUs;
    let localUs = this.#localUs;
    this.#at = start + length;
    const hasSameTimes = this.#repeats(start, length);
    if (!hasSameTimes) {
      const names = this.#namesLength;
      if (!this.#repeats(start, names)) return UNUSUAL;
      timestampUs = this.#readTime(start + names);
      localUs = this.#readTime(start + names + TIME_BYTES);
      if (!(Math.abs(localUs - timestampUs) <= DAY_US)) return UNUSUAL;
      if (!(localUs >= this.#localUs && localUs <= this.#lastLocalUs)) return UNUSUAL;
      this.#at = start + names + 2 * TIME_BYTES;
    }
    const times = batch.numbers;
    times[0]![row] = timestampUs;
    times[1]![row] = localUs;
    const isUsual = this.#readFields(batch, row);
    if (!isUsual) return UNUSUAL;
    if (!hasSameTimes) {
      const names = this.#namesLength;
      this.#remember(start, names, names + 2 * TIME_BYTES, timestampUs, localUs);
    }
    return this.#at;
  }

  #remember(
    start: number,
    namesLength: number,
    prefixLength: number,
    timestampUs: number,
    localUs: number,
  ): void {
    this.#before = start;
    this.#namesLength = namesLength;
    this.#prefixLength = prefixLength;
    this.#timestampUs = timestampUs;
    this.#localUs = localUs;
    this.#changes?.learn(this.#view, { start, length: prefixLength }, timestampUs, localUs);
  }

  /** Whether a row begins with the same bytes as the last one. */
  #repeats(start: number, length: number): boolean {
    const view = this.#view;
    const before = this.#before;
    if (length < 8 || start + length > view.byteLength) return false;
    // Eight letters or digits are neither NaN nor zero when read as a double, so equal doubles are equal bytes.
    for (let i = 0; i <= length - 8; i += 8) {
      if (view.getFloat64(before + i, true) !== view.getFloat64(start + i, true)) return false;
    }
    const tail = length - 8;
    return view.getFloat64(before + tail, true) === view.getFloat64(start + tail, true);
  }

  /** Sixteen digits and a comma as a whole number; NaN when it is something else. */
  #readTime(at: number): number {
    const data = this.#data;
    let high = 0;
    let low = 0;
    for (let i = at; i < at + 8; i++) {
      const digit = data[i]! - ZERO;
      if (!(digit >= 0 && digit <= 9)) return Number.NaN;
      high = (Math.imul(high, 10) + digit) | 0;
    }
    for (let i = at + 8; i < at + 16; i++) {
      const digit = data[i]! - ZERO;
      if (!(digit >= 0 && digit <= 9)) return Number.NaN;
      low = (Math.imul(low, 10) + digit) | 0;
    }
    return data[at + 16] === COMMA ? high * 1e8 + low : Number.NaN;
  }

  #readFields(batch: Batch, row: number): boolean {
    const rules = this.#rules;
    const last = rules.length - 1;
    for (let f = 2; f <= last; f++) {
      const rule = rules[f]!;
      if (rule <= RULE.number) {
        const value = this.#readNumber(rule, f === last ? NEWLINE : COMMA);
        if (Number.isNaN(value)) return false;
        batch.numbers[f]![row] = value;
      } else if (f === last || this.#at + 8 > this.#data.length) {
        return false;
      } else if (rule === RULE.text) {
        if (!this.#readText(batch, f, row)) return false;
      } else {
        const code = this.#readWord(rule);
        if (code === UNKNOWN_WORD) return false;
        if (rule === RULE.flag) batch.flags[f]![row] = code;
        else batch.sides[f]![row] = code;
      }
    }
    return true;
  }

  /** A decimal number that keeps its rule; NaN when it does not or has an unusual form. */
  #readNumber(rule: number, stop: number): number {
    const at = this.#at;
    const isNegative = this.#data[at] === MINUS;
    if (isNegative && rule !== RULE.number) return Number.NaN;
    const value = this.#number.read(this.#data, isNegative ? at + 1 : at, stop);
    if (value === 0 && rule === RULE.positive) return Number.NaN;
    if (value > 1 && rule === RULE.ratio) return Number.NaN;
    this.#at = this.#number.end;
    return isNegative ? -value : value;
  }

  #readWord(rule: number): number {
    const at = this.#at;
    const start = this.#view.getInt32(at, true);
    if (rule === RULE.bookSide) {
      this.#at = at + 4;
      if (start === BID_) return 1;
      return start === ASK_ ? -1 : UNKNOWN_WORD;
    }
    if (rule === RULE.tradeSide) {
      this.#at = at + (start === BUY_ ? 4 : 5);
      if (start === BUY_) return 1;
      return start === SELL && this.#data[at + 4] === COMMA ? -1 : UNKNOWN_WORD;
    }
    if (rule !== RULE.flag) return UNKNOWN_WORD;
    const isTrue = start === TRUE;
    this.#at = at + (isTrue ? 5 : 6);
    if (this.#data[this.#at - 1] !== COMMA) return UNKNOWN_WORD;
    if (isTrue) return 1;
    return start === FALS && this.#data[at + 4] === 0x65 ? 0 : UNKNOWN_WORD;
  }

  /** Printable ASCII without quotes, up to a comma. */
  #readText(batch: Batch, f: number, row: number): boolean {
    const data = this.#data;
    const from = this.#at;
    let at = from;
    for (let byte = data[at]!; byte !== COMMA; byte = data[++at]!) {
      if (byte < 0x20 || byte > 0x7e || byte === QUOTE) return false;
    }
    if (at - from > LONGEST_TEXT) return false;
    appendText(batch.texts[f]!, row, { data, from, to: at });
    this.#at = at + 1;
    return true;
  }
}

/** Said where a word is none of those that its rule allows. */
const UNKNOWN_WORD = 2;
