import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { isShortfall } from "../core/shortfall.js";
import { PROFILE_FILE, profileFromBytes } from "../models/input-profile.js";
import { sureness } from "../models/sureness.js";
import { readBundle } from "../registry/bundles.js";
import { readTrials } from "../registry/trials.js";
import { fitOrLoad } from "./fit-or-load.js";
import { LOGISTIC_SETTINGS } from "./settings.js";
import { testDataset, testFold } from "./test-dataset.js";

test("a bundle holds the profile of its training rows and the threshold of its coverage", async () => {
  const root = await mkdtemp(path.join(tmpdir(), "tickbook-profile-"));
  try {
    const dataset = testDataset(900, (first) => 1 / (1 + Math.exp(-first.at(-1)!)));
    const fold = testFold(dataset);
    const settings = { ...LOGISTIC_SETTINGS, coverage: 0.25 };
    const model = await fitOrLoad(dataset, [fold], settings, { root });
    if (isShortfall(model)) throw new Error(model.what);
    const [trial] = await readTrials(root);
    const { files } = await readBundle(root, model.name, model.version, trial!.bundle);
    const profile = profileFromBytes(files[PROFILE_FILE]!, PROFILE_FILE);
    expect(profile.featureNames).toEqual(dataset.featureNames);
    const [first] = dataset.featureNames.map((_, j) =>
      [...fold.train].filter(
        (row) => !Number.isNaN(dataset.inputs[row * dataset.featureNames.length + j]!),
      ),
    );
    const counted = profile.counts.slice(0, 10).reduce((sum, count) => sum + count);
    expect(counted).toBe(first!.length);
    const fit = model.folds[0]!;
    expect(fit.calibrateRows.length).toBeGreaterThan(20);
    // A quarter of the test rows or so is as sure: the slices are alike.
    const sure = fit.probability.filter((said) => sureness(said) >= profile.threshold);
    expect(sure.length / fit.probability.length).toBeGreaterThan(0.05);
    expect(sure.length / fit.probability.length).toBeLessThan(0.6);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
});
