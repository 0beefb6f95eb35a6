import path from "node:path";
import { DataError } from "../../core/errors.js";
import { DAY_US, dateOf, SECOND_US } from "../../core/time.js";
import type { CandleRow } from "./candle-buffer.js";
import { candleFault, isPossibleTime } from "./candle-fault.js";
import type { RejectedCandle } from "./candle-run.js";
import { type CandleSource, type CheckedDay, DayRows, type RejectedRow } from "./checked-day.js";
import { readLines } from "./csv-lines.js";

const COLUMNS = ["time", "low", "high", "open", "close", "volume"];
const HEADER = COLUMNS.join(",");
const WHOLE = /^\d{1,15}$/;
const DECIMAL = /^-?\d+(\.\d*)?([eE][+-]?\d+)?$/;

/** Rejected rows that are named; all are counted. */
const NAMED_REJECTS = 20;

/** Characters of rejected rows that are held until the file's end; a file with more of them is none of candles. */
const MOST_REJECTED_CHARACTERS = 1 << 27;

/** What a rejected row takes beside its text, in characters. */
const ROW_CHARACTERS = 100;

/** What a file of candles held. */
export interface CandleFile {
  /** By UTC date, in order; every day has at least one row, good or rejected. */
  readonly days: ReadonlyMap<string, CheckedDay>;
  /** Of the file itself. */
  readonly sha256: string;
  /** The first rows left out. */
  readonly rejectedRows: readonly RejectedCandle[];
}

/**
 * Reads one-minute candles from a CSV file, plain or gzip, whose columns are in Coinbase's order and whose times are in
 * seconds and rise. It is read in pieces; the candles of the wanted days are held (48 bytes each) until its end, since
 * only then is it known to be whole, and so are bad rows of these days.
 *
 * @param options.isWanted - whether to keep a day; rows of other days are checked for order only
 * @param options.nowUs - what this machine's clock shows
 * @throws {OptionError} there is no such file
 * @throws {DataError} it is damaged or ends within a line, has another header, too many bad rows or no candle
 */
export async function readCandleFile(
  file: string,
  { isWanted, nowUs }: { readonly isWanted: (date: string) => boolean; readonly nowUs: number },
): Promise<CandleFile> {
  const place = path.basename(file);
  const rows = new FileRows(isWanted, { nowUs, place });
  let line = 0;
  const source = await readLines(file, place, (text, isWhole) => {
    line++;
    if (line === 1) requireHeader(text, place);
    else if (isWhole) rows.take(text, line);
    else throw cutWithin(line, place);
  });
  if (line === 0) requireHeader("", place);
  return rows.finish({ kind: "file", ...source });
}

/** Sorts a file's rows by day. A row that cannot be dated counts for the day of the row before it. */
class FileRows {
  readonly #isWanted: (date: string) => boolean;
  readonly #nowUs: number;
  readonly #place: string;
  readonly #days: Map<string, DayRows> = new Map();
  readonly #rejectedRows: RejectedCandle[] = [];
  /** Rows before the first that could be dated. */
  #undated: RejectedRow[] = [];
  #rejectedCharacters = 0;
  #first: RejectedCandle | undefined;
  #lastS = Number.NEGATIVE_INFINITY;
  #dayNumber = Number.NaN;
  /** Where rows of the current day go; undefined when it is not wanted. */
  #day: DayRows | undefined;

  constructor(
    isWanted: (date: string) => boolean,
    { nowUs, place }: { readonly nowUs: number; readonly place: string },
  ) {
    this.#isWanted = isWanted;
    this.#nowUs = nowUs;
    this.#place = place;
  }

