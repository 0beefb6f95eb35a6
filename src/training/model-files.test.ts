import { expect, test } from "vitest";
import { isShortfall } from "../core/shortfall.js";
import { decodeSafetensors, encodeSafetensors } from "../models/safetensors.js";
import type { Epoch, FoldFit } from "./fold-fit.js";
import { foldsFromFiles, foldsToFiles } from "./model-files.js";
import { MLP_SETTINGS } from "./settings.js";
import { testDataset, testFold } from "./test-dataset.js";
import { trainMlp } from "./train-mlp.js";

const PREDICTIONS = "predictions.safetensors";

async function fitted(): Promise<FoldFit> {
  const dataset = testDataset(700, () => 0.5);
  const settings = { ...MLP_SETTINGS, units: [2], epochs: 2, batchSize: 256 };
  const fit = await trainMlp(dataset, testFold(dataset), settings, 1);
  if (isShortfall(fit)) throw new Error(fit.what);
  return fit;
}

test("a learning curve is read back as it was written, in the order of its figures", async () => {
  const fit = await fitted();
  const [read] = foldsFromFiles(foldsToFiles([fit]), "bundle");
  expect(JSON.stringify(read!.history)).toBe(JSON.stringify(fit.history));
  expect(read!.history).toHaveLength(3);
});

test("a bundle from before accuracy was kept is read, and its accuracy is not known", async () => {
  const fit = await fitted();
  const files = foldsToFiles([fit]);
  const { arrays, texts } = decodeSafetensors(files[PREDICTIONS]!, PREDICTIONS);
  const older = JSON.parse(texts["fold1.history"]!).map(
    ({ earlyStopAccuracy: _, ...epoch }: Epoch) => epoch,
  );
  const written = encodeSafetensors({
    arrays,
    texts: { ...texts, "fold1.history": JSON.stringify(older) },
  });
  const [read] = foldsFromFiles({ ...files, [PREDICTIONS]: written }, "bundle");
  expect(read!.history).toEqual(
    fit.history.map((epoch) => ({ ...epoch, earlyStopAccuracy: Number.NaN })),
  );
});
