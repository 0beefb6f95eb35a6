/** Ids that follow each other without a hole, with the arrival times of the lowest and the highest, µs. */
export interface IdRun {
  lowest: number;
  highest: number;
  lowestUs: number;
  highestUs: number;
}

/** Ids that were left out between two that came. */
export interface IdHole {
  readonly missing: number;
  /** Arrival of the id below the hole and of that above it, µs. */
  readonly fromUs: number;
  readonly toUs: number;
}

/** A trade may come this much after one whose id is higher. */
const LATE_US = 60e6;

/** With so many runs, and an id in every other, ids are no sequence, and are followed no further. */
const MOST_RUNS = 65_536;

/** Joins ids to runs in whatever order they come, so that a hole which is filled later is none. */
export class IdRuns {
  /** Ids that were taken, no two of them equal. */
  ids = 0;
  private isFollowed = true;
  private readonly byLowest = new Map<number, IdRun>();
  /** All but the current run, whose highest changes all the time. */
  private readonly byHighest = new Map<number, IdRun>();
  private current: IdRun | undefined;

  /** Takes a whole number that has not come before. */
  add(id: number, localUs: number): void {
    if (!this.isFollowed) return;
    this.ids++;
    const { current } = this;
    const above = this.byLowest.get(id + 1);
    if (current !== undefined && current.highest === id - 1 && above === undefined) {
      current.highest = id;
      current.highestUs = localUs;
      return;
    }
    this.join(id, localUs, above);
  }

  /** Share of the ids that follow another one that came; 0 where they are no sequence. */
  unitShare(): number {
    if (!this.isFollowed || this.ids < 2) return 0;
    return (this.ids - this.byLowest.size) / (this.ids - 1);
  }

  /**
   * Holes between runs of which the higher came later, in order of time. Where it came before the lower, ids began anew or one
   * of them is wild; a single id at the end of all is no proof of those before it.
   */
  holes(): readonly IdHole[] {
    const runs = [...this.byLowest.values()].sort((a, b) => a.lowest - b.lowest);
    const sure = runs.filter((run, i) => {
      const [below, above] = [runs[i - 1], runs[i + 1]];
      const isSingle = run.lowest === run.highest;
      return !isSingle || (isLater(below, run) && isLater(run, above));
    });
    const holes = sure.flatMap((above, i) => {
      const below = sure[i - 1];
      if (below === undefined || !isLater(below, above)) return [];
      const missing = above.lowest - below.highest - 1;
      return [{ missing, fromUs: below.highestUs, toUs: above.lowestUs }];
    });
    return holes.sort((a, b) => a.fromUs - b.fromUs);
  }

  private join(id: number, localUs: number, above: IdRun | undefined): void {
    if (this.current !== undefined) this.byHighest.set(this.current.highest, this.current);
    const below = this.byHighest.get(id - 1);
    const run = below ??
      above ?? { lowest: id, highest: id, lowestUs: localUs, highestUs: localUs };
    if (above !== undefined) this.byLowest.delete(above.lowest);
    if (below === undefined) {
      run.lowest = id;
      run.lowestUs = localUs;
      this.byLowest.set(id, run);
    } else {
      this.byHighest.delete(below.highest);
      run.highest = above?.highest ?? id;
      run.highestUs = above?.highestUs ?? localUs;
    }
    this.byHighest.delete(run.highest);
    this.current = run;
    this.isFollowed = this.byLowest.size < MOST_RUNS || 2 * this.byLowest.size < this.ids;
  }
}

function isLater(lower: IdRun | undefined, higher: IdRun | undefined): boolean {
  if (lower === undefined || higher === undefined) return false;
  return lower.highestUs <= higher.lowestUs + LATE_US;
}
