// Files that show another book than the one there is.
import { SECOND_US } from "../../core/time.js";
import type { BookView } from "../book-view.js";
import type { EventType } from "../day-files.js";
import type { MadeTrade } from "../day-sink.js";
import { BOOK_TYPES, type FaultPlace, type Plant } from "./fault-kind.js";
import { type BookLevels, levelsOf, ShownSide } from "./shown-side.js";

/** A fault that shows what stood before lasts until so many orders have met it, and some seconds longer. */
const LEAST_HITS = 3;
const AFTER_HITS_US = 5 * SECOND_US;

/** The book as it was at the last batch that was shown as it is. */
export interface LastRightBook {
  readonly levels: BookLevels;
  /** Mean spread of the hour's batches until then, ticks. */
  readonly meanSpread: number;
}

/** What is shown in place of the book. */
export interface Distortion {
  /** Levels that the files show while the book is another. */
  readonly levels: (book: BookView, lastRight: LastRightBook) => BookLevels;
  /** Whether a batch may be the last that is shown as it is; any may where this is not given. */
  readonly mayFollow?: (book: BookView) => boolean;
  /** Whether a trade shows that the levels no longer hold; then the last right batch is the fault's start. */
  readonly isHit?: (trade: MadeTrade, lastRight: LastRightBook) => boolean;
}

/**
 * Shows a distorted book in some files while the fault lasts, then the true one again: the files get the changes from
 * one to the next, and no snapshot.
 */
export function wrongView(
  types: readonly EventType[],
  distort: (place: FaultPlace) => Distortion,
): Plant {
  const others = BOOK_TYPES.filter((type) => !types.includes(type));
  return (place) => {
    const { fromUs, lastsUs, files, touched } = place;
    const { levels, mayFollow, isHit } = distort(place);
    const spreads = { sum: 0, batches: 0 };
    let shown: { readonly bids: ShownSide; readonly asks: ShownSide } | undefined;
    let lastRight: LastRightBook | undefined;
    let endUs = Number.POSITIVE_INFINITY;
    let hits = 0;
    let lastHitUs = Number.NEGATIVE_INFINITY;

    const begin = (book: BookView, localUs: number): void => {
      const now = levelsOf(book);
      lastRight = { levels: now, meanSpread: spreads.sum / spreads.batches };
      shown = { bids: new ShownSide(1, now.bids), asks: new ShownSide(-1, now.asks) };
      if (isHit !== undefined) for (const type of types) touched.reach(type, localUs);
    };
    return {
      trade: (localUs, exchangeUs, trade) => {
        files.trade(localUs, exchangeUs, trade);
        if (lastRight === undefined || shown === undefined || localUs === lastHitUs) return;
        if (!isHit?.(trade, lastRight)) return;
        // All fills of an order arrive at once.
        hits++;
        if (hits <= LEAST_HITS) lastHitUs = localUs;
      },
      book: (localUs, exchangeUs, book, isSnapshot) => {
        if (shown === undefined || lastRight === undefined) {
          files.book(localUs, exchangeUs, book, isSnapshot);
          spreads.sum += book.asks.best - book.bids.best;
          spreads.batches++;
          const isTime = lastRight === undefined && localUs >= fromUs;
          if (isTime && (mayFollow?.(book) ?? true)) begin(book, localUs);
          return;
        }
        endUs = Math.min(endUs, localUs + lastsUs);
        const isMet = isHit === undefined || hits >= LEAST_HITS;
        const isOver = isMet && localUs >= Math.max(endUs, lastHitUs + AFTER_HITS_US);
        const next = isOver ? levelsOf(book) : levels(book, lastRight);
        shown.bids.become(next.bids);
        shown.asks.become(next.asks);
        const view = shown;
        touched.writing(types, localUs, () =>
          files.book(localUs, exchangeUs, view, isSnapshot, types),
        );
        files.book(localUs, exchangeUs, book, isSnapshot, others);
        if (!isOver) return;
        for (const type of types) touched.reach(type, localUs);
        shown = undefined;
      },
    };
  };
}
