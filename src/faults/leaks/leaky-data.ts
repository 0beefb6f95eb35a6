// Steps from events to slices that mix up what was known when.
import { seededRandom } from "../../core/random.js";
import { quantile } from "../../core/statistics.js";
import { assembleDataset } from "../../dataset/assemble-dataset.js";
import { NONE_LEFT_OUT } from "../../dataset/bad-rows.js";
import { walkForwardFolds } from "../../dataset/folds.js";
import type { Dataset, Fold } from "../../dataset/matrix.js";
import type { SymbolSeries } from "../../dataset/symbol-series.js";
import { eventSeries } from "../../evaluation/canaries/event-series.js";
import type { Pipeline } from "../../evaluation/canaries/pipeline.js";

/** The label's window begins and ends a bar early, so that it overlaps the bar that features have seen. */
export const labelABarEarly: Pipeline["assemble"] = (series, settings) =>
  assembleDataset(
    series.map((one) => ({ ...one, entryPrice: earlier(one.entryPrice) })),
    settings,
  );

/** The entry is at the price of the bar before; the exit is where it belongs. */
export const entryBeforeDecision: Pipeline["assemble"] = (series, settings) => {
  const bars = settings.horizonUs / settings.barUs;
  return assembleDataset(
    series.map((one) => ({
      ...one,
      entryPrice: earlier(one.entryPrice),
      exitPrice: later(one.entryPrice, bars),
    })),
    settings,
  );
};

/** Features are those of the next bar. */
export const featuresOfNextBar: Pipeline["assemble"] = (series, settings) =>
  assembleDataset(
    series.map(
      (one): SymbolSeries => ({
        ...one,
        values: Object.fromEntries(
          Object.entries(one.values).map(([name, values]) => [name, later(values, 1)]),
        ),
      }),
    ),
    settings,
  );

/** Rows whose price hardly moves are left out: whoever chooses them knows what comes. */
export const rowsByOutcome: Pipeline["assemble"] = (series, settings) => {
  const dataset = assembleDataset(series, settings);
  return { ...dataset, isUsable: usableWhereMoved(dataset, 0.1) };
};

/** The rows that may be used, less a share of them that moves least. */
export function usableWhereMoved({ isUsable, labelReturn }: Dataset, share: number): Uint8Array {
  const moves = labelReturn.map(Math.abs);
  const least = quantile(
    moves.filter((_, row) => isUsable[row] === 1),
    share,
  );
  return isUsable.map((is, row) => (moves[row]! < least ? 0 : is));
}

/** A book stays in force however old it is. */
export const bookCarriedOverGaps: Pipeline["series"] = (runs, settings) =>
  eventSeries(runs, { ...settings, staleAfterUs: Number.POSITIVE_INFINITY });

/** Nothing is purged: labels are taken to end with their bar. */
export const withoutPurge: Pipeline["split"] = (dataset, settings) =>
  walkForwardFolds({ ...dataset, labelEndUs: dataset.barEndUs }, settings);

/** Slices are drawn from the pooled rows of all symbols and times. */
export const shuffledRows: Pipeline["split"] = (dataset, settings) => {
  const folds = walkForwardFolds(dataset, settings);
  if (!Array.isArray(folds)) return folds;
  return (folds as readonly Fold[]).map(({ purged, ...fold }) => {
    const slices = [fold.train, fold.earlyStop, fold.calibrate, fold.test];
    const rows = shuffled(slices.flatMap((slice) => [...slice]));
    const cut = (from: number, count: number): Uint32Array =>
      Uint32Array.from(rows.slice(from, from + count)).sort();
    const [train, earlyStop, calibrate] = [0, 1, 2].map((k) => slices[k]!.length) as [
      number,
      number,
      number,
    ];
    return {
      train: cut(0, train),
      earlyStop: cut(train, earlyStop),
      calibrate: cut(train + earlyStop, calibrate),
      test: cut(train + earlyStop + calibrate, rows.length),
      untested: fold.untested,
      purged,
      leftOut: { train: NONE_LEFT_OUT, earlyStop: NONE_LEFT_OUT, calibrate: NONE_LEFT_OUT },
    };
  });
};

/** Each row with the value of the row before. */
function earlier(values: Float64Array): Float64Array {
  return values.map((_, row) => values[row - 1] ?? Number.NaN);
}

/** Each row with the value of a later row. */
function later(values: Float64Array, bars: number): Float64Array {
  return values.map((_, row) => values[row + bars] ?? Number.NaN);
}

function shuffled(rows: number[]): number[] {
  const random = seededRandom(1, "shuffled rows");
  for (let i = rows.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [rows[i], rows[j]] = [rows[j]!, rows[i]!];
  }
  return rows;
}
