// Does a model still keep the confidence it states? Judged by what came of its last statements.
import { numbersToText, textToNumbers } from "./exact-numbers.js";

/** The last statements of a model and whether they came true. */
export class RunningCalibration {
  private readonly overlapBars: number;
  /** Confidence in the chosen side and whether it was right, in turns; a ring. */
  private readonly ring: Float64Array;
  private count = 0;
  private next = 0;

  /**
   * @param options.window - statements that are looked back on
   * @param options.overlapBars - statements in a row that are about the same time: each counts as one over this
   */
  constructor({ window, overlapBars }: { readonly window: number; readonly overlapBars: number }) {
    this.overlapBars = overlapBars;
    this.ring = new Float64Array(2 * window);
  }

  /** Statements that are looked back on. */
  get size(): number {
    return this.count;
  }

  /**
   * Adds a statement whose outcome is known.
   *
   * @param probability - of "up"
   * @param isUp - 1, 0, or ½ for a tie
   */
  add(probability: number, isUp: number): void {
    const isSaidUp = probability >= 0.5;
    this.ring[2 * this.next] = isSaidUp ? probability : 1 - probability;
    this.ring[2 * this.next + 1] = isSaidUp ? isUp : 1 - isUp;
    this.next = (this.next + 1) % (this.ring.length / 2);
    this.count = Math.min(this.count + 1, this.ring.length / 2);
  }

  /**
   * How far confidence is above what came true, in standard errors if it were right:
   * Σ (confidence − hit) / √(overlap · Σ confidence·(1 − confidence)).
   *
   * @returns above 0 where the model is too sure; NaN without statements, or where all were certain and right
   */
  excess(): number {
    let gap = 0;
    let variance = 0;
    for (let i = 0; i < this.count; i++) {
      const confidence = this.ring[2 * i]!;
      gap += confidence - this.ring[2 * i + 1]!;
      variance += confidence * (1 - confidence);
    }
    return gap / Math.sqrt(this.overlapBars * variance);
  }

  /** The statements as text that gives back the same bits. */
  save(): string {
    // A ring that is not full yet is filled from its beginning.
    return numbersToText([this.count, this.next, ...this.ring.subarray(0, 2 * this.count)]);
  }

  /** Takes over what was saved with the same window. */
  restore(state: string): void {
    const [count, next, ...ring] = textToNumbers(state);
    this.count = count!;
    this.next = next!;
    this.ring.set(ring);
  }
}
