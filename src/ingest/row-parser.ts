import { DataError } from "../core/errors.js";
import { DAY_US, dayStartUs } from "../core/time.js";
import { rowGroupRows } from "../store/parquet/row-group.js";
import { type SideFields, sideFields } from "../store/rows/side-fields.js";
import { EARLIEST_US, type FieldRule, LONGEST_TEXT, SCHEMAS } from "../store/schema.js";
import type { PartitionKey } from "../store/tables.js";
import { appendText, type Batch, makeBatch } from "./batch.js";
import { ByteCursor, COMMA, NEWLINE } from "./byte-cursor.js";
import { FastRows } from "./fast-rows.js";

/** No line of any type is near this long; a file without line ends is stopped here. */
const LONGEST_LINE = 1 << 16;

/** Who takes what the parser finds. */
export interface RowReceiver {
  /** Good rows in file order; gives the batch that the next rows go to, which may be the same. */
  readonly append: (batch: Batch, rows: number) => Batch;
  /** A row that breaks a rule: its line (header is 1), the rule as `field: what was wrong`, its text. */
  readonly reject: (line: number, reason: string, text: string) => void;
}

/**
 * Parses the bytes of one vendor file into checked columns, piece by piece. The header must be the vendor's; a row passes
 * when exchange and symbol are the partition's, `local_timestamp` lies in the file's day and never falls, `timestamp` is
 * within a day of that, every field keeps its rule of `SCHEMAS`, and no amount stands without its price.
 */
export class RowParser {
  readonly #receiver: RowReceiver;
  readonly #key: PartitionKey;
  readonly #names: readonly string[];
  readonly #rules: readonly FieldRule[];
  readonly #isOptional: readonly boolean[];
  readonly #sides: readonly SideFields[];
  readonly #cursor = new ByteCursor();
  readonly #fast: FastRows;
  readonly #dayStartUs: number;
  readonly #lastLocalUs: number;
  readonly #batchRows: number;
  #batch: Batch;
  #rest: Buffer = Buffer.alloc(0);
  /** `exchange,symbol,` of the last row whose names were found right. */
  #prefix: Buffer = Buffer.alloc(0);
  #line = 0;
  #filled = 0;

  constructor(key: PartitionKey, receiver: RowReceiver) {
    const fields = SCHEMAS[key.type];
    this.#key = key;
    this.#receiver = receiver;
    this.#names = fields.map(({ name }) => name);
    this.#rules = fields.map(({ rule }) => rule);
    this.#isOptional = fields.map(({ isOptional }) => isOptional);
    this.#sides = sideFields(fields);
    this.#batch = makeBatch(fields);
    this.#batchRows = rowGroupRows(fields.length);
    this.#dayStartUs = dayStartUs(key.date);
    // The simulator's truth is stamped with bar ends, and the day's last bar ends at the next midnight.
    const isEndInDay = key.type === "simulation_truth";
    this.#lastLocalUs = this.#dayStartUs + DAY_US - (isEndInDay ? 0 : 1);
    this.#fast = new FastRows(this.#rules, this.#lastLocalUs);
  }

