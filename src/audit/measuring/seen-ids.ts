/** A growing set of numbers that are no NaN, in one flat table; 16 to 32 bytes a number. */
export class SeenIds {
  private slots = new Float64Array(1 << 12).fill(Number.NaN);
  private size = 0;

  /** Adds a whole number below 2^53; false when it was there. */
  add(id: number): boolean {
    if (2 * this.size >= this.slots.length) this.grow();
    if (!put(this.slots, id)) return false;
    this.size++;
    return true;
  }

  private grow(): void {
    const slots = new Float64Array(2 * this.slots.length).fill(Number.NaN);
    for (const id of this.slots) if (!Number.isNaN(id)) put(slots, id);
    this.slots = slots;
  }
}

/** Ids count up or are hashes: either way their lower bits are spread evenly. */
function put(slots: Float64Array, id: number): boolean {
  const mask = slots.length - 1;
  let at = (id % 0x1_0000_0000) & mask;
  while (!Number.isNaN(slots[at]!)) {
    if (slots[at] === id) return false;
    at = (at + 1) & mask;
  }
  slots[at] = id;
  return true;
}
