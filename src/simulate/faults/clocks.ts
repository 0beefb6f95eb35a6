// Exchange times that are wrong.
import { DAY_US } from "../../core/time.js";
import type { EventType } from "../day-files.js";
import { BOOK_TYPES, MAIN_TYPES, type Plant } from "./fault-kind.js";

const EVENT_TYPES: readonly EventType[] = ["trades", ...BOOK_TYPES];
/** A row this soon after the one before is not late when its exchange time is put before that one's. */
const SOON_US = 400_000;

/** Moves the exchange times of all types, in whole ms, while the fault lasts. */
export function movedClock(moved: (localUs: number, exchangeUs: number) => number): Plant {
  const wholeMs = (timeUs: number): number => 1_000 * Math.round(timeUs / 1_000);
  return ({ fromUs, lastsUs, files, touched }) => {
    const isIn = (localUs: number): boolean => localUs >= fromUs && localUs < fromUs + lastsUs;
    return {
      trade: (localUs, exchangeUs, trade) => {
        if (!isIn(localUs)) return files.trade(localUs, exchangeUs, trade);
        const wrongUs = wholeMs(moved(localUs, exchangeUs));
        touched.writing(["trades"], localUs, () => files.trade(localUs, wrongUs, trade));
      },
      book: (localUs, exchangeUs, book, isSnapshot) => {
        if (!isIn(localUs)) return files.book(localUs, exchangeUs, book, isSnapshot);
        const wrongUs = wholeMs(moved(localUs, exchangeUs));
        touched.writing(BOOK_TYPES, localUs, () => files.book(localUs, wrongUs, book, isSnapshot));
      },
    };
  };
}

/** Makes every delay longer, from nothing at midnight to `driftUs` at the next. */
export function driftingClock(driftUs: number): Plant {
  return (place) => {
    const lateUs = (localUs: number): number => driftUs * ((localUs - place.fromUs) / DAY_US);
    return movedClock((localUs, exchangeUs) => exchangeUs - lateUs(localUs))(place);
  };
}

/** Puts the exchange time of one message of one type before that of the message before it. */
export function stepBack(backUs: number): Plant {
  return ({ random, fromUs, files, touched }) => {
    const type = MAIN_TYPES[random.below(MAIN_TYPES.length)]!;
    let atUs = Number.NaN;
    let wrongUs = Number.NaN;
    const isPlace = (localUs: number): boolean => {
      if (localUs === atUs) return true;
      const last = files.last(type);
      const sinceUs = localUs - last.localUs;
      if (!Number.isNaN(atUs) || localUs < fromUs || !(sinceUs > 0 && sinceUs < SOON_US)) {
        return false;
      }
      wrongUs = last.exchangeUs - backUs;
      return true;
    };
    return {
      trade: (localUs, exchangeUs, trade) => {
        if (type !== "trades" || !isPlace(localUs)) {
          return files.trade(localUs, exchangeUs, trade);
        }
        atUs = localUs;
        touched.writing([type], localUs, () => files.trade(localUs, wrongUs, trade));
      },
      book: (localUs, exchangeUs, book, isSnapshot) => {
        if (type === "trades" || !isPlace(localUs)) {
          return files.book(localUs, exchangeUs, book, isSnapshot);
        }
        const write = (): void => files.book(localUs, wrongUs, book, isSnapshot, [type]);
        if (touched.writing([type], localUs, write)) atUs = localUs;
        const others = EVENT_TYPES.filter((other) => other !== type);
        files.book(localUs, exchangeUs, book, isSnapshot, others);
      },
    };
  };
}