  /** Data rows seen so far, good and bad. */
  get rows(): number {
    return Math.max(this.#line - 1, 0);
  }

  /**
   * Takes the next bytes of the file.
   *
   * @throws {DataError} the header is not the vendor's, or a line has no end
   */
  push(bytes: Buffer): void {
    const first = bytes.indexOf(NEWLINE) + 1;
    if (this.#rest.length + (first === 0 ? bytes.length : first) > LONGEST_LINE) {
      throw new DataError({
        row: this.#line + 1,
        message: `was longer than ${LONGEST_LINE} bytes, which no line is`,
        fix: "fetch the file again",
      });
    }
    if (first === 0) {
      this.#rest = Buffer.concat([this.#rest, bytes]);
      return;
    }
    const begun = this.#rest.length === 0 ? 0 : first;
    if (begun > 0) this.#parseLines(Buffer.concat([this.#rest, bytes.subarray(0, first)]));
    const end = bytes.lastIndexOf(NEWLINE) + 1;
    this.#parseLines(bytes.subarray(begun, end));
    // The rest must not keep a view on memory that its owner may use again.
    this.#rest = Buffer.from(bytes.subarray(end));
  }

  /**
   * Takes the end of the file. One without a single byte is the vendor's way to say that it has nothing of the day.
   *
   * @throws {DataError} the last line has no end
   * @see https://docs.tardis.dev/downloadable-csv-files
   */
  end(): void {
    // Its last number may have lost digits, and nobody could tell.
    if (this.#rest.length > 0) {
      throw new DataError({
        row: this.#line + 1,
        message: "was truncated: the file ends within this line",
        fix: "fetch the file again",
      });
    }
    this.#flush();
  }

  /** Parses whole lines. */
  #parseLines(data: Buffer): void {
    let start = 0;
    if (this.#line === 0 && data.length > 0) {
      start = data.indexOf(NEWLINE) + 1;
      this.#parseHeader(data.toString("utf8", 0, start - 1));
      this.#line = 1;
    }
    this.#cursor.data = data;
    this.#fast.setData(data);
    while (start < data.length) {
      const taken = this.#fast.read(start, this.#batch, this.#filled);
      this.#line += taken;
      this.#filled += taken;
      start = taken > 0 ? this.#fast.end : this.#parseUnusual(data, start);
      if (this.#filled === this.#batchRows) this.#flush();
    }
  }

  /** Takes or rejects a row field by field; returns where the next one begins. */
  #parseUnusual(data: Buffer, start: number): number {
    this.#line++;
    const flaw = this.#parseRow(data, start);
    if (flaw === undefined) {
      this.#filled++;
      return this.#cursor.at + 1;
    }
    const end = data.indexOf(NEWLINE, start);
    this.#receiver.reject(this.#line, flaw, data.toString("utf8", start, end));
    return end + 1;
  }

  #parseHeader(header: string): void {
    const expected = ["exchange", "symbol", ...this.#names].join(",");
    if (header === expected) return;
    throw new DataError({
      row: 1,
      message: `the header was ${shorten(JSON.stringify(header))}, expected "${shorten(expected)}"`,
      fix: "fetch the file again; when the vendor changed the columns, this version cannot read it",
    });
  }

  /** Reads one row into the batch at the place after the last good one; leaves the cursor at its line end. */
  #parseRow(data: Buffer, start: number): string | undefined {
    const flaw = this.#skipNames(data, start);
    if (flaw !== undefined) return flaw;
    const last = this.#rules.length - 1;
    for (let f = 0; f <= last; f++) {
      const what = this.#parseField(f);
      if (what !== undefined) return `${this.#names[f]}: ${what}`;
      const stop = data[this.#cursor.at]!;
      if (f < last) {
        if (stop === NEWLINE) return "row: too few columns";
        this.#cursor.at++;
      } else if (stop === COMMA) {
        return "row: too many columns";
      }
    }
    return this.#loneAmount() ?? this.#checkTimes(start);
  }

