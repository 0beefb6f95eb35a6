// How are the rows of made messages told: as they are, or a few at a time?
import type { Random } from "../../core/random.js";
import type { Message } from "../ingest/book-changes.js";

/** Messages of few rows, in place of the made day's own. */
export interface Pace {
  /** Rows of a message at most; any number from one on is as frequent. */
  readonly mostRows: number;
  /** Mean time from one message to the next, µs; half of it lies between any two. */
  readonly messageUs: number;
}

/** Rows that come at once; one object is filled again and again. */
export interface Part {
  message: Message;
  /** Which of the message's rows, in order. */
  rows: Int32Array;
  localUs: number;
  exchangeUs: number;
}

/** Longer than any message. */
const ROOM = 1 << 12;

/** From the exchange's time to the arrival of what has times of its own, µs. */
export const DELAY_US: number = 3000;

/** Messages as they are. */
export function* whole(messages: Iterable<Message>): Generator<Part, void> {
  const all = Int32Array.from({ length: ROOM }, (_, i) => i);
  const part: Partial<Part> = {};
  for (const message of messages) {
    part.message = message;
    part.rows = all.subarray(0, message.rows);
    part.localUs = message.localTimestampUs;
    part.exchangeUs = message.timestampUs;
    yield part as Part;
  }
}

/**
 * Each message cut into small ones, with times of their own; snapshots stay whole. Rows that delete a level come first, so
 * that what is left when a part has come is never crossed.
 */
export function* paced(
  messages: Iterable<Message>,
  {
    pace: { mostRows, messageUs },
    startUs,
    random,
  }: { readonly pace: Pace; readonly startUs: number; readonly random: Random },
): Generator<Part, void> {
  const order = new Int32Array(ROOM);
  const part: Partial<Part> = {};
  let localUs = startUs + DELAY_US;
  for (const message of messages) {
    const { rows, isSnapshot } = message;
    sortDeletesFirst(message, order);
    for (let from = 0, to = 0; from < rows; from = to) {
      to = isSnapshot ? rows : Math.min(from + 1 + random.below(mostRows), rows);
      localUs += Math.ceil(messageUs * (0.5 + random.uniform()));
      part.message = message;
      part.rows = order.subarray(from, to);
      part.localUs = localUs;
      part.exchangeUs = localUs - DELAY_US;
      yield part as Part;
    }
  }
}

function sortDeletesFirst({ rows, amountMilli }: Message, order: Int32Array): void {
  let at = 0;
  for (let i = 0; i < rows; i++) if (amountMilli[i] === 0) order[at++] = i;
  for (let i = 0; i < rows; i++) if (amountMilli[i] !== 0) order[at++] = i;
}
