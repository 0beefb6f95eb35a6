/** The last so many things of a row that does not end. */
export class Ring<T> {
  private readonly limit: number;
  private readonly items: T[] = [];
  private next = 0;

  /** @param limit - most things that are kept, at least 1 */
  constructor(limit: number) {
    this.limit = limit;
  }

  /** Adds one; gives back the one that it pushed out. */
  push(item: T): T | undefined {
    const old = this.items[this.next];
    this.items[this.next] = item;
    this.next = (this.next + 1) % this.limit;
    return old;
  }

  /** All that are kept, the newest first. */
  newestFirst(): readonly T[] {
    const { length } = this.items;
    return Array.from(
      { length },
      (_, i) => this.items[(this.next - 1 - i + 2 * this.limit) % this.limit]!,
    );
  }
}
