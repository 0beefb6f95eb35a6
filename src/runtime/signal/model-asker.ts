// How is a model asked about several symbols at once? In one go, where each is told what it would be told alone.
import { seededRandom } from "../../core/random.js";
import { predictProbability } from "../../models/predictor.js";
import type { LiveModel } from "./live-model.js";

/** Questions after which what computes a model has been compiled. */
const ROUSING = 100;

/** Times that each number of rows is tried: sums of another order differ in most of all rows. */
const TRIES = 10;

interface Question {
  readonly window: Float32Array;
  readonly resolve: (probability: number) => void;
  readonly reject: (error: unknown) => void;
}

/** Answers one question after the other, or those of one moment together. */
export class ModelAsker {
  private readonly model: Pick<LiveModel, "predictor" | "steps">;
  private together = false;
  private waiting: Question[] = [];

  constructor(model: Pick<LiveModel, "predictor" | "steps">) {
    this.model = model;
  }

  /** Whether questions of one moment are computed together. */
  get isTogether(): boolean {
    return this.together;
  }

  /**
   * Asks the model about drawn rows: what computes it is loaded and compiled by that, which takes a second or more, and no bar
   * waits for it. Then it is known, too, whether the bits of an answer depend on what is asked with it; where they do, each
   * question is computed by itself.
   *
   * @param symbols - that ask at once at most
   */
  async rouse(symbols: number): Promise<void> {
    const { predictor, steps } = this.model;
    const { mean, deviation } = predictor.scaler;
    const random = seededRandom(1, "rows to rouse a model");
    const draw = (): Float32Array =>
      Float32Array.from({ length: steps * mean.length }, (_, i) => {
        const j = i % mean.length;
        return mean[j]! + deviation[j]! * random.normal();
      });
    const drawn = (count: number): Float32Array[] => Array.from({ length: count }, draw);
    const windows = drawn(symbols);
    for (let i = 0; i < ROUSING; i++) await this.askTogether(windows);
    this.together = true;
    for (let count = 2; count <= symbols; count++) {
      for (let i = 0; i < TRIES; i++) {
        const tried = drawn(count);
        const [one, all] = [await this.askSingly(tried), await this.askTogether(tried)];
        this.together &&= one.every((probability, j) => Object.is(probability, all[j]));
      }
    }
  }

  /**
   * Calibrated probability of "up" after the window's last row.
   *
   * @param window - the model's rows × inputs, row by row; stays as it is until the answer is there
   */
  ask(window: Float32Array): Promise<number> {
    return new Promise((resolve, reject) => {
      // Whoever asks at the same moment has done so before this runs.
      if (this.waiting.length === 0) queueMicrotask(() => void this.answer());
      this.waiting.push({ window, resolve, reject });
    });
  }

  private async answer(): Promise<void> {
    const { waiting } = this;
    this.waiting = [];
    try {
      const windows = waiting.map(({ window }) => window);
      const answers = await (this.together ? this.askTogether(windows) : this.askSingly(windows));
      for (const [i, { resolve }] of waiting.entries()) resolve(answers[i]!);
    } catch (error) {
      for (const { reject } of waiting) reject(error);
    }
  }

  private async askSingly(windows: readonly Float32Array[]): Promise<Float64Array> {
    const answers = new Float64Array(windows.length);
    for (const [i, window] of windows.entries()) answers.set(await this.askTogether([window]), i);
    return answers;
  }

  private async askTogether(windows: readonly Float32Array[]): Promise<Float64Array> {
    const { predictor, steps } = this.model;
    const size = windows[0]!.length;
    const inputs = new Float32Array(windows.length * size);
    for (const [i, window] of windows.entries()) inputs.set(window, i * size);
    const last = Uint32Array.from(windows, (_, i) => (i + 1) * steps - 1);
    return await predictProbability(predictor, inputs, last);
  }
}
