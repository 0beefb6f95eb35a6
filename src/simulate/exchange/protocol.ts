import type { RecordedMessage } from "./recorded-message.js";

/** What an exchange makes of what a client sent. */
export interface ClientRequest {
  /** Sent back at once. */
  readonly answers: readonly string[];
  /** Topics that the client gets from now on. */
  readonly topics: readonly string[];
}

/** An answer to a request over http. */
export interface RestAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** How an exchange talks with its clients, and the books it keeps so as to be able to. */
export interface ExchangeProtocol {
  /** Reads what a client sent; one that asks for the times of the recording gets recorded whole books, too. */
  readonly request: (text: string, client: { readonly hasArrivals: boolean }) => ClientRequest;
  /** Takes a message into the books; a lost connection empties them. */
  readonly note: (message: RecordedMessage) => void;
  /** Whole books of topics as they stand, to be sent after a subscription; none where no whole book was recorded yet. */
  readonly wholeBooks: (topics: Iterable<string>) => readonly RecordedMessage[];
  /** Answers over http; undefined while it has to wait, for a book that was not recorded yet. */
  readonly rest: (url: URL) => RestAnswer | undefined;
}

/** What there is at no path of an exchange. */
export const NOT_FOUND: RestAnswer = { status: 404, headers: {}, body: '{"msg":"Not found"}' };
