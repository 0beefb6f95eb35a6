/** Distinct doubles of a column and, row by row, which of them it holds; equal means equal bits. */
export interface NumberDictionary {
  /** In order of first appearance. */
  readonly values: Float64Array;
  readonly indexes: Uint32Array;
}

/** Slots of the hash table at most, and at first: it doubles as it gets half full, so that few values stay close by. */
const SLOTS = 1 << 16;
const FIRST_SLOTS = 1 << 12;

/** Rows after which a column that rarely repeats is given up. */
const TRIAL_ROWS = 1 << 13;

/** Finds the distinct values of columns, one after the other; keeps its tables between calls. */
export class NumberDictionaryMaker {
  /** Index of a slot's value plus one; 0 is free. */
  readonly #slots: Uint32Array = new Uint32Array(SLOTS);
  readonly #values: Float64Array = new Float64Array(SLOTS / 2);
  readonly #words: Uint32Array = new Uint32Array(this.#values.buffer);

  /**
   * @param column - values; the first `rows` count
   * @param indexes - room for one per row, which is filled
   * @returns undefined when a dictionary would be larger than it saves; views that the next call changes otherwise
   */
  make(column: Float64Array, rows: number, indexes: Uint32Array): NumberDictionary | undefined {
    const slots = this.#slots;
    const words = this.#words;
    const source = new Uint32Array(column.buffer, column.byteOffset, 2 * rows);
    const most = Math.min(SLOTS / 2, Math.ceil(rows / 2));
    let mask = FIRST_SLOTS - 1;
    slots.fill(0, 0, FIRST_SLOTS);
    let count = 0;
    for (let i = 0; i < rows; i++) {
      const low = source[2 * i]!;
      const high = source[2 * i + 1]!;
      let slot = hash(low, high) & mask;
      let index = slots[slot]!;
      while (index !== 0 && (words[2 * index - 2] !== low || words[2 * index - 1] !== high)) {
        slot = (slot + 1) & mask;
        index = slots[slot]!;
      }
      if (index === 0) {
        if (count === most) return undefined;
        if (i >= TRIAL_ROWS && count > 0.8 * i) return undefined;
        words[2 * count] = low;
        words[2 * count + 1] = high;
        index = ++count;
        slots[slot] = index;
        if (2 * count > mask && mask < SLOTS - 1) {
          mask = 2 * mask + 1;
          this.#fill(mask, count);
        }
      }
      indexes[i] = index - 1;
    }
    return { values: this.#values.subarray(0, count), indexes };
  }

  /** Puts the first values into a table of `mask + 1` slots. */
  #fill(mask: number, count: number): void {
    const slots = this.#slots.fill(0, 0, mask + 1);
    for (let i = 0; i < count; i++) {
      let slot = hash(this.#words[2 * i]!, this.#words[2 * i + 1]!) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = i + 1;
    }
  }
}

function hash(low: number, high: number): number {
  const mixed = Math.imul(low ^ Math.imul(high, 0x9e3779b1), 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}
