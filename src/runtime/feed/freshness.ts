/** Watches how long the book of each symbol was not heard of. */
export class Freshness {
  private readonly afterMs: number;
  private readonly books: ReadonlyMap<string, Book>;

  /**
   * @param symbols - those that are watched
   * @param options.afterMs - a book that was not heard of for longer is stale
   * @param options.nowMs - time at which the watch begins, ms of a clock that never goes back
   */
  constructor(
    symbols: readonly string[],
    { afterMs, nowMs }: { readonly afterMs: number; readonly nowMs: number },
  ) {
    this.afterMs = afterMs;
    this.books = new Map(
      symbols.map((symbol) => [symbol, { heardMs: nowMs, isStale: false, isKnown: false }]),
    );
  }

  /**
   * A message of a book came. After a lost connection only a snapshot counts: changes of an unknown book tell nothing.
   *
   * @returns whether the book was stale and is no longer
   */
  heard(symbol: string, isSnapshot: boolean, nowMs: number): boolean {
    const book = this.books.get(symbol);
    if (book === undefined) return false;
    if (isSnapshot) book.isKnown = true;
    if (!book.isKnown) return false;
    book.heardMs = nowMs;
    const wasStale = book.isStale;
    book.isStale = false;
    return wasStale;
  }

  /** The connection was lost. */
  lose(): void {
    for (const book of this.books.values()) book.isKnown = false;
  }

  /** Nobody could be heard since the last time, because nobody listened. */
  excuse(nowMs: number): void {
    for (const book of this.books.values()) if (!book.isStale) book.heardMs = nowMs;
  }

  /** Symbols that have become stale since the last time. */
  check(nowMs: number): readonly string[] {
    const stale: string[] = [];
    for (const [symbol, book] of this.books) {
      if (book.isStale || nowMs - book.heardMs <= this.afterMs) continue;
      book.isStale = true;
      stale.push(symbol);
    }
    return stale;
  }
}

interface Book {
  heardMs: number;
  isStale: boolean;
  isKnown: boolean;
}
