import { expect, test } from "vitest";
import { seededRandom } from "../core/random.js";
import { isShortfall, shortfall } from "../core/shortfall.js";
import { identityScaler } from "../models/standard-scaler.js";
import { buildTransformer, type Transformer, transformerAttention } from "../models/transformer.js";
import { type TransformerShape, transformerLayout } from "../models/transformer-shape.js";
import { gatherWindows } from "../models/windows.js";
import type { FoldFit } from "../training/fold-fit.js";
import type { TrainedModel } from "../training/trained-model.js";
import { type AttentionReads, attentionReads } from "./attention-reads.js";
import type { Experiment } from "./experiment.js";
import { foldOf, persistentMarket } from "./test-persistent-market.js";

const STEPS = 12;
const SHAPE: TransformerShape = {
  ...{ inputSize: 3, steps: STEPS, width: 6, heads: 2, layers: 2, feedForward: 5 },
  positions: "learned",
};

const dataset = persistentMarket(0.3, 2);
const { test: testRows } = foldOf(dataset);
const experiment = { dataset } as Experiment;
const scaler = identityScaler(3);

function fitted(models: readonly Transformer[], parts: readonly Uint32Array[] = [testRows]) {
  const folds = models.map((model, i) => {
    const predictor = { featureNames: dataset.featureNames, scaler, model };
    return { predictor, testRows: parts[i]! } as unknown as FoldFit;
  });
  return { name: "transformer", folds, seed: 1 } as unknown as TrainedModel;
}

/** All arrays away from zero, but for those that are told to be zero. */
function drawn(seed: number, zero: (name: string) => boolean = () => false): Transformer {
  const random = seededRandom(seed, "parameters");
  const model = buildTransformer(SHAPE, 1);
  const parameters = model.parameters.map(() => 0.7 * random.normal());
  for (const { name, start, end } of transformerLayout(SHAPE)) {
    if (zero(name)) parameters.fill(0, start, end);
  }
  return { ...model, parameters };
}

async function read(
  model: TrainedModel,
  request: Partial<Parameters<typeof attentionReads>[2]> = {},
): Promise<AttentionReads> {
  const found = await attentionReads(experiment, [model], { seed: 1, ...request });
  if (isShortfall(found)) throw new Error(found.what);
  return found;
}

test("a head without queries reads every bar alike", async () => {
  const model = drawn(1, (name) => name.endsWith("query.kernel"));
  const { heads, recentSteps, steps, windows } = await read(fitted([model]), { windows: 60 });
  expect([recentSteps, steps]).toEqual([2, STEPS]);
  expect(windows).toBeLessThanOrEqual(60);
  expect(heads.map(({ layer, head }) => [layer, head])).toEqual([
    ...[
      [1, 1],
      [1, 2],
    ],
    ...[
      [2, 1],
      [2, 2],
    ],
  ]);
  for (const { weights, recent } of heads) {
    for (const weight of weights) expect(weight).toBeCloseTo(1 / STEPS, 6);
    expect(recent.estimate).toBeCloseTo(2 / STEPS, 6);
    expect(recent.upper - recent.lower).toBeLessThan(1e-6);
  }
});

test("weights are the means of single windows', the newest bar first, and sum to 1", async () => {
  const model = drawn(2);
  const { heads, windows } = await read(fitted([model]), { windows: 50 });
  const rows = testRows.filter((_, i) => i % Math.ceil(testRows.length / 50) === 0);
  expect(windows).toBe(rows.length);
  const sums = heads.map(() => new Float64Array(STEPS));
  for (const row of rows) {
    const window = gatherWindows(scaler, dataset.inputs, Uint32Array.of(row), STEPS);
    const weights = await transformerAttention(model, window);
    sums.forEach((sum, place) => {
      for (let step = 0; step < STEPS; step++) sum[step]! += weights[place * STEPS + step]!;
    });
  }
  heads.forEach(({ weights, recent }, place) => {
    const wanted = [...sums[place]!].reverse().map((sum) => sum / rows.length);
    weights.forEach((weight, back) => {
      expect(weight).toBeCloseTo(wanted[back]!, 6);
    });
    expect(weights.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 6);
    expect(recent.estimate).toBeCloseTo(wanted[0]! + wanted[1]!, 6);
    expect(recent.lower).toBeLessThan(recent.estimate);
    expect(recent.upper).toBeGreaterThan(recent.estimate);
  });
});

test("beside it stands what the same heads read before they were trained, and how much of it has moved", async () => {
  const untrained = buildTransformer(SHAPE, 1, { weights: Float64Array.of(1, 2, 3), intercept: 1 });
  const { heads: fresh } = await read(fitted([untrained]), { windows: 50 });
  for (const { weights, start, moved } of fresh) {
    expect(weights).toEqual(start);
    expect(moved).toBe(0);
    expect(Math.max(...weights)).toBeGreaterThan(1.05 / STEPS);
  }
  const { heads } = await read(fitted([drawn(2)]), { windows: 50 });
  heads.forEach(({ weights, start, moved }, place) => {
    expect(start).toEqual(fresh[place]!.weights);
    const more = weights.reduce((sum, weight, i) => sum + Math.max(0, weight - start[i]!), 0);
    expect(moved).toBeCloseTo(more, 6);
    expect(moved).toBeGreaterThan(0.01);
  });
});

test("folds count together, each by its own model, in batches of any size", async () => {
  const half = Math.floor(testRows.length / 2);
  const parts = [testRows.subarray(0, half), testRows.subarray(half)];
  const models = [drawn(3), drawn(4)];
  const both = await read(fitted(models, parts), { windows: 4e4 });
  expect(both.windows).toBe(testRows.length);
  expect(both.windows).toBeGreaterThan(2 * 256);
  const each = await Promise.all(
    models.map((model, i) => read(fitted([model], [parts[i]!]), { windows: 4e4 })),
  );
  both.heads.forEach(({ weights, recent }, place) => {
    const mean = (of: (one: AttentionReads) => number): number =>
      each.reduce((sum, one) => sum + of(one) * one.windows, 0) / both.windows;
    expect(weights[3]).toBeCloseTo(
      mean(({ heads }) => heads[place]!.weights[3]!),
      6,
    );
    expect(recent.estimate).toBeCloseTo(
      mean(({ heads }) => heads[place]!.recent.estimate),
      6,
    );
  });
});

test("without a Transformer it is said what is missing", async () => {
  const missing = shortfall({ step: "train", what: "rows", has: 0, needs: 1 });
  const lstm = { name: "lstm", folds: [{ predictor: { model: { kind: "lstm" } } }] };
  const other = lstm as unknown as TrainedModel;
  const ask = async (models: Parameters<typeof attentionReads>[1]) =>
    await attentionReads(experiment, models, { seed: 1 });
  expect(await attentionReads(missing, [], { seed: 1 })).toBe(missing);
  expect(await ask([other, missing])).toBe(missing);
  expect(await ask([other])).toMatchObject({ what: "Transformers", has: 0, needs: 1 });
});
