// Trades that are missing or wrong.
import type { BookView } from "../book-view.js";
import type { DaySink } from "../day-sink.js";
import type { FaultPlace, Plant } from "./fault-kind.js";

type Trade = Parameters<DaySink["trade"]>[2];

/** Leaves one trade out. */
export const missingTrade: Plant = ({ fromUs, files, touched }) => {
  let isOut = false;
  let isNoted = false;
  return {
    book: files.book,
    trade: (localUs, exchangeUs, trade) => {
      if (!isOut && localUs >= fromUs) {
        isOut = true;
        touched.reach("trades", files.last("trades").localUs);
        touched.miss("trades");
        return;
      }
      files.trade(localUs, exchangeUs, trade);
      if (isOut && !isNoted) touched.reach("trades", localUs);
      isNoted = isOut;
    },
  };
};

/** Changes some trades in a row. */
export function wrongTrades(
  count: number,
  wrong: (trade: Trade, book: BookView, place: FaultPlace) => Trade,
): Plant {
  return (place) => {
    const { fromUs, files, touched } = place;
    let book: BookView | undefined;
    let left = count;
    return {
      book: (localUs, exchangeUs, now, isSnapshot) => {
        book = now;
        files.book(localUs, exchangeUs, now, isSnapshot);
      },
      trade: (localUs, exchangeUs, trade) => {
        if (left === 0 || localUs < fromUs || book === undefined) {
          return files.trade(localUs, exchangeUs, trade);
        }
        left--;
        const sent = wrong(trade, book, place);
        touched.writing(["trades"], localUs, () => files.trade(localUs, exchangeUs, sent));
      },
    };
  };
}

/** A price beyond the best ask by so many basis points, and a tick. */
export function aboveBook(bps: number): (trade: Trade, book: BookView) => Trade {
  return (trade, { asks }) => ({ ...trade, ticks: Math.ceil(asks.best * (1 + bps / 1e4)) + 1 });
}

/** A price that is off by a share, up or down. */
export function farPrice(
  share: number,
): (trade: Trade, book: BookView, place: FaultPlace) => Trade {
  return (trade, _, { random }) => {
    const isUp = random.uniform() < 0.5;
    const ticks = trade.ticks * (isUp ? 1 + share : 1 - share);
    return { ...trade, ticks: isUp ? Math.ceil(ticks) : Math.floor(ticks) };
  };
}

/** So many times the amount of a usual order. */
export function hugeAmount(
  times: number,
): (trade: Trade, book: BookView, place: FaultPlace) => Trade {
  return (trade, _, { settings }) => ({ ...trade, lots: times * settings.orderLots });
}
