// What was a recorded trial trained on? The same features joined again, or its stored matrix where there are none.
import { z } from "zod";
import { DataError } from "../core/errors.js";
import { isShortfall } from "../core/shortfall.js";
import { daysBetween } from "../core/time.js";
import { buildDataset } from "../dataset/build-dataset.js";
import { foldTimeline } from "../dataset/fold-timeline.js";
import { walkForwardFolds } from "../dataset/folds.js";
import type { Dataset } from "../dataset/matrix.js";
import { hasFeatures } from "../dataset/read-features.js";
import { loadDataset } from "../dataset/stored-dataset.js";
import { readBundle } from "../registry/bundles.js";
import { modelName, type Trial, versionOf } from "../registry/trial.js";
import { LABEL_RULE } from "../registry/trial-facts.js";
import type { Store } from "../store/store.js";
import { dataHash } from "../training/fit-or-load.js";
import type { Experiment, ExperimentRequest } from "./experiment.js";

/** What a bundle says of the data that its model was trained on. */
const card = z.object({
  exchange: z.string(),
  symbols: z.array(z.string()),
  from: z.string(),
  to: z.string(),
  barUs: z.number(),
  horizonUs: z.number(),
  latencyUs: z.number(),
  labelRule: LABEL_RULE,
  featureNames: z.array(z.string()),
  origin: z.object({
    source: z.enum(["ticks", "candles"]),
    place: z.object({ name: z.string(), schema: z.string() }).optional(),
    cut: z.object({
      folds: z.number(),
      window: z.enum(["anchored", "rolling"]),
      windowBars: z.number(),
      shares: z
        .object({
          train: z.number(),
          earlyStop: z.number(),
          calibrate: z.number(),
          test: z.number(),
        })
        .exactOptional(),
    }),
  }),
});

/**
 * The dataset and folds that a trial was fitted on, compared by hash. Where the store has features of those days they are
 * joined again, so that what has changed since, verdicts too, is noticed; elsewhere the stored matrix serves.
 *
 * @throws {OptionError} an audit or new data came after the features were joined; names the commands that mend it
 * @throws {DataError} the bundle or the matrix was changed, or the features are others than the model was trained on
 */
export async function experimentOf(
  store: Store,
  trial: Trial,
  { onProgress }: Pick<ExperimentRequest, "onProgress"> = {},
): Promise<Experiment> {
  const { model, bundle, key } = trial;
  const { content } = await readBundle(store.root, model, versionOf(key), bundle);
  const parsed = card.safeParse(content);
  if (!parsed.success) throw unknownData(trial, "does not say where its data lies");
  const dataset = await datasetOf(store, trial, parsed.data, onProgress);
  const { origin } = parsed.data;
  const folds = walkForwardFolds(dataset, origin.cut);
  if (isShortfall(folds) || dataHash(dataset, folds) !== trial.data) {
    const changed = "was trained on other features, labels or verdicts than the store holds now";
    throw unknownData(trial, changed);
  }
  const { place, ...cut } = origin;
  const stored = place === undefined ? {} : { place };
  return { dataset, folds, slices: foldTimeline(dataset, folds), origin: { ...cut, ...stored } };
}

async function datasetOf(
  store: Store,
  trial: Trial,
  said: z.infer<typeof card>,
  onProgress: ExperimentRequest["onProgress"],
): Promise<Dataset> {
  const { origin, from, to, featureNames, ...settings } = said;
  const days = daysBetween(from, to);
  const request = { ...settings, days, features: featureNames, source: origin.source };
  if (await hasFeatures(store, request)) {
    return await buildDataset(store, {
      ...request,
      ...(onProgress === undefined ? {} : { onProgress }),
    });
  }
  if (origin.place === undefined) {
    throw unknownData(trial, "was trained on features that the store no longer holds");
  }
  return await loadDataset(store, origin.place, said.symbols);
}

function unknownData(trial: Trial, message: string): DataError {
  return new DataError({
    file: modelName(trial),
    message,
    fix: "train it again with `npx tickbook train`",
  });
}
