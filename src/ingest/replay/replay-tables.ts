import { DataError } from "../../core/errors.js";
import { DAY_US } from "../../core/time.js";
import { type CheckedReceiver, CheckedRows } from "../../store/rows/checked-rows.js";
import { type RowMaker, rowMaker } from "../../store/rows/row-values.js";
import { SCHEMAS } from "../../store/schema.js";
import type { DataType } from "../../store/tables.js";
import { MessageStream, type StreamRequest } from "./message-stream.js";
import { rawLineReader } from "./raw-message.js";
import type { RawMinute } from "./raw-minutes.js";

/** Rows of one symbol and type. */
interface Table {
  readonly rows: CheckedRows;
  readonly make: RowMaker;
}

/** Turns raw minutes into the checked tables of a request, one for each symbol and type. */
export class ReplayTables {
  readonly stream: MessageStream;
  readonly #exchange: string;
  readonly #tables: ReadonlyMap<string, Table>;
  readonly #symbols: readonly string[];
  #lines = 0;
  #disconnects = 0;
  #messages = 0;

  private constructor(
    stream: MessageStream,
    { exchange, symbols }: StreamRequest,
    tables: ReadonlyMap<string, Table>,
  ) {
    this.stream = stream;
    this.#exchange = exchange;
    this.#symbols = symbols.map((symbol) => symbol.toUpperCase());
    this.#tables = tables;
  }

  /**
   * Prepares the tables of a request.
   *
   * @param receiverOf - who takes the rows of a symbol and type
   */
  static async open(
    request: StreamRequest,
    receiverOf: (symbol: string, type: DataType) => CheckedReceiver,
  ): Promise<ReplayTables> {
    const { symbols, types, startUs } = request;
    const tables = new Map<string, Table>();
    for (const symbol of symbols) {
      for (const type of types) {
        const receiver = receiverOf(symbol, type);
        const rows = new CheckedRows(type, { dayStartUs: startUs - (startUs % DAY_US), receiver });
        const make = rowMaker(type, SCHEMAS[type].length, (values) => rows.add(values));
        tables.set(tableName(symbol, type), { rows, make });
      }
    }
    const stream = await MessageStream.open(request, (type, message) => {
      tables.get(tableName(message.symbol, type))!.make(message);
    });
    return new ReplayTables(stream, request, tables);
  }

  /** Lines read so far, those that say that the connection was lost included. */
  get lines(): number {
    return this.#lines;
  }

  /** How often the connection was lost so far. */
  get disconnects(): number {
    return this.#disconnects;
  }

  /**
   * Messages of the requested channels and symbols so far. Some sources give all symbols of a channel, and a normalizer may
   * keep a message back, so that it is the text that tells.
   */
  get messages(): number {
    return this.#messages;
  }

  /** Rows of a symbol and type so far, good and bad. */
  rows(symbol: string, type: DataType): number {
    return this.#tables.get(tableName(symbol, type))!.rows.rows;
  }

  /**
   * Reads a minute.
   *
   * @throws {DataError} a line cannot be read; it names the minute and the line
   */
  read({ startUs, place, lines }: RawMinute): void {
    const dayStartUs = startUs - (startUs % DAY_US);
    for (const { rows } of this.#tables.values()) rows.setDay(dayStartUs);
    const parse = rawLineReader(startUs, this.#exchange);
    let row = 0;
    for (const line of lines ?? []) {
      row++;
      this.#lines++;
      try {
        if (line === "") {
          this.#disconnects++;
          this.stream.disconnect();
        } else if (this.stream.push(parse(line)) && this.#isMentioned(line)) {
          this.#messages++;
        }
      } catch (error) {
        throw atLine(error, place, row);
      }
    }
  }

  #isMentioned(line: string): boolean {
    const text = line.toUpperCase();
    return this.#symbols.some((symbol) => text.includes(symbol));
  }

  /** Hands on what is left. */
  flush(): void {
    for (const { rows } of this.#tables.values()) rows.flush();
  }
}

function tableName(symbol: string, type: DataType): string {
  return `${symbol.toUpperCase()} ${type}`;
}

function atLine(error: unknown, file: string, row: number): unknown {
  if (error instanceof DataError) return new DataError({ ...error.place, file, row });
  // The normalizers read what they expect to be there; another error than theirs would not come from here.
  const reason = error instanceof Error ? error.message.slice(0, 200) : String(error);
  const message = `could not be read by the vendor's normalizer (${reason})`;
  return new DataError({ file, row, message, fix: "fetch the minute again" });
}
