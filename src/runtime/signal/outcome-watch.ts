// Did the model's statements come true? Each is held until its horizon is over.
import { numbersToText, textToNumbers } from "../../core/exact-numbers.js";
import { RunningCalibration } from "../../core/running-calibration.js";
import { DAY_US } from "../../core/time.js";

/** Independent statements below which nothing is said of a calibration. */
const LEAST_STATEMENTS = 20;

/** State as plain JSON. */
export interface OutcomeWatchState {
  readonly pending: string;
  readonly calibration: string;
}

/** Statements that are looked back on. */
export function outcomeBars({
  horizonBars,
  barUs,
}: {
  readonly horizonBars: number;
  readonly barUs: number;
}): number {
  return Math.max(Math.round(DAY_US / barUs), 2 * LEAST_STATEMENTS * horizonBars);
}

/** Compares the statements of one symbol with the mid a horizon later. */
export class OutcomeWatch {
  private readonly horizonBars: number;
  private readonly barUs: number;
  private readonly calibration: RunningCalibration;
  /** By bar modulo the horizon: end of the bar, probability, mid. */
  private readonly pending: Float64Array;

  constructor({ horizonBars, barUs }: { readonly horizonBars: number; readonly barUs: number }) {
    this.horizonBars = horizonBars;
    this.barUs = barUs;
    const window = outcomeBars({ horizonBars, barUs });
    this.calibration = new RunningCalibration({ window, overlapBars: horizonBars });
    this.pending = new Float64Array(3 * horizonBars).fill(Number.NaN);
  }

  /**
   * Takes a bar: the statement of a horizon ago is judged by it, and its own is kept.
   *
   * @param probability - of "up"; NaN where nothing is said
   * @param mid - at the bar's end; NaN judges nothing
   */
  add(barEndUs: number, probability: number, mid: number): void {
    const { pending, horizonBars, barUs } = this;
    const at = 3 * (Math.round(barEndUs / barUs) % horizonBars);
    const [saidUs, said, then] = pending.subarray(at, at + 3);
    const isDue = barEndUs - saidUs! === horizonBars * barUs;
    if (isDue && !Number.isNaN(said!) && then! > 0 && mid > 0) {
      this.calibration.add(said!, mid > then! ? 1 : mid < then! ? 0 : 0.5);
    }
    pending.set([barEndUs, probability, mid], at);
  }

  /** Standard errors by which confidence is above what came true; NaN for too few statements. */
  get excess(): number {
    const independent = this.calibration.size / this.horizonBars;
    return independent < LEAST_STATEMENTS ? Number.NaN : this.calibration.excess();
  }

  save(): OutcomeWatchState {
    return { pending: numbersToText(this.pending), calibration: this.calibration.save() };
  }

  /** Takes over what a watch of the same bars saved. */
  restore({ pending, calibration }: OutcomeWatchState): void {
    this.pending.set(textToNumbers(pending));
    this.calibration.restore(calibration);
  }
}
