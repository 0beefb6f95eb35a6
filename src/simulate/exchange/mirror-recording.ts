import { existsSync } from "node:fs";
import path from "node:path";
import { DataError, OptionError } from "../../core/errors.js";
import { daysBetween } from "../../core/time.js";
import { type BookRows, coinbaseBook, coinbaseTrade } from "./coinbase-messages.js";
import { mergeRecordings } from "./merge-recordings.js";
import type { RecordedMessage, Recording } from "./recorded-message.js";
import { textLines } from "./text-lines.js";

/** What of a mirror to play. */
export interface MirrorRequest {
  /** Root of the mirror. */
  readonly folder: string;
  /** Whose files, as they are called there. */
  readonly exchange: string;
  readonly symbols: readonly string[];
  /** First day, and the day after the last. */
  readonly from: string;
  readonly to: string;
}

type Type = "trades" | "incremental_book_L2";

/** Cells of a row after `exchange,symbol`. */
const [EXCHANGE_US, LOCAL_US, FOURTH, SIDE, PRICE, AMOUNT] = [2, 3, 4, 5, 6, 7] as const;

/**
 * Days of a dataset mirror as Coinbase's messages, in arrival order; trades come before changes of the book that arrived
 * with them. A row whose arrival is no time cannot be placed and is left out, and so is a trade of an unknown side, which
 * these messages have no word for.
 *
 * @throws {OptionError} there is no file of a symbol
 * @throws {DataError} while it is read: a file is damaged, or no file of its type
 */
export function mirrorRecording({ symbols, from, to, ...mirror }: MirrorRequest): Recording {
  const days = daysBetween(from, to);
  const files = (symbol: string, type: Type): readonly string[] =>
    days.map((day) => filePath(mirror, { symbol, type, day })).filter((file) => existsSync(file));
  const sources = symbols.flatMap((symbol) => [
    fileMessages(files(symbol, "trades"), tradeReader(symbol)),
    fileMessages(files(symbol, "incremental_book_L2"), bookReader(symbol)),
  ]);
  for (const symbol of symbols) {
    if (files(symbol, "incremental_book_L2").length > 0) continue;
    throw new OptionError({
      column: "symbols",
      message: `held ${symbol}, whose book is not in ${mirror.folder} from ${from} to ${to}`,
      fix: "write it with `npx tickbook simulate`, or choose other days",
    });
  }
  return mergeRecordings(sources);
}

function filePath(
  { folder, exchange }: Pick<MirrorRequest, "folder" | "exchange">,
  { symbol, type, day }: { readonly symbol: string; readonly type: Type; readonly day: string },
): string {
  return path.join(folder, exchange, type, ...day.split("-"), `${symbol}.csv.gz`);
}

/** Turns rows into messages; it holds rows back until it has seen the next. */
interface RowReader {
  readonly header: string;
  readonly row: (cells: readonly string[], to: RecordedMessage[]) => void;
  readonly end: (to: RecordedMessage[]) => void;
}

async function* fileMessages(
  files: readonly string[],
  reader: RowReader,
): AsyncGenerator<readonly RecordedMessage[], void, undefined> {
  for (const file of files) {
    let isFirst = true;
    for await (const lines of textLines(file)) {
      if (isFirst) requireHeader(file, lines[0], reader.header);
      const messages: RecordedMessage[] = [];
      for (const line of isFirst ? lines.slice(1) : lines) {
        if (line !== "") reader.row(line.split(","), messages);
      }
      isFirst = false;
      yield messages;
    }
  }
  const last: RecordedMessage[] = [];
  reader.end(last);
  yield last;
}

function requireHeader(file: string, found: string | undefined, expected: string): void {
  if (found === `exchange,symbol,timestamp,local_timestamp,${expected}`) return;
  throw new DataError({
    file,
    row: 1,
    message: `was ${JSON.stringify((found ?? "").slice(0, 80))}, expected … ${expected}`,
    fix: "use files as the vendor names them",
  });
}

function tradeReader(symbol: string): RowReader {
  return {
    header: "id,side,price,amount",
    row: (cells, to) => {
      const localUs = timeOf(cells[LOCAL_US]);
      const side = cells[SIDE];
      if (localUs === undefined || (side !== "buy" && side !== "sell")) return;
      const row = { localUs, exchangeUs: Number(cells[EXCHANGE_US]), id: cells[FOURTH] ?? "" };
      const [price, amount] = [cells[PRICE] ?? "", cells[AMOUNT] ?? ""];
      to.push(coinbaseTrade(symbol, { ...row, isBuy: side === "buy", price, amount }));
    },
    end: () => undefined,
  };
}

/** Rows of one time and kind are a message; a bid after an ask begins another, so that the rows keep their order. */
function bookReader(symbol: string): RowReader {
  let rows: (BookRows & { readonly bids: string[]; readonly asks: string[] }) | undefined;
  const end = (to: RecordedMessage[]): void => {
    if (rows !== undefined) to.push(coinbaseBook(symbol, rows));
    rows = undefined;
  };
  return {
    header: "is_snapshot,side,price,amount",
    row: (cells, to) => {
      const localUs = timeOf(cells[LOCAL_US]);
      const side = cells[SIDE];
      if (localUs === undefined || (side !== "bid" && side !== "ask")) return;
      const exchangeUs = Number(cells[EXCHANGE_US]);
      const isSnapshot = cells[FOURTH] === "true";
      const isSame =
        rows?.localUs === localUs &&
        rows.exchangeUs === exchangeUs &&
        rows.isSnapshot === isSnapshot &&
        !(side === "bid" && rows.asks.length > 0);
      if (!isSame) end(to);
      rows ??= { localUs, exchangeUs, isSnapshot, bids: [], asks: [] };
      (side === "bid" ? rows.bids : rows.asks).push(cells[PRICE] ?? "", cells[AMOUNT] ?? "");
    },
    end,
  };
}

function timeOf(cell: string | undefined): number | undefined {
  const us = Number(cell);
  return cell !== "" && Number.isSafeInteger(us) && us > 0 ? us : undefined;
}
