/**
 * Rows of numbers in order of time, the oldest of which are dropped: a window that slides along a stream. A row has a time
 * and up to four numbers; rows are numbered from 0 on and keep their numbers.
 */
export class SlidingRows {
  /** Number of the oldest row that is kept, and of the next row to come. */
  first = 0;
  end = 0;
  private columns: Float64Array[] = Array.from({ length: 5 }, () => new Float64Array(64));
  private mask = 63;

  /** Adds a row; its time is not before the last one's. */
  push(timeUs: number, a: number, b: number, c: number, d: number): void {
    if (this.end - this.first > this.mask) this.grow();
    const at = this.end++ & this.mask;
    this.columns[0]![at] = timeUs;
    this.columns[1]![at] = a;
    this.columns[2]![at] = b;
    this.columns[3]![at] = c;
    this.columns[4]![at] = d;
  }

  /** Time of a row that is kept, µs. */
  timeUs(row: number): number {
    return this.columns[0]![row & this.mask]!;
  }

  /** One of the row's numbers, from 1 to 4. */
  value(row: number, column: 1 | 2 | 3 | 4): number {
    return this.columns[column]![row & this.mask]!;
  }

  /** Drops rows before a time, but not the last of them: it is in force until the next. */
  dropBefore(timeUs: number): void {
    while (this.first + 1 < this.end && this.timeUs(this.first + 1) < timeUs) this.first++;
  }

  /** The last row not after a time; one before the first kept where all are later. */
  lastUntil(timeUs: number): number {
    let low = this.first - 1;
    let high = this.end - 1;
    while (low < high) {
      const middle = low + Math.ceil((high - low) / 2);
      if (this.timeUs(middle) <= timeUs) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  private grow(): void {
    const columns = this.columns.map((column) => new Float64Array(2 * column.length));
    const mask = 2 * this.mask + 1;
    for (let row = this.first; row < this.end; row++) {
      columns.forEach((column, i) => {
        column[row & mask] = this.columns[i]![row & this.mask]!;
      });
    }
    this.columns = columns;
    this.mask = mask;
  }
}
