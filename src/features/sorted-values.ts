/** Values of a chunk at most; a fuller one is halved. */
const CHUNK = 512;

/**
 * Numbers in order, to which some are added and from which some are removed, for exact quantiles and ranks of what is in
 * a sliding window: sorted chunks, so that each step moves at most a chunk.
 */
export class SortedValues {
  private chunks: Float64Array[] = [];
  private sizes: number[] = [];
  private count = 0;

  /** How many numbers there are. */
  get size(): number {
    return this.count;
  }

  /** Adds a number; not NaN. */
  add(value: number): void {
    this.count++;
    if (this.chunks.length === 0) {
      this.chunks.push(new Float64Array(CHUNK));
      this.sizes.push(0);
    }
    const at = this.chunkOf(value);
    const chunk = this.chunks[at]!;
    const size = this.sizes[at]!;
    const place = lowerBound(chunk, size, value);
    chunk.copyWithin(place + 1, place, size);
    chunk[place] = value;
    this.sizes[at] = size + 1;
    if (size + 1 === CHUNK) this.halve(at);
  }

  /** Removes a number that was added before, one of equal ones. */
  remove(value: number): void {
    const at = this.chunkOf(value);
    const chunk = this.chunks[at]!;
    const place = lowerBound(chunk, this.sizes[at]!, value);
    this.count--;
    this.sizes[at]!--;
    chunk.copyWithin(place, place + 1, this.sizes[at]! + 1);
    if (this.sizes[at] === 0) {
      this.chunks.splice(at, 1);
      this.sizes.splice(at, 1);
    }
  }

  /** How many numbers are below a value. */
  below(value: number): number {
    if (this.count === 0) return 0;
    const at = this.chunkOf(value);
    let sum = lowerBound(this.chunks[at]!, this.sizes[at]!, value);
    for (let i = 0; i < at; i++) sum += this.sizes[i]!;
    return sum;
  }

  /** How many numbers equal a value. */
  equal(value: number): number {
    if (this.count === 0) return 0;
    let at = this.chunkOf(value);
    let place = lowerBound(this.chunks[at]!, this.sizes[at]!, value);
    let count = 0;
    for (; at < this.chunks.length; at++, place = 0) {
      for (; place < this.sizes[at]!; place++, count++) {
        if (this.chunks[at]![place] !== value) return count;
      }
    }
    return count;
  }

  /** The number at a place, 0 is the least; NaN beyond the last. */
  at(place: number): number {
    let left = place;
    for (let i = 0; i < this.chunks.length; i++) {
      if (left < this.sizes[i]!) return this.chunks[i]![left]!;
      left -= this.sizes[i]!;
    }
    return Number.NaN;
  }

  /** Has these numbers and no others. */
  reset(values: Float64Array): void {
    const sorted = values.slice().sort();
    this.chunks = [];
    this.sizes = [];
    this.count = sorted.length;
    for (let from = 0; from < sorted.length; from += CHUNK / 2) {
      const part = sorted.subarray(from, from + CHUNK / 2);
      const chunk = new Float64Array(CHUNK);
      chunk.set(part);
      this.chunks.push(chunk);
      this.sizes.push(part.length);
    }
  }

  /** The first chunk that ends with the value or a larger one; the last one when none does. */
  private chunkOf(value: number): number {
    const { chunks, sizes } = this;
    let low = 0;
    let high = chunks.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (chunks[middle]![sizes[middle]! - 1]! < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private halve(at: number): void {
    const chunk = this.chunks[at]!;
    const half = CHUNK / 2;
    const upper = new Float64Array(CHUNK);
    upper.set(chunk.subarray(half));
    this.chunks.splice(at + 1, 0, upper);
    this.sizes.splice(at, 1, half, CHUNK - half);
  }
}

/** First place whose value is not below the given one. */
export function lowerBound(values: Float64Array, size: number, value: number): number {
  let low = 0;
  let high = size;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
