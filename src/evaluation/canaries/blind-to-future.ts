// Does a model read what is not known yet? Then what it says of a bar moves with what comes after it.
import { counted } from "../../core/counted.js";
import { type Random, seededRandom } from "../../core/random.js";
import { shortfall } from "../../core/shortfall.js";
import { formatUtc } from "../../core/time.js";
import type { Dataset } from "../../dataset/matrix.js";
import { withOtherFuture } from "../invariance.js";
import type { Canary } from "./canary.js";
import { type CanaryShortfall, tooShort } from "./canary-shortfall.js";
import { type EvaluatedModel, MODEL_STEPS, type ModelSteps, type Said } from "./model-steps.js";

/** Times after which all is altered, over all folds; one a fold where there are more folds. */
const CUTS = 6;

/** Bars on each side of such a time whose rows are predicted; those after it, so that a batch as a whole is told otherwise, too. */
const NEAR_BARS = 16;

/** How far log-odds may lie apart where the same sums do not give the same bits, in shares of their size, and of 1 where that is more. */
const ROUNDING = 1e-3;

/**
 * Alters everything that becomes known after the end of some drawn test bars: inputs of all symbols, prices and labels. What
 * each model says of these bars and of the last ones before them must stay the same to the bit.
 *
 * @returns a canary for each model; or what is missing where no test bar is followed by another
 */
export async function blindToFuture(
  dataset: Dataset,
  models: readonly EvaluatedModel[],
  { seed, steps = MODEL_STEPS }: { readonly seed: number; readonly steps?: ModelSteps },
): Promise<readonly (Canary | CanaryShortfall)[]> {
  const cuts = drawnCuts(dataset, models, seed);
  const tallies = models.map((model) => ({ model, rows: 0, moved: [] as number[] }));
  for (const { fold, timeUs } of cuts) {
    const other = withOtherFuture(dataset, timeUs);
    for (const tally of tallies) {
      const { folds, isRepeatable } = tally.model;
      const fit = folds[fold]!;
      const near = fit.testRows.filter(
        (row) => Math.abs(dataset.barEndUs[row]! - timeUs) <= NEAR_BARS * dataset.barUs,
      );
      const said = await steps.predict(fit, dataset, near);
      const saidThen = await steps.predict(fit, other, near);
      near.forEach((row, i) => {
        if (dataset.barEndUs[row]! > timeUs) return;
        tally.rows++;
        if (!isSame(said, saidThen, i, isRepeatable)) tally.moved.push(row);
      });
    }
  }
  if (models.length > 0 && cuts.length === 0) return [nothingAfter(models)];
  const about = counted(cuts.length, "time");
  return tallies.map(({ model, rows, moved }) =>
    judge(dataset, model.name, { rows, moved, about }),
  );
}

/** Ends of bars that another follows, drawn from the rows that every model is tested on. */
function drawnCuts(
  dataset: Dataset,
  models: readonly EvaluatedModel[],
  seed: number,
): readonly { readonly fold: number; readonly timeUs: number }[] {
  const [first, ...others] = models;
  if (first === undefined) return [];
  const random = seededRandom(seed, "futures that are other");
  const each = Math.ceil(CUTS / first.folds.length);
  return first.folds.flatMap(({ testRows }, fold) => {
    const sets = others.map(({ folds }) => new Set(folds[fold]?.testRows));
    const rows = testRows.filter(
      (row) => isFollowed(dataset, row) && sets.every((set) => set.has(row)),
    );
    const times = drawn(rows, each, random).map((row) => dataset.barEndUs[row]!);
    return [...new Set(times)].map((timeUs) => ({ fold, timeUs }));
  });
}

function isFollowed({ rows, runStart }: Dataset, row: number): boolean {
  return row + 1 < rows && runStart[row + 1] === runStart[row];
}

function drawn(rows: Uint32Array, count: number, random: Random): readonly number[] {
  if (rows.length === 0) return [];
  return Array.from({ length: count }, () => rows[random.below(rows.length)]!);
}

function isSame(a: Said, b: Said, i: number, isRepeatable: boolean): boolean {
  if (isRepeatable) {
    return Object.is(a.logits[i], b.logits[i]) && Object.is(a.probability[i], b.probability[i]);
  }
  const size = Math.max(1, Math.abs(a.logits[i]!));
  return Math.abs(a.logits[i]! - b.logits[i]!) <= ROUNDING * size;
}

function judge(
  dataset: Dataset,
  name: string,
  found: { readonly rows: number; readonly moved: readonly number[]; readonly about: string },
): Canary {
  const { rows, moved, about } = found;
  const [first] = moved;
  const note = `${counted(rows, "row")} before ${about}`;
  return {
    name: nameOf(name),
    model: name,
    rule: "what is said of a bar, and of those before it, stays the same when all that comes after its end is other",
    guards:
      "inputs of a later bar, windows that reach ahead, scaling by later rows, in what a model says and was taught to say",
    value: moved.length / rows,
    expected: 0,
    standardError: 0,
    isRight: rows > 0 && moved.length === 0,
    note:
      first === undefined
        ? note
        : `${note}: ${moved.length} moved, first ${placeOf(dataset, first)}`,
  };
}

function placeOf({ symbols, symbolIndex, barEndUs }: Dataset, row: number): string {
  return `row ${row} (${symbols[symbolIndex[row]!]} ${formatUtc(barEndUs[row]!)})`;
}

function nameOf(model: string): string {
  return `${model} blind to its future`;
}

function nothingAfter(models: readonly EvaluatedModel[]): CanaryShortfall {
  const lack = shortfall({
    step: "alter what comes after a test bar",
    what: "test bars of all models that another bar follows",
    has: 0,
    needs: 1,
  });
  return tooShort(lack, ...models.map(({ name }) => nameOf(name)));
}