  /**
   * Takes the file's next row.
   *
   * @throws {DataError} more rows were bad than memory is for
   */
  take(text: string, line: number): void {
    const row = parseRow(text);
    if (typeof row === "string") {
      this.#reject(row, text, line);
      return;
    }
    const [time] = row;
    if (isPossibleTime(time, this.#nowUs)) this.#openDay(time);
    const fault = candleFault(row, this.#nowUs) ?? this.#orderFault(time);
    if (fault === undefined) {
      this.#lastS = time;
      this.#day?.keep(row);
    } else this.#reject(fault, text, line);
  }

  finish(source: CandleSource): CandleFile {
    if (Number.isNaN(this.#dayNumber)) throw noCandles(this.#place, this.#first);
    const days = [...this.#days].sort(([a], [b]) => (a < b ? -1 : 1));
    return {
      sha256: source.sha256,
      days: new Map(days.map(([date, rows]) => [date, rows.finish(source)])),
      rejectedRows: this.#rejectedRows,
    };
  }

  #openDay(timeS: number): void {
    const number = Math.floor((timeS * SECOND_US) / DAY_US);
    if (number === this.#dayNumber) return;
    this.#dayNumber = number;
    const date = dateOf(timeS * SECOND_US);
    this.#day = this.#days.get(date);
    if (this.#day === undefined && this.#isWanted(date)) {
      this.#day = new DayRows();
      this.#days.set(date, this.#day);
    }
    for (const row of this.#undated) this.#day?.reject(row);
    this.#undated = [];
  }

  #orderFault(timeS: number): string | undefined {
    if (timeS === this.#lastS) return "time: a minute that came before";
    return timeS < this.#lastS ? "time: earlier than a row before" : undefined;
  }

  #reject(reason: string, latin1: string, line: number): void {
    this.#first ??= { line, reason };
    const isUndated = Number.isNaN(this.#dayNumber);
    if (!isUndated && this.#day === undefined) return;
    this.#rejectedCharacters += latin1.length + ROW_CHARACTERS;
    if (this.#rejectedCharacters > MOST_REJECTED_CHARACTERS) {
      throw tooManyRejects(this.#place, this.#first);
    }
    // A text of its own: a slice would keep the whole piece of the file alive.
    const row = { line, reason, text: Buffer.from(latin1, "latin1").toString("utf8") };
    if (isUndated) this.#undated.push(row);
    else this.#day?.reject(row);
    if (this.#rejectedRows.length < NAMED_REJECTS) this.#rejectedRows.push({ line, reason });
  }
}

function requireHeader(text: string, place: string): void {
  if (text === HEADER) return;
  // Lines come byte by byte; as UTF-8 a byte order mark is told by its name.
  const found = Buffer.from(text, "latin1").toString("utf8").slice(0, 80);
  throw new DataError({
    file: place,
    row: 1,
    message: `the header was ${JSON.stringify(found)}, expected "${HEADER}"`,
    fix: "write the columns in this order, times in seconds, lines ended by a line feed alone",
  });
}

/**
 * Some programs write no line feed at the end, but such a file cannot be told from one that was cut: all six fields may
 * stand there and the last number still lack digits. A gzip may have been made of a text that was cut, so it is the same.
 */
function cutWithin(row: number, place: string): DataError {
  return new DataError({
    file: place,
    row,
    message: "was not ended by a line feed, so the file may have been cut within it",
    fix: "get the file again, or add a line feed where it is whole",
  });
}

function parseRow(text: string): CandleRow | string {
  const fields = text.split(",");
  if (fields.length !== COLUMNS.length) return "row: not of 6 columns";
  if (!WHOLE.test(fields[0]!)) return "time: not a whole number of seconds";
  for (let i = 1; i < COLUMNS.length; i++) {
    if (!DECIMAL.test(fields[i]!)) return `${COLUMNS[i]}: no number`;
  }
  return fields.map(Number) as unknown as CandleRow;
}

function tooManyRejects(file: string, { line, reason }: RejectedCandle): DataError {
  return new DataError({
    file,
    row: line,
    message: `${reason}, and so many rows after it are bad that this is no file of candles`,
    fix: "give one-minute candles with times in seconds",
  });
}

function noCandles(place: string, first: RejectedCandle | undefined): DataError {
  return new DataError({
    file: place,
    ...(first === undefined ? {} : { row: first.line }),
    message:
      first === undefined ? "held no rows" : `${first.reason}, and no row after it is a candle`,
    fix: "give one-minute candles with times in seconds",
  });
}
