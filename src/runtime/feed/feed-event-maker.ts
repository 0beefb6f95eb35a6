import { DAY_US } from "../../core/time.js";
import type { Column } from "../../store/column.js";
import { CheckedRows } from "../../store/rows/checked-rows.js";
import { microsecondDate, microsecondsOf } from "../../store/rows/microsecond-date.js";
import type { NormalizedMessage } from "../../store/rows/normalized-message.js";
import { type RowMaker, rowMaker } from "../../store/rows/row-values.js";
import { SCHEMAS } from "../../store/schema.js";
import type { BookChanges, DataType } from "../../store/tables.js";
import { arrivalClock } from "./arrival-clock.js";
import { type ArrivalMessage, isArrival, isEnd } from "./arrival-normalizer.js";
import type { FeedEvent } from "./feed-event.js";

/** Rows of one symbol and type, on their way from a message into an event. */
interface Table {
  readonly rows: CheckedRows;
  readonly make: RowMaker;
}

/**
 * Turns messages of the vendor's normalizers into events, with the checks of the dataset files: what a file's reader would
 * have rejected is left out and counted. A message arrived when the server says so, in the message; else when the vendor's
 * replay says; else now.
 */
export class FeedEventMaker {
  private readonly nowUs: () => number;
  private readonly tables: Map<string, Table> = new Map();
  private readonly reasons: Record<string, number> = {};
  private made: FeedEvent[] = [];
  private saidUs = Number.NaN;
  private latestUs = 0;
  private isDown = false;

  /** @param nowUs - the machine's time, µs; it never goes back; NaN where it is not to be used */
  constructor(nowUs: () => number = arrivalClock().nowUs) {
    this.nowUs = nowUs;
  }

  /** Rows left out because they break a rule, by reason. */
  get rejected(): Readonly<Record<string, number>> {
    return { ...this.reasons };
  }

  /** Whether the connection was lost, and nothing of a market has come since. */
  get isLost(): boolean {
    return this.isDown;
  }

  /** Time by the feed, µs: the latest arrival where that is told by a recording, else the machine's. */
  get timeUs(): number {
    return this.latestUs > 0 ? this.latestUs : this.nowUs();
  }

  /** Events of the next message; mostly one, none for what is left out. */
  push(message: NormalizedMessage): readonly FeedEvent[] {
    if (isArrival(message)) return this.take(message);
    if (message.type === "disconnect") return this.lose(message);
    const type = TYPES[message.type];
    if (type === undefined) return [];
    this.isDown = false;
    this.made = [];
    const arrived = this.arrival(message);
    const table = this.table(message.symbol, type);
    const localUs = microsecondsOf(arrived.localTimestamp);
    table.rows.setDay(localUs - (localUs % DAY_US));
    table.make(arrived);
    table.rows.flush();
    return this.made;
  }

  /** The server's word on when the messages that follow arrived. */
  private take(message: ArrivalMessage): readonly FeedEvent[] {
    if (isEnd(message)) return [{ kind: "end", localUs: this.timeUs }];
    this.saidUs = message.arrivalUs;
    this.latestUs = Math.max(this.latestUs, message.arrivalUs);
    return [];
  }

  /** Attempts to connect that fail one after the other are one loss. */
  private lose({ localTimestamp }: NormalizedMessage): readonly FeedEvent[] {
    if (this.isDown) return [];
    this.isDown = true;
    this.saidUs = Number.NaN;
    const toldUs = localTimestamp.μs === undefined ? 0 : microsecondsOf(localTimestamp);
    this.latestUs = Math.max(this.latestUs, toldUs);
    return [{ kind: "disconnect", localUs: this.timeUs }];
  }

  private arrival(message: NormalizedMessage): NormalizedMessage {
    const { timestamp, localTimestamp } = message;
    if (Number.isNaN(this.saidUs) && localTimestamp.μs !== undefined) {
      this.latestUs = Math.max(this.latestUs, microsecondsOf(localTimestamp));
      return message;
    }
    const arrived = microsecondDate(Number.isNaN(this.saidUs) ? this.nowUs() : this.saidUs);
    // An exchange that gives no time of its own is given the very date of the arrival by the normalizers.
    const isTimeless = timestamp === localTimestamp;
    return { ...message, localTimestamp: arrived, timestamp: isTimeless ? arrived : timestamp };
  }

  private table(symbol: string, type: FeedType): Table {
    const name = `${symbol} ${type}`;
    const found = this.tables.get(name);
    if (found !== undefined) return found;
    const append = (columns: readonly Column[], count: number): void => {
      if (type === "trades") addTrades(this.made, symbol, columns, count);
      else this.made.push(bookEvent(symbol, columns, count));
    };
    const reject = (reason: string): void => {
      this.reasons[reason] = (this.reasons[reason] ?? 0) + 1;
    };
    const rows = new CheckedRows(type, { dayStartUs: 0, receiver: { append, reject } });
    const make = rowMaker(type, SCHEMAS[type].length, (values) => rows.add(values));
    const table = { rows, make };
    this.tables.set(name, table);
    return table;
  }
}

/**
 * Events of messages that come from the vendor's client, live or replayed.
 *
 * @param maker - keeps count of what is left out
 */
export async function* feedEvents(
  messages: AsyncIterable<NormalizedMessage>,
  maker: FeedEventMaker = new FeedEventMaker(),
): AsyncGenerator<FeedEvent, void, undefined> {
  for await (const message of messages) yield* maker.push(message);
}

type FeedType = Extract<DataType, "trades" | "incremental_book_L2">;

const TYPES: Readonly<Record<string, FeedType>> = {
  trade: "trades",
  book_change: "incremental_book_L2",
};

function addTrades(
  to: FeedEvent[],
  symbol: string,
  columns: readonly Column[],
  count: number,
): void {
  const [exchangeUs, localUs, id, side, price, amount] = columns;
  for (let i = 0; i < count; i++) {
    to.push({
      kind: "trade",
      symbol,
      localUs: localUs![i] as number,
      exchangeUs: exchangeUs![i] as number,
      id: id![i] as string,
      side: side![i] as number,
      price: price![i] as number,
      amount: amount![i] as number,
    });
  }
}

/** The columns are used again, so the event gets its own. */
function bookEvent(symbol: string, columns: readonly Column[], count: number): FeedEvent {
  const copies = columns.map((column) => column.slice(0, count));
  const [timestampUs, localTimestampUs, isSnapshot, side, price, amount] = copies;
  const rows = { localTimestampUs, timestampUs, isSnapshot, side, price, amount } as BookChanges;
  return {
    kind: "book",
    symbol,
    localUs: rows.localTimestampUs[0]!,
    exchangeUs: rows.timestampUs[0]!,
    isSnapshot: rows.isSnapshot[0] === 1,
    rows,
  };
}
