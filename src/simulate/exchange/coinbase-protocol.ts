import { z } from "zod";
import { jsonOf } from "../../core/json-of.js";
import { coinbaseTopic } from "./coinbase-messages.js";
import { type ClientRequest, type ExchangeProtocol, NOT_FOUND } from "./protocol.js";
import type { RecordedMessage } from "./recorded-message.js";
import { TextBook } from "./text-book.js";

const SUBSCRIBE = z.object({
  type: z.literal("subscribe"),
  product_ids: z.array(z.string()).optional(),
  channels: z.array(
    z.union([z.string(), z.object({ name: z.string(), product_ids: z.array(z.string()) })]),
  ),
});

/** Names of channels, and what they hold. */
const CHANNELS: Readonly<Record<string, keyof typeof coinbaseTopic>> = {
  matches: "trades",
  level2: "book",
  level2_batch: "book",
};

interface Book {
  readonly levels: TextBook;
  /** Exchange's time of its last message, as sent. */
  time: string;
  localUs: number;
  /** Whether its last message was a whole book. */
  isWhole: boolean;
}

interface BookMessage {
  readonly type: "snapshot" | "l2update";
  readonly time: string;
  readonly bids?: readonly (readonly [string, string])[];
  readonly asks?: readonly (readonly [string, string])[];
  readonly changes?: readonly (readonly ["buy" | "sell", string, string])[];
}

/**
 * Coinbase: a subscription is answered with the list of it, and every book begins with a whole one over the socket.
 *
 * @param symbols - those that there are
 */
export function coinbaseProtocol(symbols: readonly string[]): ExchangeProtocol {
  const books = new Map<string, Book>();
  const bookTopics = new Map(symbols.map((symbol) => [coinbaseTopic.book(symbol), symbol]));
  return {
    request: (text) => readRequest(text, symbols),
    note: (message) => {
      if (message.text === "") books.clear();
      else if (bookTopics.has(message.topic)) noteBook(books, message);
    },
    wholeBooks: (topics) =>
      [...topics].flatMap((topic) => {
        const symbol = bookTopics.get(topic);
        const book = symbol === undefined ? undefined : books.get(symbol);
        return book === undefined ? [] : [wholeBook(symbol!, topic, book)];
      }),
    rest: () => NOT_FOUND,
  };
}

function readRequest(text: string, symbols: readonly string[]): ClientRequest {
  const request = SUBSCRIBE.safeParse(jsonOf(text)).data;
  if (request === undefined) return refuse("Malformed JSON");
  const channels = request.channels.map((channel) =>
    typeof channel === "string"
      ? { name: channel, product_ids: request.product_ids ?? [] }
      : channel,
  );
  const topics: string[] = [];
  for (const { name, product_ids } of channels) {
    const kind = CHANNELS[name];
    if (kind === undefined) return refuse(`${name} is not a valid channel`);
    for (const symbol of product_ids) {
      if (!symbols.includes(symbol)) return refuse(`${symbol} is not a valid product`);
      topics.push(coinbaseTopic[kind](symbol));
    }
  }
  return { answers: [JSON.stringify({ type: "subscriptions", channels })], topics };
}

function refuse(reason: string): ClientRequest {
  const answer = { type: "error", message: "Failed to subscribe", reason };
  return { answers: [JSON.stringify(answer)], topics: [] };
}

function noteBook(books: Map<string, Book>, { symbol, text, localUs }: RecordedMessage): void {
  const message = JSON.parse(text) as BookMessage;
  let book = books.get(symbol);
  if (message.type === "snapshot") {
    // A whole book may come in pieces, which arrive together.
    if (book === undefined || !book.isWhole || book.localUs !== localUs) {
      book = { levels: new TextBook(), time: "", localUs, isWhole: true };
    }
    for (const [price, amount] of message.bids ?? []) book.levels.set(true, price, amount);
    for (const [price, amount] of message.asks ?? []) book.levels.set(false, price, amount);
    books.set(symbol, book);
  }
  if (book === undefined) return;
  for (const [side, price, amount] of message.changes ?? []) {
    book.levels.set(side === "buy", price, amount);
  }
  book.isWhole = message.type === "snapshot";
  book.time = message.time;
  book.localUs = localUs;
}

function wholeBook(symbol: string, topic: string, book: Book): RecordedMessage {
  const { levels, time, localUs } = book;
  const [bids, asks] = [levels.levels(true), levels.levels(false)];
  const text = JSON.stringify({ type: "snapshot", product_id: symbol, bids, asks, time });
  return { localUs, symbol, topic, text };
}
