import type { DayFiles, EventType } from "../day-files.js";

/** What a fault did to one type. */
export interface TouchedRows {
  fromUs: number;
  toUs: number;
  rows: number;
  missing: number;
}

/** Keeps what a fault does to the files while it does it. */
export class Touched {
  readonly types: ReadonlyMap<EventType, TouchedRows> = new Map();
  readonly #files: DayFiles;

  constructor(files: DayFiles) {
    this.#files = files;
  }

  /** Counts messages that a type lacks; their time is noted by its neighbours. */
  miss(type: EventType, messages = 1): void {
    this.#of(type).missing += messages;
  }

  /** Makes the fault's time in a type hold an arrival time, µs. */
  reach(type: EventType, localUs: number, rows = 0): void {
    const touched = this.#of(type);
    touched.fromUs = Math.min(touched.fromUs, localUs);
    touched.toUs = Math.max(touched.toUs, localUs);
    touched.rows += rows;
  }

  /**
   * Writes, and counts the rows that came to some types as the fault's.
   *
   * @returns whether there were any
   */
  writing(types: readonly EventType[], localUs: number, write: () => void): boolean {
    const before = types.map((type) => this.#files.last(type).rows);
    write();
    let isAny = false;
    types.forEach((type, i) => {
      const rows = this.#files.last(type).rows - before[i]!;
      if (rows === 0) return;
      isAny = true;
      this.reach(type, localUs, rows);
    });
    return isAny;
  }

  #of(type: EventType): TouchedRows {
    const known = this.types.get(type);
    if (known !== undefined) return known;
    const fresh = { fromUs: Infinity, toUs: -Infinity, rows: 0, missing: 0 };
    (this.types as Map<EventType, TouchedRows>).set(type, fresh);
    return fresh;
  }
}
