// Is each rung of the baseline ladder better than the one below it? Differences on the same rows, over the same resamples.

import {
  type BlockBootstrapOptions,
  type Bootstrapped,
  blockBootstrap,
  type Uncertainty,
} from "../core/block-bootstrap.js";
import { effectiveSampleSize } from "../core/effective-sample-size.js";
import { OptionError } from "../core/errors.js";
import { DIFFERENCE, POSITIVE, RATIO, type Range } from "../core/figure-range.js";
import { mean } from "../core/statistics.js";
import type { Dataset } from "../dataset/matrix.js";
import { chosenSideValue, hits, majorityRate } from "./accuracy.js";
import { brierLoss } from "./brier.js";
import { attainableShare, type Truth } from "./ceilings.js";
import { onCommonRows } from "./common-rows.js";
import type { ModelPredictions } from "./evaluate.js";
import type { Predicted } from "./group-accuracy.js";
import { logLoss } from "./log-loss.js";

/** A paired difference with its interval, above 0 where the rung is better. */
export interface Gain extends Bootstrapped {
  /** What the interval of 95 % says: all of it above 0, all of it below, or neither; a missing one is undecided. */
  readonly verdict: "better" | "worse" | "undecided";
}

/** What a rung gains over another one, paired row by row. */
export interface RungGains {
  /** The other rung. */
  readonly over: string;
  /** Accuracy less the other's. */
  readonly accuracy: Gain;
  /** Brier loss that the rung saves: the other's less its own. */
  readonly brierLoss: Gain;
  /** Log-loss that the rung saves, nats a row. */
  readonly logLoss: Gain;
}

/** One rung of the baseline ladder. */
export interface Rung {
  readonly model: string;
  readonly accuracy: Bootstrapped;
  readonly brierLoss: Bootstrapped;
  readonly logLoss: Bootstrapped;
  /** Gains over the rung before; absent for the first. */
  readonly overPrevious?: RungGains;
  /** Gains over the reference; absent for the reference itself. */
  readonly overReference?: RungGains;
  /** Share of (attainable accuracy − ½) that the rung reaches, by true probabilities; only of simulated data. */
  readonly attainableShare?: Bootstrapped;
}

/** The baseline ladder: its rungs, all on the same rows. */
export interface Ladder {
  readonly rows: number;
  /** Accuracy of the more frequent side of these very rows. */
  readonly majorityRate: number;
  readonly reference: string;
  /** In the order given. */
  readonly rungs: readonly Rung[];
}

/** How rungs are compared. */
export interface LadderOptions extends BlockBootstrapOptions {
  /** The rung that all others are compared with; default is the first. */
  readonly reference?: string;
  /** True probabilities at all rows of the dataset; only simulated data has them. */
  readonly truth?: Truth;
}

const FIGURES = ["accuracy", "brierLoss", "logLoss"] as const;
type Figure = (typeof FIGURES)[number];

/**
 * Compares models rung by rung on the rows that all of them predicted: each with the one before it and with a reference.
 * Every interval is one of 95 % by itself; among twenty comparisons of equals one lies outside by luck.
 *
 * @param rungs - at least one, the one that knows least first; names differ
 * @returns figures are NaN where there are no rows, shares where the truth does not cover all of them
 * @throws {OptionError} no rung, two of one name, a reference that is none of them, or blocks shorter than a bar
 */
export function compareRungs(
  dataset: Dataset,
  rungs: readonly ModelPredictions[],
  { reference: named, truth, ...bootstrap }: LadderOptions,
): Ladder {
  const names = rungs.map(({ model }) => model);
  const reference = requireNames(names, named);
  const { rows, models } = onCommonRows(rungs);
  const outcome = Float64Array.from(rows, (row) => dataset.outcome[row]!);
  const columns = models.map(({ probability }) => rowFigures(probability, outcome));
  const means = meanColumns(columns, reference);
  const sides = truth && trueSides(models, rows, truth);
  // All figures of all rungs in one go: they share their resamples.
  const intervals = blockBootstrap(
    Float64Array.from(rows, (row) => dataset.barEndUs[row]!),
    (chosen) => ({ ...meansAt(means, chosen), ...(sides && sharesAt(sides, chosen)) }),
    { ...bootstrap, rangeOf },
  );
  const scatter = { ...means, ...(sides && shareScatter(sides)) };
  const figures = withEffectiveRows(intervals, scatter, dataset);
  return {
    rows: rows.length,
    majorityRate: majorityRate(outcome),
    reference: names[reference]!,
    rungs: names.map((model, i) => ({ model, ...rungOf(figures, names, i, reference) })),
  };
}

function rungOf(
  figures: Readonly<Record<string, Bootstrapped>>,
  names: readonly string[],
  i: number,
  reference: number,
): Omit<Rung, "model"> {
  const gains = (other: number): RungGains => {
    const gain = (figure: Figure): Gain => withVerdict(figures[key(i, figure, other)]!);
    return {
      over: names[other]!,
      accuracy: gain("accuracy"),
      brierLoss: gain("brierLoss"),
      logLoss: gain("logLoss"),
    };
  };
  const share = figures[shareKey(i)];
  return {
    accuracy: figures[key(i, "accuracy")]!,
    brierLoss: figures[key(i, "brierLoss")]!,
    logLoss: figures[key(i, "logLoss")]!,
    ...(i === 0 ? {} : { overPrevious: gains(i - 1) }),
    ...(i === reference ? {} : { overReference: gains(reference) }),
    ...(share === undefined ? {} : { attainableShare: share }),
  };
}

