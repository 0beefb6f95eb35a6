import { z } from "zod";
import { jsonOf } from "../../core/json-of.js";
import {
  type ClientRequest,
  type ExchangeProtocol,
  NOT_FOUND,
  type RestAnswer,
} from "./protocol.js";
import type { RecordedMessage } from "./recorded-message.js";
import { TextBook, type TextLevel } from "./text-book.js";

const SUBSCRIBE = z.object({
  method: z.literal("SUBSCRIBE"),
  params: z.array(z.string()),
  id: z.union([z.number(), z.string(), z.null()]),
});

/** Requests that a client may make in a minute, in Binance's weights. */
const WEIGHT_LIMIT = 6000;
const WEIGHT_HEADERS = { "content-type": "application/json", "x-mbx-used-weight-1m": "1" };

const SNAPSHOT = "depthSnapshot";

/** Changes before the first whole book that are kept, as a client does; older ones are in it. */
const MOST_EARLY = 2000;

/** A book, or the changes that were recorded before the whole book that they belong to. */
interface Book {
  readonly levels: TextBook;
  /** Number of its last change; undefined before the whole book. */
  lastId: number | undefined;
  localUs: number;
  readonly early: DepthChange[];
}

interface DepthChange {
  readonly U: number;
  readonly u: number;
  readonly b: readonly TextLevel[];
  readonly a: readonly TextLevel[];
}

interface WholeBook {
  readonly lastUpdateId: number;
  readonly bids: readonly TextLevel[];
  readonly asks: readonly TextLevel[];
}

/**
 * Binance: a subscription is answered with `{"result":null,"id":n}`; whole books are fetched over http, and come over the
 * socket only where they were recorded and the client asked for the recorded times.
 */
export function binanceProtocol(): ExchangeProtocol {
  const books = new Map<string, Book>();
  return {
    request: readRequest,
    note: (message) => {
      if (message.text === "") books.clear();
      else if (message.topic.includes("@depth")) noteDepth(books, message);
    },
    wholeBooks: (topics) =>
      [...topics].flatMap((topic) => {
        const symbol = topic.endsWith(`@${SNAPSHOT}`) ? topic.split("@")[0]!.toUpperCase() : "";
        const book = books.get(symbol);
        return book?.lastId === undefined ? [] : [wholeBook(symbol, topic, book)];
      }),
    rest: (url) => answerRest(books, url),
  };
}

function readRequest(
  text: string,
  { hasArrivals }: { readonly hasArrivals: boolean },
): ClientRequest {
  const request = SUBSCRIBE.safeParse(jsonOf(text)).data;
  if (request === undefined) {
    const error = { code: 2, msg: "Invalid request: unknown method" };
    return { answers: [JSON.stringify({ error, id: null })], topics: [] };
  }
  const { params, id } = request;
  const books = hasArrivals ? params.filter((topic) => /@depth(@|$)/.test(topic)) : [];
  const whole = books.map((topic) => `${topic.split("@")[0]}@${SNAPSHOT}`);
  return { answers: [JSON.stringify({ result: null, id })], topics: [...params, ...whole] };
}

function noteDepth(books: Map<string, Book>, { symbol, text, localUs }: RecordedMessage): void {
  const { data } = JSON.parse(text) as { readonly data: WholeBook | DepthChange };
  const book = books.get(symbol) ?? {
    levels: new TextBook(),
    lastId: undefined,
    localUs,
    early: [],
  };
  books.set(symbol, book);
  book.localUs = localUs;
  if ("lastUpdateId" in data) {
    book.levels.clear();
    book.lastId = data.lastUpdateId;
    for (const [price, amount] of data.bids) book.levels.set(true, price, amount);
    for (const [price, amount] of data.asks) book.levels.set(false, price, amount);
    for (const change of book.early.splice(0)) changeBook(books, symbol, { book, change });
  } else if (book.lastId === undefined) {
    book.early.push(data);
    if (book.early.length > MOST_EARLY) book.early.shift();
  } else {
    changeBook(books, symbol, { book, change: data });
  }
}

/** A change that does not follow the last leaves a book that nobody knows. */
function changeBook(
  books: Map<string, Book>,
  symbol: string,
  { book, change }: { readonly book: Book; readonly change: DepthChange },
): void {
  if (book.lastId === undefined || change.u <= book.lastId) return;
  if (change.U > book.lastId + 1) {
    books.delete(symbol);
    book.lastId = undefined;
    return;
  }
  for (const [price, amount] of change.b) book.levels.set(true, price, amount);
  for (const [price, amount] of change.a) book.levels.set(false, price, amount);
  book.lastId = change.u;
}

function wholeBook(symbol: string, topic: string, book: Book): RecordedMessage {
  const { localUs } = book;
  const text = JSON.stringify({ stream: topic, generated: true, data: bookData(book) });
  return { localUs, symbol, topic, text };
}

function bookData({ lastId, levels }: Book): WholeBook {
  return { lastUpdateId: lastId!, bids: levels.levels(true), asks: levels.levels(false) };
}

function answerRest(books: ReadonlyMap<string, Book>, url: URL): RestAnswer | undefined {
  const answer = (body: object): RestAnswer => ({
    status: 200,
    headers: WEIGHT_HEADERS,
    body: JSON.stringify(body),
  });
  if (url.pathname.endsWith("/exchangeInfo")) {
    const limit = { rateLimitType: "REQUEST_WEIGHT", interval: "MINUTE", intervalNum: 1 };
    return answer({ rateLimits: [{ ...limit, limit: WEIGHT_LIMIT }] });
  }
  if (!url.pathname.endsWith("/depth")) return NOT_FOUND;
  const book = books.get(url.searchParams.get("symbol") ?? "");
  return book?.lastId === undefined ? undefined : answer(bookData(book));
}
