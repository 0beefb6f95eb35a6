import path from "node:path";
import { SIMULATED_EXCHANGE } from "../core/symbols.js";
import type { BookView, SideView } from "./book-view.js";
import type { DaySink } from "./day-sink.js";
import { type GzipFile, gzipFile } from "./gzip-file.js";
import type { SymbolSettings } from "./settings.js";

/** Types the simulator writes beside the truth, named as the vendor names them. */
export const EVENT_TYPES = ["trades", "incremental_book_L2", "quotes", "book_snapshot_25"] as const;

/** One of the event types. */
export type EventType = (typeof EVENT_TYPES)[number];

const SNAPSHOT_LEVELS = 25;
const COMMA = 44;
const NEWLINE = 10;

const HEADERS: Readonly<Record<EventType, string>> = {
  trades: "exchange,symbol,timestamp,local_timestamp,id,side,price,amount",
  incremental_book_L2: "exchange,symbol,timestamp,local_timestamp,is_snapshot,side,price,amount",
  quotes: "exchange,symbol,timestamp,local_timestamp,ask_amount,ask_price,bid_price,bid_amount",
  book_snapshot_25: [
    "exchange,symbol,timestamp,local_timestamp",
    ...Array.from(
      { length: SNAPSHOT_LEVELS },
      (_, i) => `asks[${i}].price,asks[${i}].amount,bids[${i}].price,bids[${i}].amount`,
    ),
  ].join(","),
};

/** What a written file holds. */
export interface WrittenFile {
  /** Path below the mirror's root, with `/`. */
  readonly path: string;
  /** Rows without the header. */
  readonly rows: number;
  readonly bytes: number;
}

/** Where a file stands: arrival and exchange time of its last row, and its rows; NaN before the first. */
export interface LastRow {
  readonly localUs: number;
  readonly exchangeUs: number;
  readonly rows: number;
}

/** A sink that writes one symbol's day as the vendor's files. */
export interface DayFiles extends DaySink {
  /**
   * A batch of book changes, already applied.
   *
   * @param only - files that it goes to
   */
  readonly book: (
    localUs: number,
    exchangeUs: number,
    book: BookView,
    isSnapshot: boolean,
    only?: readonly EventType[],
  ) => void;
  /** One row as it is given, right or wrong; `cells` are those after the times. */
  readonly row: (type: EventType, localUs: number, exchangeUs: number, cells: string) => void;
  /** Where a type's file stands. */
  readonly last: (type: EventType) => LastRow;
  /** Completes the files. */
  readonly close: () => Promise<readonly WrittenFile[]>;
  /** Removes what was begun. */
  readonly discard: () => void;
}

/** Path of a day's file below the root of a mirror. */
export function mirrorPath(type: string, symbol: string, date: string): string {
  return [SIMULATED_EXCHANGE, type, ...date.split("-"), `${symbol}.csv.gz`].join("/");
}

/**
 * Opens the files of one symbol and day.
 *
 * @param root - root of the mirror
 * @param options.types - event types to write
 */
export function dayFiles(root: string, { settings, date, types }: DayFilesOptions): DayFiles {
  const open = new Map<EventType, OpenFile>();
  for (const type of types) {
    const file = gzipFile(path.join(root, mirrorPath(type, settings.symbol, date)));
    file.writer.text(`${HEADERS[type]}\n`);
    open.set(type, { file, ...NO_ROW });
  }
  const [trades, changes, quotes, snapshots] = [
    open.get("trades"),
    open.get("incremental_book_L2"),
    open.get("quotes"),
    open.get("book_snapshot_25"),
  ];
  const prefix = `${SIMULATED_EXCHANGE},${settings.symbol},`;
  const row = rowWriters(settings);
  const lastQuote = new Int32Array(4);

  return {
    trade: (localUs, exchangeUs, { id, side, ticks, lots }) => {
      if (trades === undefined) return;
      const { writer } = trades.file;
      writer.text(`${prefix}${exchangeUs},${localUs},${id},${side === 1 ? "buy" : "sell"},`);
      row.level(writer, ticks, lots, NEWLINE);
      note(trades, localUs, exchangeUs, 1);
    },
    book: (localUs, exchangeUs, book, isSnapshot, only) => {
      const isFor = (type: EventType): boolean => only === undefined || only.includes(type);
      const start = `${prefix}${exchangeUs},${localUs},`;
      if (changes !== undefined && isFor("incremental_book_L2")) {
        const rows = row.changes(changes.file.writer, start, book, isSnapshot);
        if (rows > 0) note(changes, localUs, exchangeUs, rows);
      }
      if (quotes !== undefined && isFor("quotes")) {
        // The day's first quote is compared with nothing, so the one after it is written whether it differs or not.
        const isOther = quotes.rows > 0 && quoteChanged(book, lastQuote);
        if (isSnapshot || isOther) {
          row.quote(quotes.file.writer, start, book);
          note(quotes, localUs, exchangeUs, 1);
        }
      }
      if (snapshots === undefined || !isFor("book_snapshot_25")) return;
      if (isSnapshot || touchesTop(book)) {
        row.snapshot(snapshots.file.writer, start, book);
        note(snapshots, localUs, exchangeUs, 1);
      }
    },
    row: (type, localUs, exchangeUs, cells) => {
      const to = open.get(type);
      if (to === undefined) return;
      to.file.writer.text(`${prefix}${exchangeUs},${localUs},${cells}\n`);
      note(to, localUs, exchangeUs, 1);
    },
    last: (type) => open.get(type) ?? NO_ROW,
    minuteEnd: async () => {
      for (const { file } of open.values()) await file.flush();
    },
    close: async () => {
      const written: WrittenFile[] = [];
      for (const [type, { file, rows }] of open) {
        const bytes = await file.close();
        written.push({ path: mirrorPath(type, settings.symbol, date), rows, bytes });
      }
      return written;
    },
    discard: () => {
      for (const { file } of open.values()) file.discard();
    },
  };
}