/**
 * Each figure with the independent rows it rests on.
 *
 * @param scatter - by the figure's name, a column that has the figure for its mean, but for a constant
 */
function withEffectiveRows(
  intervals: Readonly<Record<string, Uncertainty>>,
  scatter: Readonly<Record<string, Float64Array>>,
  { horizonBars }: Pick<Dataset, "horizonBars">,
): Readonly<Record<string, Bootstrapped>> {
  return Object.fromEntries(
    Object.entries(intervals).map(([name, interval]) => {
      const { standardError } = interval;
      const effectiveRows = effectiveSampleSize(scatter[name]!, standardError, { horizonBars });
      return [name, { ...interval, effectiveRows }];
    }),
  );
}

/** A difference with what its interval says. */
export function withVerdict(gain: Bootstrapped): Gain {
  const verdict = gain.lower > 0 ? "better" : gain.upper < 0 ? "worse" : "undecided";
  return { ...gain, verdict };
}

/** What each row adds to a rung's figures. */
type RowFigures = Readonly<Record<Figure, Float64Array>>;

function rowFigures(probability: Float64Array, outcome: Float64Array): RowFigures {
  const eachRow = (loss: (p: Float64Array, y: Float64Array) => number): Float64Array =>
    outcome.map((_, i) => loss(probability.subarray(i, i + 1), outcome.subarray(i, i + 1)));
  return {
    accuracy: hits(probability, outcome),
    brierLoss: eachRow(brierLoss),
    logLoss: eachRow(logLoss),
  };
}

/** Figures and gains are means over rows, so a gain is the mean of a column of differences. */
function meanColumns(
  rungs: readonly RowFigures[],
  reference: number,
): Readonly<Record<string, Float64Array>> {
  const columns: Record<string, Float64Array> = {};
  rungs.forEach((rung, i) => {
    for (const figure of FIGURES) {
      const own = rung[figure];
      columns[key(i, figure)] = own;
      const sign = figure === "accuracy" ? 1 : -1;
      for (const other of [i - 1, reference]) {
        if (other < 0 || other === i) continue;
        const less = rungs[other]![figure];
        columns[key(i, figure, other)] = own.map((value, k) => sign * (value - less[k]!));
      }
    }
  });
  return columns;
}

function key(rung: number, figure: Figure, other?: number): string {
  return `${rung} ${figure}${other === undefined ? "" : ` over ${other}`}`;
}

/** By a key; a share of what is attainable has no limit. */
function rangeOf(name: string): Range | undefined {
  if (name.endsWith(" logLoss")) return POSITIVE;
  if (/ (accuracy|brierLoss)$/.test(name)) return RATIO;
  return / (accuracy|brierLoss) over /.test(name) ? DIFFERENCE : undefined;
}

function shareKey(rung: number): string {
  return `${rung} attainable share`;
}

function meansAt(
  columns: Readonly<Record<string, Float64Array>>,
  chosen: Uint32Array,
): Record<string, number> {
  return Object.fromEntries(
    Object.entries(columns).map(([name, column]) => [name, meanAt(column, chosen)]),
  );
}

function meanAt(column: Float64Array, chosen: Uint32Array): number {
  let sum = 0;
  for (const k of chosen) sum += column[k]!;
  return sum / chosen.length;
}

/** True probabilities, row by row, of the sides that were chosen. */
interface TrueSides {
  readonly rungs: readonly Float64Array[];
  readonly attainable: Float64Array;
}

function trueSides(models: readonly Predicted[], rows: Uint32Array, truth: Truth): TrueSides {
  const side = (probabilityAt: (i: number) => number): Float64Array =>
    Float64Array.from(rows, (row, i) => chosenSideValue(probabilityAt(i), truth.oracleUp[row]!));
  return {
    rungs: models.map(({ probability }) => side((i) => probability[i]!)),
    attainable: side((i) => truth.attainableUp[rows[i]!]!),
  };
}

function sharesAt({ rungs, attainable }: TrueSides, chosen: Uint32Array): Record<string, number> {
  const ceiling = meanAt(attainable, chosen);
  return Object.fromEntries(
    rungs.map((side, i) => [shareKey(i), attainableShare(meanAt(side, chosen), ceiling)]),
  );
}

/**
 * What each row adds to a share of what is attainable, to first order:
 * (model − ½ − share · (attainable − ½)) / (mean attainable − ½).
 */
function shareScatter({ rungs, attainable }: TrueSides): Record<string, Float64Array> {
  const ceiling = mean(attainable);
  return Object.fromEntries(
    rungs.map((side, i) => {
      const share = attainableShare(mean(side), ceiling);
      const added = side.map(
        (p, k) => (p - 0.5 - share * (attainable[k]! - 0.5)) / (ceiling - 0.5),
      );
      return [shareKey(i), added];
    }),
  );
}

/** Place of the reference among the rungs. */
function requireNames(names: readonly string[], reference: string | undefined): number {
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (names.length === 0 || twice !== undefined) {
    const message = twice === undefined ? "were none" : `named "${twice}" twice`;
    throw new OptionError({
      column: "rungs",
      message: `${message}, expected one model or more, each once`,
      fix: "give a model for each rung",
    });
  }
  const place = reference === undefined ? 0 : names.indexOf(reference);
  if (place !== -1) return place;
  throw new OptionError({
    column: "reference",
    message: `was "${reference}", which is no rung`,
    fix: `name one of ${names.join(", ")}`,
  });
}
