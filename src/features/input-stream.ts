// What is a symbol's row to a model, whatever is predicted from it? The matrix and the runtime drive the same stream.
import { numbersToText, textToNumbers } from "../core/exact-numbers.js";
import type { DaySource } from "./lacks-source.js";
import { ModelInputs } from "./model-inputs.js";
import { KEPT, NO_BOOK, type RowRule, rowRule } from "./row-rule.js";
import { StreamClock } from "./stream-clock.js";

/** What inputs are made for. */
export interface InputSettings {
  /** Features that models are fed with, in the order of their inputs. */
  readonly names: readonly string[];
  readonly barUs: number;
  /** `mid`: rows without a valid book at the bar's end are left out, whatever their inputs. */
  readonly labelKind: "mid" | "close";
}

/** A row of features. */
export interface StoredRow {
  readonly barEndUs: number;
  /** NaN without a valid book at the bar's end. */
  readonly mid: number;
  /** The row's mask. */
  readonly valid: bigint;
  /** Value of a feature; asked for the inputs' names, `close` and `volume_ratio_60`. */
  readonly value: (name: string) => number;
}

/** A stream's state as plain JSON; gives back the same bits. */
export interface InputStreamState {
  readonly model: string;
  readonly clock: readonly number[];
  readonly hasBegun: readonly number[];
  readonly barEndUs: number | null;
  readonly run: number;
}

/** Turns the rows of one symbol, in order, into inputs, and tells which of them a model may be asked at. */
export class InputStream {
  private readonly settings: InputSettings;
  private readonly clock: StreamClock;
  private readonly hasBegun: Uint8Array;
  private model: ModelInputs;
  private judge: RowRule;
  private barEndUs = Number.NaN;
  private run = 0;

  /**
   * @param source - what the first rows were made from
   * @param options.before - the clock of the stream that the first row goes on; left out where it begins one
   */
  constructor(
    settings: InputSettings,
    source: DaySource,
    { before }: { readonly before?: readonly number[] | undefined } = {},
  ) {
    this.settings = settings;
    this.model = new ModelInputs(settings.names);
    this.clock = new StreamClock(settings.barUs);
    if (before !== undefined) this.clock.restore(before);
    this.hasBegun = new Uint8Array(settings.names.length);
    this.judge = this.ruleOf(source);
  }

  /** Rows up to the last one, itself included, of the whole run that it ends: 0 where no model may be asked at it. */
  get runRows(): number {
    return this.run;
  }

  /** The rows that follow were made from other data. */
  beginPart(source: DaySource): void {
    this.judge = this.ruleOf(source);
  }

  /** The rows that follow were computed without a state carried over. */
  beginStream(): void {
    this.model = new ModelInputs(this.settings.names);
    this.clock.beginStream();
    this.hasBegun.fill(0);
    this.run = 0;
  }

  /**
   * Takes the next row; one that does not follow at once begins a stream.
   *
   * @param out - where its inputs go, from place `at` on; NaN where missing
   * @returns code of the row rule
   */
  next({ barEndUs, mid, valid, value }: StoredRow, out: Float32Array, at: number): number {
    const { names, barUs, labelKind } = this.settings;
    const isGap = !Number.isNaN(this.barEndUs) && barEndUs - this.barEndUs !== barUs;
    if (isGap) this.beginStream();
    this.barEndUs = barEndUs;
    this.model.update(value, out, at);
    this.clock.next(barEndUs, value("close"), valid);
    for (let j = 0; j < names.length; j++) if (!Number.isNaN(out[at + j]!)) this.hasBegun[j] = 1;
    const lacksBook = labelKind === "mid" && Number.isNaN(mid);
    const own = this.judge(out, at, this.clock, this.hasBegun);
    const code = Math.min(own, lacksBook ? NO_BOOK : KEPT);
    this.run = code === KEPT ? this.run + 1 : 0;
    return code;
  }

  save(): InputStreamState {
    return {
      model: numbersToText(this.model.save()),
      clock: this.clock.save(),
      hasBegun: [...this.hasBegun],
      barEndUs: Number.isNaN(this.barEndUs) ? null : this.barEndUs,
      run: this.run,
    };
  }

  /** Takes over what a stream of the same settings saved. */
  restore(state: InputStreamState): void {
    this.model.restore(textToNumbers(state.model));
    this.clock.restore(state.clock);
    this.hasBegun.set(state.hasBegun);
    this.barEndUs = state.barEndUs ?? Number.NaN;
    this.run = state.run;
  }

  private ruleOf(source: DaySource): RowRule {
    return rowRule(this.settings.names, this.settings.barUs, source);
  }
}
