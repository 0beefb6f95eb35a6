// From rows of features to signals, for one symbol: the live run and a recomputation of stored days drive the same maker.
import { numbersToText, textToNumbers } from "../../core/exact-numbers.js";
import { HOUR_US } from "../../core/time.js";
import { FEATURES } from "../../features/catalogue.js";
import type { FeatureRow } from "../../features/feature-rows.js";
import { InputStream, type InputStreamState } from "../../features/input-stream.js";
import type { DaySource } from "../../features/lacks-source.js";
import { KEPT, LEFT_OUT_CAUSES } from "../../features/row-rule.js";
import { sureness } from "../../models/sureness.js";
import { InputWatch, type InputWatchState } from "./input-watch.js";
import type { LiveModel } from "./live-model.js";
import { ModelAsker } from "./model-asker.js";
import { OutcomeWatch, type OutcomeWatchState } from "./outcome-watch.js";
import type { Abstention, Signal, SignalSettings } from "./signal.js";

/** Everything that the next signal depends on, as plain JSON. */
export interface SignalMakerState {
  readonly inputs: InputStreamState;
  readonly window: string;
  readonly watch: InputWatchState;
  readonly outcomes: OutcomeWatchState;
  readonly books: readonly number[];
  readonly stakedUs: number | null;
}

const PLACES = new Map(FEATURES.map(({ name }, i) => [name, i]));
const SPREAD = PLACES.get("quoted_spread_bps")!;

/** Makes the signals of one symbol. */
export class SignalMaker {
  private readonly model: LiveModel;
  private readonly asker: ModelAsker;
  private readonly settings: SignalSettings;
  private readonly inputs: InputStream;
  /** Inputs of the last rows, the newest last. */
  private readonly window: Float32Array;
  private readonly watch: InputWatch;
  private readonly outcomes: OutcomeWatch;
  /** 1 for each of the last hour's bars without a valid book. */
  private readonly bookless: Uint8Array;
  private bars = 0;
  private stakedUs = Number.NEGATIVE_INFINITY;
  /** The same before the last signal. */
  private stakedBeforeUs = Number.NEGATIVE_INFINITY;

  /**
   * @param source - what the symbol's features are made from
   * @param options.clock - of the stream that the first row goes on; left out where it begins one
   * @param options.asker - of the model, where several symbols share it; default its own
   */
  constructor(
    model: LiveModel,
    source: DaySource,
    settings: SignalSettings,
    {
      clock,
      asker = new ModelAsker(model),
    }: { readonly clock?: readonly number[] | undefined; readonly asker?: ModelAsker } = {},
  ) {
    const { predictor, profile, barUs, steps } = model;
    this.model = model;
    this.asker = asker;
    this.settings = settings;
    const inputs = { names: predictor.featureNames, barUs, labelKind: "mid" } as const;
    this.inputs = new InputStream(inputs, source, { before: clock });
    this.window = new Float32Array(steps * predictor.featureNames.length).fill(Number.NaN);
    this.watch = new InputWatch(profile, barUs);
    this.outcomes = new OutcomeWatch(model);
    this.bookless = new Uint8Array(Math.max(1, Math.round(HOUR_US / barUs)));
  }

  /** Mean stability index of the last day's inputs; NaN before a day of them. */
  get shift(): number {
    return this.watch.shift;
  }

  /** Standard errors by which confidence is above what came true; NaN before it can be said. */
  get excess(): number {
    return this.outcomes.excess;
  }

  /** The rows that follow were computed without a state carried over. */
  beginStream(): void {
    this.inputs.beginStream();
  }

  /** Takes a row of the past, about which nothing is asked. */
  warm(row: FeatureRow): void {
    this.take(row);
    this.outcomes.add(row.barEndUs, Number.NaN, row.mid);
  }

  /**
   * The signal of the next row, which counts as staked where it takes a side: call `unstake` where that was not let.
   *
   * @param options.isFeedBad - the symbol's book has not been heard of for too long
   */
  async next(
    row: FeatureRow,
    { isFeedBad = false }: { readonly isFeedBad?: boolean } = {},
  ): Promise<Signal> {
    this.stakedBeforeUs = this.stakedUs;
    const cause = this.take(row);
    const isAsked = cause === undefined && this.inputs.runRows >= this.model.steps;
    const probability = isAsked ? await this.asker.ask(this.window) : Number.NaN;
    this.outcomes.add(row.barEndUs, probability, row.mid);
    const reason = cause ?? this.reasonFor(row, probability, isFeedBad);
    if (reason !== "") return { probability, side: 0, reason };
    this.stakedUs = row.barEndUs;
    return { probability, side: probability > 0.5 ? 1 : -1, reason };
  }

  /** Nothing was staked on the last signal, whatever it said: it starts no cooldown. */
  unstake(): void {
    this.stakedUs = this.stakedBeforeUs;
  }

  save(): SignalMakerState {
    return {
      inputs: this.inputs.save(),
      window: numbersToText(this.window),
      watch: this.watch.save(),
      outcomes: this.outcomes.save(),
      books: [this.bars, ...this.bookless],
      stakedUs: Number.isFinite(this.stakedUs) ? this.stakedUs : null,
    };
  }

  /** Takes over what a maker of the same model and settings saved. */
  restore(state: SignalMakerState): void {
    const [bars, ...bookless] = state.books;
    this.inputs.restore(state.inputs);
    this.window.set(textToNumbers(state.window));
    this.watch.restore(state.watch);
    this.outcomes.restore(state.outcomes);
    this.bars = bars!;
    this.bookless.set(bookless);
    this.stakedUs = state.stakedUs ?? Number.NEGATIVE_INFINITY;
  }

  /** @returns why no model may be asked at the row */
  private take({ barEndUs, mid, valid, values }: FeatureRow): Abstention | undefined {
    const { window, inputs } = this;
    const width = this.model.predictor.featureNames.length;
    window.copyWithin(0, width);
    const at = window.length - width;
    const value = (name: string): number => values[PLACES.get(name)!]!;
    const code = inputs.next({ barEndUs, mid, valid, value }, window, at);
    this.bookless[this.bars++ % this.bookless.length] = Number(Number.isNaN(mid));
    if (code === KEPT) this.watch.add(window.subarray(at));
    return LEFT_OUT_CAUSES[code];
  }

  private reasonFor(row: FeatureRow, probability: number, isFeedBad: boolean): Abstention | "" {
    const { maxSpreadBps, maxBookless, maxExcess, cooldownBars } = this.settings;
    const { profile, barUs } = this.model;
    const sure = sureness(probability);
    if (isFeedBad) return "feed";
    if (Number.isNaN(probability)) return "short window";
    if (this.booklessShare() > maxBookless) return "bad data";
    // A spread that is not known is no narrow one.
    if (!(row.values[SPREAD]! <= maxSpreadBps)) return "wide spread";
    if (this.watch.isForeign) return "foreign inputs";
    if (this.watch.hasDrifted) return "drift";
    if (this.outcomes.excess > maxExcess) return "miscalibrated";
    if (sure < profile.threshold || sure === 0) return "unsure";
    if (row.barEndUs - this.stakedUs <= cooldownBars * barUs) return "cooldown";
    return "";
  }

  private booklessShare(): number {
    const seen = Math.min(this.bars, this.bookless.length);
    let missing = 0;
    for (let i = 0; i < seen; i++) missing += this.bookless[i]!;
    return missing / seen;
  }
}
