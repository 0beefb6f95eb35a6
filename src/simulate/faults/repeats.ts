// Rows that come twice.
import { SECOND_US } from "../../core/time.js";
import type { BookView } from "../book-view.js";
import type { EventType } from "../day-files.js";
import type { DaySink } from "../day-sink.js";
import type { Plant } from "./fault-kind.js";
import { copyOf } from "./shown-side.js";

/** What comes again comes this soon, so that it is not late as well. */
const SOON_US = 1.5 * SECOND_US;

/** A trade comes again, with its id and exchange time, just before the next one. */
export const repeatedTrade: Plant = ({ fromUs, files, touched }) => {
  let first: Parameters<DaySink["trade"]> | undefined;
  let isDone = false;
  return {
    book: files.book,
    trade: (...sent) => {
      const [localUs] = sent;
      if (first !== undefined && !isDone && localUs > first[0]) {
        const [firstUs, exchangeUs, trade] = first;
        if (localUs - firstUs < SOON_US) {
          touched.writing(["trades"], localUs, () => files.trade(localUs, exchangeUs, trade));
          isDone = true;
        }
        first = undefined;
      }
      files.trade(...sent);
      if (localUs >= fromUs) first ??= sent;
    },
  };
};

interface Message {
  readonly localUs: number;
  readonly exchangeUs: number;
  readonly book: BookView;
}

/** Some messages of one type come again, one after the other, just before the next one. */
export function repeatedMessages(type: EventType, messages: number): Plant {
  return ({ fromUs, files, touched }) => {
    let block: Message[] = [];
    let isDone = false;
    const repeat = (localUs: number): void => {
      touched.writing([type], localUs, () => {
        for (const { exchangeUs, book } of block) {
          // A quote is written again when it is asked for as a snapshot, changed or not.
          files.book(localUs, exchangeUs, book, type === "quotes", [type]);
        }
      });
      isDone = true;
    };
    const isWhole = (nextUs: number): boolean =>
      new Set(block.map((one) => one.exchangeUs)).size === messages &&
      block.at(-1)!.exchangeUs !== nextUs;
    return {
      trade: files.trade,
      book: (localUs, exchangeUs, book, isSnapshot) => {
        if (!isDone && isWhole(exchangeUs)) {
          if (localUs - block[0]!.localUs < SOON_US) repeat(localUs);
          block = [];
        }
        const before = files.last(type);
        const { rows, exchangeUs: beforeUs } = before;
        files.book(localUs, exchangeUs, book, isSnapshot);
        if (isDone || localUs < fromUs || files.last(type).rows === rows) return;
        // Rows of one exchange time are one message: a block begins with its first.
        if (block.length === 0 && exchangeUs === beforeUs) return;
        block.push({ localUs, exchangeUs, book: copyOf(book) });
      },
    };
  };
}
