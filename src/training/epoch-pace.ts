// How fast does training go, and how long may it take yet?
import type { Batch } from "./batch.js";
import type { Epoch } from "./fold-fit.js";

/** How far a fit is within an epoch, for a line that is drawn again and again. */
export interface BatchProgress {
  readonly epoch: number;
  /** Epochs that there are at most. */
  readonly epochs: number;
  /** Batches of this epoch that are done, the last one among them. */
  readonly batch: number;
  readonly batches: number;
  /** Mean loss of the rows of this epoch so far. */
  readonly loss: number;
  /** Training rows a second in this epoch. */
  readonly samplesPerSecond: number;
  /** Until the last epoch would end, at the speed so far; early stop may end it sooner. */
  readonly secondsLeft: number;
}

/** An epoch as it ends, for progress lines. */
export interface EpochProgress extends Epoch {
  readonly epochs: number;
  /** Training rows a second, early stop left out. */
  readonly samplesPerSecond: number;
  /** That the whole epoch took. */
  readonly seconds: number;
  /** Until the last epoch would end, if each took as long; 0 where training ends here. */
  readonly secondsLeft: number;
}

/** The clock of a fit; one epoch after the other. */
export class EpochPace {
  readonly #epochs: number;
  readonly #nowMs: () => number;
  #epoch = 0;
  #rows = 0;
  #done = 0;
  #startMs = 0;
  #stepsEndMs = 0;
  #secondsPerEpoch = Number.NaN;

  /**
   * @param epochs - at most
   * @param nowMs - a clock, milliseconds
   */
  constructor(epochs: number, nowMs: () => number) {
    this.#epochs = epochs;
    this.#nowMs = nowMs;
  }

  /** An epoch of so many training rows begins. */
  begin(epoch: number, rows: number): void {
    this.#epoch = epoch;
    this.#rows = rows;
    this.#done = 0;
    this.#startMs = this.#nowMs();
    this.#stepsEndMs = this.#startMs;
  }

  /**
   * A batch is done.
   *
   * @param lossSum - of all rows of this epoch so far
   */
  step(
    { rows, number: batch, count: batches }: Pick<Batch, "rows" | "number" | "count">,
    lossSum: number,
  ): BatchProgress {
    this.#done += rows.length;
    this.#stepsEndMs = this.#nowMs();
    const samplesPerSecond = this.#rate();
    const ofThis = (this.#rows - this.#done) / samplesPerSecond;
    const perEpoch = this.#secondsPerEpoch || this.#rows / samplesPerSecond;
    return {
      epoch: this.#epoch,
      epochs: this.#epochs,
      batch,
      batches,
      loss: lossSum / this.#done,
      samplesPerSecond,
      secondsLeft: ofThis + (this.#epochs - this.#epoch) * perEpoch,
    };
  }

  /** The epoch has ended, its early-stop slice included; `isOver` where it was the last. */
  end(ended: Epoch, { isOver }: { readonly isOver: boolean }): EpochProgress {
    const seconds = (this.#nowMs() - this.#startMs) / 1000;
    this.#secondsPerEpoch = seconds;
    return {
      ...ended,
      epochs: this.#epochs,
      samplesPerSecond: this.#rate(),
      seconds,
      secondsLeft: isOver ? 0 : (this.#epochs - this.#epoch) * seconds,
    };
  }

  #rate(): number {
    return (1000 * this.#done) / (this.#stepsEndMs - this.#startMs);
  }
}
