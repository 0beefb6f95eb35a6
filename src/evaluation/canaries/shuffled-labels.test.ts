import { expect, test } from "vitest";
import { isShortfall, type Shortfall } from "../../core/shortfall.js";
import type { Dataset } from "../../dataset/matrix.js";
import { foldOf, persistentMarket } from "../test-persistent-market.js";
import type { Canary } from "./canary.js";
import { BASELINE, type Pipeline } from "./pipeline.js";
import { shuffledLabels } from "./shuffled-labels.js";

/** The canary of a test that ends after so many bars. */
async function canaryOf(
  dataset: Dataset,
  { bars, seed, fit = BASELINE.fit }: { bars: number; seed: number; fit?: Pipeline["fit"] },
): Promise<Canary | Shortfall> {
  const fold = foldOf(dataset);
  const endUs = dataset.barEndUs[fold.test[0]!]! + bars * dataset.barUs;
  const test = fold.test.filter((row) => dataset.barEndUs[row]! < endUs);
  return await shuffledLabels(dataset, { ...fold, test }, { fit }, seed);
}

test("an honest test is as chance, however few its blocks of time and however strong its market", async () => {
  // Of the mean of six fits to shifts alone these lie 4 to 10 standard errors from chance.
  const cases = [
    [0.4, 99, 125],
    [0.4, 99, 240],
    [0.4, 131, 600],
    [1, 8, 600],
    [1, 127, 600],
  ] as const;
  for (const [strength, seed, bars] of cases) {
    const canary = await canaryOf(persistentMarket(strength, seed), { bars, seed });
    if (isShortfall(canary)) throw new Error(canary.what);
    expect(canary.isRight).toBe(true);
    // The log-odds of a logistic fit to opposite labels are the opposite ones.
    expect(canary.value).toBeCloseTo(canary.expected, 3);
  }
});

test("test rows among what is fitted on are seen", async () => {
  const leaky: Pipeline["fit"] = async (dataset, fold, settings) => {
    const train = Uint32Array.from([...fold.train, ...fold.test]).sort();
    return await BASELINE.fit(dataset, { ...fold, train }, settings);
  };
  let seen = 0;
  for (let seed = 1; seed <= 6; seed++) {
    for (const strength of [0.4, 1]) {
      const canary = await canaryOf(persistentMarket(strength, seed), {
        ...{ bars: 600, seed },
        fit: leaky,
      });
      seen += Number(!isShortfall(canary) && !canary.isRight);
    }
  }
  // 76 of 80 with forty seeds; by the mean of six fits to shifts alone it were 55.
  expect(seen).toBeGreaterThanOrEqual(10);
});
