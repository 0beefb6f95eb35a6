import type { Stateful } from "./feature.js";
import { ZScore } from "./z-score.js";

/** Bars that the volume's z-score looks back on; no input looks further. */
export const VOLUME_BARS = 1440;

/** Columns that are fed to models in another form than they are stored in. */
const PRICES: readonly string[] = ["open", "high", "low", "close"];

/**
 * Model inputs from stored features, bar after bar of one gap-free stream: prices as ln(price / last close), volume as the
 * 1,440-bar z-score of its log ratio to the last hour's mean (feature 26), everything else as it is. Raw prices do not
 * carry over between folds or symbols.
 */
export class ModelInputs implements Stateful {
  private readonly names: readonly string[];
  /** By input: whether it is a price. Rows are many, so names are looked at once. */
  private readonly isPrice: readonly boolean[];
  private readonly volume = new ZScore(VOLUME_BARS);
  private lastClose = Number.NaN;

  /** @param names - features in the order of the inputs */
  constructor(names: readonly string[]) {
    this.names = names;
    this.isPrice = names.map((name) => PRICES.includes(name));
  }

  /**
   * Takes the next bar.
   *
   * @param storedValue - stored value of a feature of the bar; also asked for `close` and `volume_ratio_60`
   * @param out - where the inputs go, from place `at` on; NaN where missing
   */
  update(storedValue: (name: string) => number, out: Float32Array, at: number): void {
    const volume = this.volume.next(storedValue("volume_ratio_60"));
    this.names.forEach((name, j) => {
      if (name === "volume") out[at + j] = volume;
      else if (this.isPrice[j]) out[at + j] = Math.log(storedValue(name) / this.lastClose);
      else out[at + j] = storedValue(name);
    });
    this.lastClose = storedValue("close");
  }

  /** Takes a bar whose inputs nobody asks for. */
  pass(storedValue: (name: string) => number): void {
    this.volume.push(storedValue("volume_ratio_60"));
    this.lastClose = storedValue("close");
  }

  save(): readonly number[] {
    return [this.lastClose, ...this.volume.save()];
  }

  restore(state: ArrayLike<number>): void {
    this.lastClose = state[0]!;
    this.volume.restore(Array.from(state).slice(1));
  }
}
