// How is a model asked about several symbols at once? In one go, where each is told what it would be told alone.
import { setImmediate } from "node:timers/promises";
import { predictProbability } from "../../models/predictor.js";
import { isRowwise } from "../../models/rowwise.js";
import type { LiveModel } from "./live-model.js";

/** Questions after which what computes a model has been compiled. */
const ROUSING = 100;

interface Question {
  readonly window: Float32Array;
  readonly resolve: (probability: number) => void;
  readonly reject: (error: unknown) => void;
}

/** Answers one question after the other, or those of one moment together. */
export class ModelAsker {
  private readonly model: Pick<LiveModel, "predictor" | "steps">;
  /** Whether questions of one moment are computed together. */
  private isTogether = false;
  private waiting: Question[] = [];

  constructor(model: Pick<LiveModel, "predictor" | "steps">) {
    this.model = model;
  }

  /**
   * Asks the model about nothing: what computes it is loaded and compiled by that, which takes a second or more, and no bar waits
   * for it. From then on questions of one moment are computed together, if no answer depends on what is asked with it.
   *
   * @param symbols - that ask at once at most
   */
  async rouse(symbols: number): Promise<void> {
    const { predictor, steps } = this.model;
    this.isTogether = await isRowwise(predictor.model);
    const nothing = new Float32Array(steps * predictor.featureNames.length);
    const windows = Array.from({ length: this.isTogether ? symbols : 1 }, () => nothing);
    for (let i = 0; i < ROUSING; i++) {
      await this.askTogether(windows);
      // Whoever looks on is answered meanwhile.
      if (i % 10 === 0) await setImmediate();
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
      const answers = await (this.isTogether ? this.askTogether(windows) : this.askSingly(windows));
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
