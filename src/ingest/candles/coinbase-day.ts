import { createHash } from "node:crypto";
import { DataError, OptionError } from "../../core/errors.js";
import { DAY_US, dayStartUs, SECOND_US } from "../../core/time.js";
import { RequestFailure } from "../request-failure.js";
import type { CandleRow } from "./candle-buffer.js";
import { candleFault } from "./candle-fault.js";
import { type CheckedDay, DayRows } from "./checked-day.js";
import { parseAnswer } from "./coinbase-answer.js";
import type { CoinbaseClient } from "./coinbase-client.js";
import type { TextAnswer } from "./fetch-text.js";
import { type PageWindow, pageWindows } from "./page-windows.js";

/** An answer and the candles in it, oldest first. */
interface Page {
  readonly body: string;
  readonly rows: readonly CandleRow[];
}

/**
 * All candles of a product's day.
 *
 * @param options.nowUs - what this machine's clock shows
 * @returns bytes and SHA-256 are those of the answers' bodies, one after the other
 * @throws {DataError} the server kept failing, contradicted itself, or says that the day is not over
 * @throws {OptionError} it has no such product, or could not be reached
 */
export async function fetchDay(
  client: CoinbaseClient,
  product: string,
  { date, nowUs }: { readonly date: string; readonly nowUs: number },
): Promise<CheckedDay> {
  const startS = dayStartUs(date) / SECOND_US;
  const endS = startS + DAY_US / SECOND_US;
  const stop = new AbortController();
  const pages = await allOrNone(
    pageWindows(startS, endS).map((window) => fetchPage(client, product, window, stop.signal)),
    stop,
  );
  const path = candlesPath(product);
  const day = new DayRows();
  const hash = createHash("sha256");
  let bytes = 0;
  let last: CandleRow | undefined;
  let line = 0;
  for (const { body, rows } of pages) {
    hash.update(body);
    bytes += Buffer.byteLength(body);
    for (const row of rows) {
      // The candle at a page's end comes again as the next page's first, and the day's end belongs to the next day.
      if (row[0] === endS || isRepeated(row, last, path)) continue;
      last = row;
      line++;
      const reason = candleFault(row, nowUs);
      if (reason === undefined) day.keep(row);
      else day.reject({ line, reason, text: row.join(",") });
    }
  }
  const kind = client.isExchange ? "coinbase" : "server";
  return day.finish({ kind, path, bytes, sha256: hash.digest("hex") });
}

async function fetchPage(
  client: CoinbaseClient,
  product: string,
  window: PageWindow,
  signal: AbortSignal,
): Promise<Page> {
  const [start, end] = [window.startS, window.endS].map((s) => new Date(1000 * s).toISOString());
  const path = `${candlesPath(product)}?granularity=60&start=${start}&end=${end}`;
  const page = await client.get(path, { read: (answer) => read(answer, window), signal });
  if (page !== undefined) return page;
  throw new OptionError({
    column: "--product",
    message: `was "${product}", which Coinbase does not have`,
    fix: "give a coin (BTC, ETH, SOL) or a product as the exchange writes it, for example BTC-USD",
  });
}

function read({ body, serverMs }: TextAnswer, window: PageWindow): Page {
  const rows = parseAnswer(body, window);
  if (typeof rows === "string") {
    throw new RequestFailure(`sent something else than the asked candles (${rows})`);
  }
  if (serverMs < 1000 * window.endS) {
    throw new DataError({
      message: "the day is not over by the server's clock",
      fix: "set this machine's clock right",
    });
  }
  return { body, rows };
}

function isRepeated(row: CandleRow, last: CandleRow | undefined, file: string): boolean {
  if (last === undefined || row[0] !== last[0]) return false;
  if (row.every((value, i) => value === last[i])) return true;
  throw new DataError({
    file,
    message: `the minute ${new Date(1000 * row[0]).toISOString()} came twice with different values`,
    fix: "run the same command again later; what is stored is kept",
  });
}

function candlesPath(product: string): string {
  return `/products/${encodeURIComponent(product)}/candles`;
}

/** Results of all; the first failure stops the others, and is thrown once they have ended. */
async function allOrNone<Result>(
  running: readonly Promise<Result>[],
  stop: AbortController,
): Promise<readonly Result[]> {
  try {
    return await Promise.all(running);
  } catch (error) {
    stop.abort();
    await Promise.allSettled(running);
    throw error;
  }
}