interface OpenFile {
  readonly file: GzipFile;
  localUs: number;
  exchangeUs: number;
  rows: number;
}

const NO_ROW: LastRow = { localUs: Number.NaN, exchangeUs: Number.NaN, rows: 0 };

function note(file: OpenFile, localUs: number, exchangeUs: number, rows: number): void {
  file.localUs = localUs;
  file.exchangeUs = exchangeUs;
  file.rows += rows;
}

interface DayFilesOptions {
  readonly settings: SymbolSettings;
  readonly date: string;
  readonly types: readonly EventType[];
}

/** Whether best prices or amounts differ from the last ones, which are then replaced. */
function quoteChanged({ bids, asks }: BookView, last: Int32Array): boolean {
  const bidLots = bids.lotsOfRank(0);
  const askLots = asks.lotsOfRank(0);
  if (
    bids.best === last[0] &&
    asks.best === last[1] &&
    bidLots === last[2] &&
    askLots === last[3]
  ) {
    return false;
  }
  last[0] = bids.best;
  last[1] = asks.best;
  last[2] = bidLots;
  last[3] = askLots;
  return true;
}

/** Whether a batch changed one of the levels that a snapshot shows. */
function touchesTop({ bids, asks }: BookView): boolean {
  const isShown = ({ best, better, changed }: SideView): boolean =>
    changed.some((tick) => better * (best - tick) < SNAPSHOT_LEVELS);
  return isShown(bids) || isShown(asks);
}

/** How the rows of one symbol are printed. */
function rowWriters({ tickUnits, priceDecimals, lotDecimals }: SymbolSettings): {
  readonly level: (to: GzipFile["writer"], ticks: number, lots: number, end: number) => void;
  readonly changes: (
    to: GzipFile["writer"],
    start: string,
    book: BookView,
    isSnapshot: boolean,
  ) => number;
  readonly quote: (to: GzipFile["writer"], start: string, book: BookView) => void;
  readonly snapshot: (to: GzipFile["writer"], start: string, book: BookView) => void;
} {
  const level = (to: GzipFile["writer"], ticks: number, lots: number, end: number): void => {
    to.decimal(ticks * tickUnits, priceDecimals);
    to.code(COMMA);
    to.decimal(lots, lotDecimals);
    to.code(end);
  };
  const changes = (
    to: GzipFile["writer"],
    start: string,
    book: BookView,
    isSnapshot: boolean,
  ): number => {
    let rows = 0;
    for (const side of [book.bids, book.asks]) {
      const rowStart = `${start}${isSnapshot},${side.better === 1 ? "bid" : "ask"},`;
      const ticks = isSnapshot ? ladder(side) : side.changed;
      for (const tick of ticks) {
        to.text(rowStart);
        level(to, tick, side.lotsAt(tick), NEWLINE);
      }
      rows += ticks.length;
    }
    return rows;
  };
  const quote = (to: GzipFile["writer"], start: string, { bids, asks }: BookView): void => {
    to.text(start);
    to.decimal(asks.lotsOfRank(0), lotDecimals);
    to.code(COMMA);
    to.decimal(asks.best * tickUnits, priceDecimals);
    to.code(COMMA);
    level(to, bids.best, bids.lotsOfRank(0), NEWLINE);
  };
  const snapshot = (to: GzipFile["writer"], start: string, { bids, asks }: BookView): void => {
    to.text(start);
    for (let rank = 0; rank < SNAPSHOT_LEVELS; rank++) {
      level(to, asks.tickOfRank(rank), asks.lotsOfRank(rank), COMMA);
      const end = rank === SNAPSHOT_LEVELS - 1 ? NEWLINE : COMMA;
      level(to, bids.tickOfRank(rank), bids.lotsOfRank(rank), end);
    }
  };
  return { level, changes, quote, snapshot };
}

/** Ticks of a side from the best to the deepest. */
function ladder(side: SideView): readonly number[] {
  return Array.from({ length: side.depth }, (_, rank) => side.tickOfRank(rank));
}
