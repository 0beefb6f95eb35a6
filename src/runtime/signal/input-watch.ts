// Are the inputs still what the model was trained on? The last row by its distance, the last day by its distribution.
import { DAY_US } from "../../core/time.js";
import {
  binAt,
  type InputProfile,
  inputDistance,
  inputShift,
  PROFILE_BINS,
} from "../../models/input-profile.js";

const NONE = 255;

/** State as plain JSON. */
export interface InputWatchState {
  readonly bins: string;
  readonly rows: number;
  readonly next: number;
  readonly distance: number;
}

/** Compares the rows of one symbol with a model's training rows. */
export class InputWatch {
  private readonly profile: InputProfile;
  /** Bins of the last day's rows, row by row; a ring. */
  private readonly bins: Uint8Array;
  private readonly counts: Float64Array;
  private readonly window: number;
  private rows = 0;
  private nextRow = 0;
  private distance = 0;

  /** @param barUs - length of a bar, µs */
  constructor(profile: InputProfile, barUs: number) {
    this.profile = profile;
    this.window = Math.round(DAY_US / barUs);
    this.bins = new Uint8Array(this.window * profile.featureNames.length).fill(NONE);
    this.counts = new Float64Array(profile.featureNames.length * PROFILE_BINS);
  }

  /** Takes a row that the model may be asked at. */
  add(inputs: Float32Array): void {
    const { profile, bins } = this;
    const width = profile.featureNames.length;
    const at = this.nextRow * width;
    for (let j = 0; j < width; j++) {
      const old = bins[at + j]!;
      if (old !== NONE) this.counts[j * PROFILE_BINS + old]!--;
      const value = inputs[j]!;
      const bin = Number.isNaN(value) ? NONE : binAt(profile.edges, j, value);
      bins[at + j] = bin;
      if (bin !== NONE) this.counts[j * PROFILE_BINS + bin]!++;
    }
    this.distance = inputDistance(profile.scaler, inputs, 0);
    this.nextRow = (this.nextRow + 1) % this.window;
    this.rows = Math.min(this.rows + 1, this.window);
  }

  /** True where the last row is none that training has seen. */
  get isForeign(): boolean {
    return this.distance > this.profile.distanceLimit;
  }

  /** Mean stability index of the last day's rows; NaN before a day of them, since the hours of a day differ. */
  get shift(): number {
    if (this.rows < this.window) return Number.NaN;
    return inputShift(this.profile.counts, this.counts);
  }

  /** True where the last day's rows are others than those of any training day. */
  get hasDrifted(): boolean {
    return this.shift > this.profile.shiftLimit;
  }

  save(): InputWatchState {
    const { rows, nextRow, distance } = this;
    // A ring that is not full yet is filled from its beginning.
    const used = this.bins.subarray(0, rows * this.profile.featureNames.length);
    return { bins: Buffer.from(used).toString("base64"), rows, next: nextRow, distance };
  }

  /** Takes over what a watch of the same profile and bars saved. */
  restore({ bins, rows, next, distance }: InputWatchState): void {
    this.bins.fill(NONE);
    this.bins.set(Buffer.from(bins, "base64"));
    this.rows = rows;
    this.nextRow = next;
    this.distance = distance;
    this.counts.fill(0);
    const width = this.profile.featureNames.length;
    this.bins.forEach((bin, i) => {
      if (bin !== NONE) this.counts[(i % width) * PROFILE_BINS + bin]!++;
    });
  }
}