  #loneAmount(): string | undefined {
    const { numbers } = this.#batch;
    const row = this.#filled;
    for (const { amount, price } of this.#sides) {
      if (Number.isNaN(numbers[price]![row]!) && !Number.isNaN(numbers[amount]![row]!)) {
        return `${this.#names[amount]}: without a price`;
      }
    }
    return undefined;
  }

  #skipNames(data: Buffer, start: number): string | undefined {
    const prefix = this.#prefix;
    let same = 0;
    while (same < prefix.length && data[start + same] === prefix[same]) same++;
    if (same === prefix.length && same > 0) {
      this.#cursor.at = start + same;
      return undefined;
    }
    // No further than the line: where no comma is left, every row would be looked for in all that follows it.
    const line = data.subarray(start, data.indexOf(NEWLINE, start));
    const first = line.indexOf(COMMA);
    const second = line.indexOf(COMMA, first + 1);
    if (first < 0 || second < 0) return "row: too few columns";
    if (line.toString("utf8", 0, first) !== this.#key.exchange) {
      return "exchange: not the partition's";
    }
    // The vendor's files are named with - for / and : and in capitals.
    const symbol = line.toString("utf8", first + 1, second).replace(/[/:]/g, "-");
    if (symbol.toUpperCase() !== this.#key.symbol.toUpperCase()) {
      return "symbol: not the partition's";
    }
    this.#prefix = Buffer.from(line.subarray(0, second + 1));
    this.#cursor.at = start + second + 1;
    return undefined;
  }

  /** Reads a field into its column and says what is wrong with it. */
  #parseField(f: number): string | undefined {
    const cursor = this.#cursor;
    const row = this.#filled;
    const rule = this.#rules[f]!;
    switch (rule) {
      case "time": {
        const timeUs = cursor.readTime();
        this.#batch.numbers[f]![row] = timeUs;
        if (Number.isNaN(timeUs)) return this.#missing(f, "not a time in µs");
        return this.#isOptional[f] && timeUs < EARLIEST_US ? "not a time in µs" : undefined;
      }
      case "tradeSide":
        this.#batch.sides[f]![row] = cursor.readTradeSide();
        return cursor.isWrong ? "not buy, sell or unknown" : undefined;
      case "bookSide":
        this.#batch.sides[f]![row] = cursor.readBookSide();
        return cursor.isWrong ? "not bid or ask" : undefined;
      case "flag":
        this.#batch.flags[f]![row] = cursor.readFlag();
        return cursor.isWrong ? "not true or false" : undefined;
      case "text":
        return this.#parseText(f);
      default: {
        const value = cursor.readNumber();
        this.#batch.numbers[f]![row] = value;
        if (Number.isNaN(value)) return this.#missing(f, "not a number");
        return value > 0 ? this.#tooLarge(rule, value) : wrongSign(rule, value);
      }
    }
  }

  #parseText(f: number): string | undefined {
    const cursor = this.#cursor;
    const from = cursor.at;
    cursor.skipText();
    if (cursor.isWrong) return "not plain text";
    if (cursor.at - from > LONGEST_TEXT) return `longer than ${LONGEST_TEXT} characters`;
    appendText(this.#batch.texts[f]!, this.#filled, { data: cursor.data, from, to: cursor.at });
    return undefined;
  }

  /** An empty field is right where the column is optional. */
  #missing(f: number, otherwise: string): string | undefined {
    if (this.#cursor.isWrong) return otherwise;
    return this.#isOptional[f] ? undefined : "empty";
  }

  #tooLarge(rule: FieldRule, value: number): string | undefined {
    if (value === Number.POSITIVE_INFINITY) return "not a finite number";
    return rule === "ratio" && value > 1 ? "above 1" : undefined;
  }

  #checkTimes(start: number): string | undefined {
    const timestampUs = this.#batch.numbers[0]![this.#filled]!;
    const localUs = this.#batch.numbers[1]![this.#filled]!;
    if (localUs < this.#dayStartUs || localUs > this.#lastLocalUs) {
      return "local_timestamp: outside the file's day";
    }
    if (localUs < this.#fast.localUs) return "local_timestamp: before the row above";
    if (Math.abs(localUs - timestampUs) > DAY_US) {
      return "timestamp: more than a day from local_timestamp";
    }
    this.#fast.learn(start, this.#prefix.length, timestampUs, localUs);
    return undefined;
  }

  #flush(): void {
    if (this.#filled > 0) this.#batch = this.#receiver.append(this.#batch, this.#filled);
    this.#filled = 0;
  }
}

/** What is wrong with a number that is not above zero. */
function wrongSign(rule: FieldRule, value: number): string | undefined {
  if (rule === "number")
    return value === Number.NEGATIVE_INFINITY ? "not a finite number" : undefined;
  if (rule === "positive") return "not positive";
  return value < 0 ? "negative" : undefined;
}

function shorten(text: string): string {
  return text.length <= 200 ? text : `${text.slice(0, 200)} …`;
}
