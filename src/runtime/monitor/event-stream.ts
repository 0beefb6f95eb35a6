import type { ServerResponse } from "node:http";
import type { EquityColumns, MonitorState } from "./monitor-state.js";

/** What a stream shows. */
export interface StreamSource {
  readonly snapshot: () => MonitorState;
  readonly equity: () => EquityColumns;
}

/** How often, and to how many. */
export interface StreamOptions {
  readonly everyMs: number;
  /** The account's whole course is sent once in so many times; in between the state's last point continues it. */
  readonly equityEvery?: number;
  readonly mostReaders?: number;
  /** A reader that takes nothing for so many times is let go. */
  readonly patience?: number;
}

interface Reader {
  readonly response: ServerResponse;
  skipped: number;
  needsEquity: boolean;
}

/**
 * Sends a run's state to all who listen, a few times a second. Each gets the state as it is when it can take one: while a
 * reader has not taken the last one it is passed over, so that a slow one costs the memory of one message.
 */
export class EventStream {
  private readonly source: StreamSource;
  private readonly options: Required<StreamOptions>;
  private readonly readers = new Set<Reader>();
  private timer: NodeJS.Timeout | undefined;
  private turns = 0;

  constructor(source: StreamSource, options: StreamOptions) {
    this.source = source;
    this.options = { equityEvery: 10, mostReaders: 32, patience: 120, ...options };
  }

  /** Whether no more may listen. */
  get isFull(): boolean {
    return this.readers.size >= this.options.mostReaders;
  }

  /** Takes on a reader whose head has been sent. */
  add(response: ServerResponse): void {
    const reader = { response, skipped: 0, needsEquity: true };
    this.readers.add(reader);
    response.once("close", () => this.remove(reader));
    // A connection that breaks is closed; its error says nothing more.
    response.on("error", () => this.remove(reader));
    response.write("retry: 1000\n\n");
    this.send(reader, stateMessage(this.source), () => equityMessage(this.source));
    this.timer ??= setInterval(() => this.turn(), this.options.everyMs).unref();
  }

  /** Ends all connections. */
  close(): void {
    for (const reader of this.readers) reader.response.end();
    this.readers.clear();
    this.stop();
  }

  private turn(): void {
    this.turns += 1;
    const isEquityTurn = this.turns % this.options.equityEvery === 0;
    const state = stateMessage(this.source);
    let course: string | undefined;
    const equity = (): string => {
      course ??= equityMessage(this.source);
      return course;
    };
    for (const reader of this.readers) {
      reader.needsEquity ||= isEquityTurn;
      if (reader.response.writableLength === 0) this.send(reader, state, equity);
      else this.pass(reader);
    }
  }

  private send(reader: Reader, state: string, equity: () => string): void {
    reader.skipped = 0;
    const message = reader.needsEquity ? equity() + state : state;
    reader.needsEquity = false;
    reader.response.write(message);
  }

  private pass(reader: Reader): void {
    reader.skipped += 1;
    if (reader.skipped < this.options.patience) return;
    this.remove(reader);
    reader.response.destroy();
  }

  private remove(reader: Reader): void {
    this.readers.delete(reader);
    if (this.readers.size === 0) this.stop();
  }

  private stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }
}

function stateMessage({ snapshot }: StreamSource): string {
  return `event: state\ndata: ${JSON.stringify(snapshot())}\n\n`;
}

function equityMessage({ equity }: StreamSource): string {
  return `event: equity\ndata: ${JSON.stringify(equity())}\n\n`;
}
