// Rows that no reader takes.
import type { EventType } from "../day-files.js";
import type { DaySink } from "../day-sink.js";
import { MAIN_TYPES, type Plant } from "./fault-kind.js";

/** Cells after the times, with a price that is no number. */
const GARBLED: Readonly<Record<(typeof MAIN_TYPES)[number], string>> = {
  trades: "1,buy,nan,1",
  incremental_book_L2: "false,bid,nan,1",
  quotes: "1,nan,1,1",
};

/** A row too many, with a price that is no number, follows a right one of one type. */
export const garbledRow: Plant = ({ random, fromUs, files, touched }) => {
  const type = MAIN_TYPES[random.below(MAIN_TYPES.length)]!;
  let isDone = false;
  const follow = (localUs: number, exchangeUs: number, write: () => void): void => {
    const { rows } = files.last(type);
    write();
    if (isDone || localUs < fromUs || files.last(type).rows === rows) return;
    isDone = true;
    garble(type, localUs, exchangeUs);
  };
  const garble = (to: EventType, localUs: number, exchangeUs: number): void => {
    touched.writing([to], localUs, () => files.row(to, localUs, exchangeUs, GARBLED[type]));
  };
  return {
    trade: (...sent) => follow(sent[0], sent[1], () => files.trade(...sent)),
    book: (...sent) => follow(sent[0], sent[1], () => files.book(...sent)),
  };
};

/** Two trades change places: the second's row comes before the first's, whose arrival then steps back. */
export const swappedTrades: Plant = ({ fromUs, files, touched }) => {
  let held: Parameters<DaySink["trade"]> | undefined;
  let isDone = false;
  return {
    book: files.book,
    trade: (...sent) => {
      const [localUs] = sent;
      if (!isDone && held === undefined && localUs >= fromUs) {
        held = sent;
        return;
      }
      files.trade(...sent);
      if (held === undefined || localUs === held[0]) return;
      const late = held;
      held = undefined;
      isDone = true;
      touched.reach("trades", localUs);
      touched.writing(["trades"], late[0], () => files.trade(...late));
    },
  };
};
