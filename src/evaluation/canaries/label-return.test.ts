import { expect, test } from "vitest";
import { seededRandom } from "../../core/random.js";
import { isShortfall, type Shortfall } from "../../core/shortfall.js";
import { MINUTE_US } from "../../core/time.js";
import { directionLabels } from "../../dataset/labels.js";
import type { Dataset } from "../../dataset/matrix.js";
import { predictProbability } from "../../models/predictor.js";
import type { FoldFit } from "../../training/fold-fit.js";
import { foldOf, HORIZON, persistentMarket } from "../test-persistent-market.js";
import type { Canary } from "./canary.js";
import { labelReturnAmongInputs } from "./label-return.js";
import { BASELINE, type Pipeline } from "./pipeline.js";

/** The same market with labels that look so many bars ahead. */
function labelled(dataset: Dataset, horizonBars: number): Dataset {
  const { barEndUs, entryPrice, latencyUs } = dataset;
  const horizonUs = horizonBars * MINUTE_US;
  const bars = dataset.rows / dataset.symbols.length;
  const labels = dataset.symbols.map((_, s) => {
    const own = [s * bars, (s + 1) * bars] as const;
    return directionLabels(
      { barEndUs: barEndUs.subarray(...own), entryPrice: entryPrice.subarray(...own) },
      { horizonUs, barUs: MINUTE_US, latencyUs },
    );
  });
  const outcome = Float32Array.from(labels.flatMap((label) => [...label.outcome]));
  return {
    ...dataset,
    ...{ outcome, horizonUs, horizonBars, hash: `${dataset.hash}, ${horizonBars} ahead` },
    labelReturn: Float64Array.from(labels.flatMap(({ labelReturn }) => [...labelReturn])),
    labelEndUs: barEndUs.map((time) => time + horizonUs + latencyUs),
    isUsable: Uint8Array.from(outcome, (value) => Number(!Number.isNaN(value))),
  };
}

/** The same market on ticks of a size, and its labels. */
function onTicks(dataset: Dataset, tick: number): Dataset {
  const entryPrice = dataset.entryPrice.map((price) => tick * Math.round(price / tick));
  const hash = `${dataset.hash} on ticks of ${tick}`;
  return labelled({ ...dataset, entryPrice, hash }, HORIZON);
}

/** As many inputs as a tick market has. */
const WIDTH = 53;

/** The same market with inputs that last for hours, and no more rows of each symbol than some. */
function wide(dataset: Dataset, bars: number): Dataset {
  const random = seededRandom(1, "slow inputs");
  const inputs = new Float32Array(WIDTH * dataset.rows);
  for (let i = 0; i < inputs.length; i++) {
    inputs[i] = 0.999 * (inputs[i - WIDTH] ?? 0) + random.normal();
  }
  const all = dataset.rows / dataset.symbols.length;
  const isUsable = dataset.isUsable.map((is, row) => (row % all < bars ? is : 0));
  const featureNames = Array.from({ length: WIDTH }, (_, j) => `slow_${j}`);
  return { ...dataset, inputs, featureNames, isUsable, hash: `${dataset.hash}, slow inputs` };
}

async function canaryOf(
  dataset: Dataset,
  fit: Pipeline["fit"] = BASELINE.fit,
): Promise<Canary | Shortfall> {
  return await labelReturnAmongInputs(dataset, foldOf(dataset), { fit });
}

/** The baseline's fit, that says something else of its test. */
function saying(
  other: (fit: FoldFit, dataset: Dataset) => Promise<Float64Array> | Float64Array,
): Pipeline["fit"] {
  return async (dataset, fold, settings) => {
    const fit = await BASELINE.fit(dataset, fold, settings);
    if (isShortfall(fit)) throw new Error(fit.what);
    return { ...fit, probability: await other(fit, dataset) };
  };
}

/** Weights that belong to other columns. */
async function ofOtherColumns(
  { predictor, testRows }: FoldFit,
  { inputs }: Dataset,
): Promise<Float64Array> {
  const { model } = predictor;
  if (model.kind !== "logistic") throw new Error(model.kind);
  const weights = model.weights.slice().reverse();
  return await predictProbability({ ...predictor, model: { ...model, weights } }, inputs, testRows);
}

/** All that is said, of the rows so many places on. */
function turnedBy(values: Float64Array, places: number): Float64Array {
  return values.map((_, i) => values[(i + places) % values.length]!);
}

/** Outcomes of the training that belong to other rows. */
const toOtherRows: Pipeline["fit"] = async (dataset, fold, settings) => {
  const outcome = dataset.outcome.slice();
  const fitted = [...fold.train, ...fold.earlyStop];
  fitted.forEach((row, i) => {
    outcome[row] = dataset.outcome[fitted.at(-1 - i)!]!;
  });
  return await BASELINE.fit({ ...dataset, outcome }, fold, settings);
};

test.each([
  [0.05, 9.3],
  [0.1, 18.3],
  [0.5, 69.4],
])("on ticks of %d many rows are ties, and all others are right", async (tick, ties) => {
  const canary = await canaryOf(onTicks(persistentMarket(0.2, 3), tick));
  const note = `the last fold without ${ties} % ties, with the return's side in 4 columns`;
  expect(canary).toMatchObject({ isRight: true, value: 1, expected: 0.95, note });
});

test.each([0.05, 0.1, 0.5])("on ticks of %d labels that are a bar off are seen", async (tick) => {
  const market = onTicks(persistentMarket(0.2, 3), tick);
  const labelReturn = market.labelReturn.map((_, row, all) => all[row - 1] ?? 0);
  expect(await canaryOf({ ...market, labelReturn })).toMatchObject({ isRight: false });
});

test("a test of ties alone is no wrong canary: what is missing is said", async () => {
  const market = persistentMarket(0.2, 3);
  const outcome = market.outcome.slice();
  for (const row of foldOf(market).test) outcome[row] = 0.5;
  expect(await canaryOf({ ...market, outcome })).toMatchObject({ has: 0, needs: 20 });
});

test.each([30, 60])(
  "labels %d bars ahead of few days are seen beside inputs that could tell the training's few labels apart",
  async (horizonBars) => {
    for (const seed of [1, 4, 13]) {
      const market = labelled(persistentMarket(0.4, seed), horizonBars);
      for (const bars of [1000, 2000]) {
        expect(await canaryOf(wide(market, bars))).toMatchObject({ isRight: true, value: 1 });
      }
    }
  },
);

test.each<[string, Pipeline["fit"]]>([
  ["that says of a row what is true of the next", saying((fit) => turnedBy(fit.probability, 1))],
  ["that mixes up the columns that it predicts from", saying(ofOtherColumns)],
  ["on outcomes of other rows", toOtherRows],
  ["that says nothing", saying(({ probability }) => probability.map(() => 0.5))],
  ["that says no number", saying(({ probability }) => probability.map(() => Number.NaN))],
])("a fit %s is seen", async (_, fit) => {
  const market = wide(persistentMarket(0.2, 3), 2000);
  expect(await canaryOf(market)).toMatchObject({ isRight: true });
  expect(await canaryOf(market, fit)).toMatchObject({ isRight: false });
});

test.each([5, 30])(
  "labels that look another %d bars ahead than they say are seen",
  async (bars) => {
    const market = wide(labelled(persistentMarket(0.2, 3), 30), 2000);
    const { labelReturn } = labelled(market, 30 + bars);
    expect(await canaryOf({ ...market, labelReturn })).toMatchObject({ isRight: false });
  },
);
