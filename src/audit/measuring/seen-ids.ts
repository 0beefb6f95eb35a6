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

function put(slots: Float64Array, id: number): boolean {
  const mask = slots.length - 1;
  let at = placeOf(id) & mask;
  while (!Number.isNaN(slots[at]!)) {
    if (slots[at] === id) return false;
    at = (at + 1) & mask;
  }
  slots[at] = id;
  return true;
}

/**
 * Both words of an id, mixed, so that ids of any constant step are spread evenly. Eight that follow each other stay
 * together: ids that count up find their slot in memory that was just read.
 */
function placeOf(id: number): number {
  let mixed = Math.imul(id >>> 3, 0x9e3779b1) ^ Math.imul(id / 0x1_0000_0000, 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0xc2b2ae35);
  return ((mixed ^ (mixed >>> 13)) & ~7) | (id & 7);
}
