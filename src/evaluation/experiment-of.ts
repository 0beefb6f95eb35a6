// What was a recorded trial trained on? Its stored matrix, or the same joined again from the store.
import { z } from "zod";
import { DataError, OptionError } from "../core/errors.js";
import { isShortfall } from "../core/shortfall.js";
import { daysBetween } from "../core/time.js";
import { buildDataset } from "../dataset/build-dataset.js";
import { foldTimeline } from "../dataset/fold-timeline.js";
import { walkForwardFolds } from "../dataset/folds.js";
import type { Dataset } from "../dataset/matrix.js";
import { loadDataset } from "../dataset/stored-dataset.js";
import { readBundle } from "../registry/bundles.js";
import { modelName, type Trial, versionOf } from "../registry/trial.js";
import type { Store } from "../store/store.js";
import { dataHash } from "../training/fit-or-load.js";
import type { Experiment } from "./experiment.js";

/** What a bundle says of the data that its model was trained on. */
const card = z.object({
  exchange: z.string(),
  symbols: z.array(z.string()),
  from: z.string(),
  to: z.string(),
  barUs: z.number(),
  horizonUs: z.number(),
  latencyUs: z.number(),
  labelRule: z.union([
    z.object({ kind: z.literal("direction") }),
    z.object({
      kind: z.literal("triple-barrier"),
      deviations: z.number(),
      volatilityBars: z.number(),
    }),
  ]),
  featureNames: z.array(z.string()),
  origin: z.object({
    place: z.object({ name: z.string(), schema: z.string() }),
    cut: z.object({
      folds: z.number(),
      window: z.enum(["anchored", "rolling"]),
      windowBars: z.number(),
    }),
  }),
});

/**
 * The dataset and folds that a trial was fitted on, compared by hash.
 *
 * @throws {DataError} the bundle was changed, or neither the stored matrix nor the store's features are those any more
 */
export async function experimentOf(store: Store, trial: Trial): Promise<Experiment> {
  const { model, bundle, key } = trial;
  const { content } = await readBundle(store.root, model, versionOf(key), bundle);
  const parsed = card.safeParse(content);
  if (!parsed.success) throw unknownData(trial, "does not say where its data lies");
  const { origin, ...about } = parsed.data;
  for (const find of [() => stored(store, parsed.data), () => joined(store, about)]) {
    const dataset = await find().catch(absent);
    if (dataset === undefined) continue;
    const folds = walkForwardFolds(dataset, origin.cut);
    if (isShortfall(folds) || dataHash(dataset, folds) !== trial.data) continue;
    return { dataset, folds, slices: foldTimeline(dataset, folds), origin };
  }
  throw unknownData(
    trial,
    "was trained on other features, labels or verdicts than the store holds now",
  );
}

type Card = z.infer<typeof card>;

async function stored(store: Store, { origin, symbols }: Card): Promise<Dataset> {
  return await loadDataset(store, origin.place, symbols);
}

async function joined(
  store: Store,
  { from, to, featureNames, ...settings }: Omit<Card, "origin">,
): Promise<Dataset> {
  const request = { ...settings, days: daysBetween(from, to), features: featureNames };
  return await buildDataset(store, request);
}

/** A matrix that is not there or damaged, or features that are not: the other way may find it. */
function absent(error: unknown): undefined {
  if (error instanceof DataError || error instanceof OptionError) return undefined;
  throw error;
}

function unknownData(trial: Trial, message: string): DataError {
  return new DataError({
    file: modelName(trial),
    message,
    fix: "train it again with `npx tickbook train`",
  });
}
