/** Is told a stretch in which two tellings stood unchanged and differed, and whether their prices did. */
type OnApart = (sinceUs: number, untilUs: number, isOfPrices: boolean) => void;

/** What one telling shows: since when, and numbers that stand for its prices alone and for prices and amounts. */
interface Shown {
  sinceUs: number;
  prices: number;
  all: number;
}

/**
 * Stretches in which a book and another telling of it both stand unchanged and differ. States that are compared at their own
 * times agree with what came shortly before, so a difference that begins with the last change of a quiet market is one of
 * none.
 */
export class StandingApart {
  private readonly leastUs: number;
  private readonly onApart: OnApart;
  private readonly book: Shown = { sinceUs: Number.NaN, prices: Number.NaN, all: Number.NaN };
  private readonly other: Shown = { sinceUs: Number.NaN, prices: Number.NaN, all: Number.NaN };

  /** @param leastUs - a shorter stretch is a matter of timing */
  constructor(leastUs: number, onApart: OnApart) {
    this.leastUs = leastUs;
    this.onApart = onApart;
  }

  /** Takes a state of the book, in order of time with the other's; NaN where it shows nothing. */
  addState(localUs: number, prices: number, all: number): void {
    this.take(this.book, localUs, prices, all);
  }

  /** Takes a state of the other telling. */
  addOther(localUs: number, prices: number, all: number): void {
    this.take(this.other, localUs, prices, all);
  }

  private take(shown: Shown, localUs: number, prices: number, all: number): void {
    const { book, other } = this;
    const sinceUs = Math.max(book.sinceUs, other.sinceUs);
    if (localUs - sinceUs >= this.leastUs) {
      const areKnown = !Number.isNaN(book.all) && !Number.isNaN(other.all);
      if (areKnown && book.all !== other.all) {
        this.onApart(sinceUs, localUs, book.prices !== other.prices);
      }
    }
    shown.sinceUs = localUs;
    shown.prices = prices;
    shown.all = all;
  }
}
