// Types of which nothing arrives for a while.
import type { EventType } from "../day-files.js";
import { BOOK_TYPES, type Plant } from "./fault-kind.js";

/**
 * Swallows everything of some types.
 *
 * @param end - how book types begin again: with a snapshot, or by the changes that come next; or not before midnight
 */
export function silence(
  types: readonly EventType[],
  end: "snapshot" | "changes" | "midnight",
): Plant {
  const silent = BOOK_TYPES.filter((type) => types.includes(type));
  const others = BOOK_TYPES.filter((type) => !types.includes(type));
  const hasTrades = types.includes("trades");
  return ({ fromUs, lastsUs, files, touched }) => {
    const toUs = fromUs + lastsUs;
    const rowsBefore = new Map<EventType, number>();
    let hasBegun = false;
    let isOver = false;
    const begin = (): void => {
      if (hasBegun) return;
      hasBegun = true;
      for (const type of types) {
        const { localUs, rows } = files.last(type);
        touched.reach(type, Number.isNaN(localUs) ? fromUs : localUs);
        if (end === "midnight") touched.reach(type, toUs);
        rowsBefore.set(type, rows);
      }
    };
    /** The first row of a type after the silence is where its absence ends. */
    const noteEnds = (): void => {
      for (const [type, rows] of rowsBefore) {
        const last = files.last(type);
        if (last.rows === rows) continue;
        touched.reach(type, last.localUs);
        rowsBefore.delete(type);
      }
    };
    return {
      trade: (localUs, exchangeUs, trade) => {
        // Trades wait for the book where both were silent: nobody can place them before.
        const isBack = silent.length > 0 ? isOver : localUs >= toUs;
        if (hasTrades && localUs >= fromUs && !isBack) {
          begin();
          touched.miss("trades");
          return;
        }
        files.trade(localUs, exchangeUs, trade);
        noteEnds();
      },
      book: (localUs, exchangeUs, book, isSnapshot) => {
        if (silent.length === 0 || localUs < fromUs || isOver) {
          files.book(localUs, exchangeUs, book, isSnapshot);
        } else if (localUs < toUs) {
          begin();
          for (const type of silent) touched.miss(type);
          files.book(localUs, exchangeUs, book, isSnapshot, others);
        } else {
          begin();
          isOver = true;
          files.book(localUs, exchangeUs, book, end === "snapshot", silent);
          files.book(localUs, exchangeUs, book, isSnapshot, others);
        }
        noteEnds();
      },
    };
  };
}
