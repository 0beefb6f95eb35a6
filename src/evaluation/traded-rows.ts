// Where is a model traded? Wherever a live run would have decided or ordered in the test's time, label or not.
import type { TrainedModel } from "../training/trained-model.js";
import type { Predicted } from "./group-accuracy.js";

/** Test rows with what was said of them, and the other rows of their time. */
export interface TestTime extends Predicted {
  /** NaN where nothing can be said; none where left out. */
  readonly untested?: Predicted;
}

/** What a trained model says of the time of its test. */
export function predictionsOf({
  name,
  testRows,
  probability,
  untested,
}: Pick<TrainedModel, "name" | "testRows" | "probability" | "untested">): TestTime & {
  readonly model: string;
} {
  return { model: name, rows: testRows, probability, untested };
}

/**
 * The rows that models are traded on, which are the same for all of them: test rows and those without a label.
 *
 * @returns for each model all rows of all models, ordered by symbol and time; probabilities are NaN, which stakes nothing, at
 *   rows that not every model can be asked at
 */
export function tradedRows(models: readonly TestTime[]): readonly Predicted[] {
  const said = models.map(saidAt);
  const rows = Uint32Array.from(new Set(said.flatMap((one) => [...one.keys()]))).sort();
  const isKnown = Array.from(rows, (row) => {
    return said.every((one) => !Number.isNaN(one.get(row) ?? Number.NaN));
  });
  return said.map((one) => ({
    rows,
    probability: Float64Array.from(rows, (row, i) => (isKnown[i] ? one.get(row)! : Number.NaN)),
  }));
}

function saidAt({ rows, probability, untested }: TestTime): ReadonlyMap<number, number> {
  const said = new Map<number, number>();
  untested?.rows.forEach((row, i) => {
    said.set(row, untested.probability[i]!);
  });
  rows.forEach((row, i) => {
    said.set(row, probability[i]!);
  });
  return said;
}
