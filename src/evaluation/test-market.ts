import { seededRandom } from "../core/random.js";
import { directionLabels } from "../dataset/labels.js";
import type { Dataset } from "../dataset/matrix.js";
import { testDataset } from "../training/test-dataset.js";

/**
 * A dataset whose labels are made of its prices: two symbols whose price drifts with the first input.
 *
 * @param bars - rows of each symbol
 * @param options.strength - of the drift, in deviations of a bar's return
 */
export function testMarket(
  bars: number,
  {
    strength = 0.2,
    horizonBars = 5,
    latencyUs = 500_000,
    seed = 1,
  }: {
    readonly strength?: number;
    readonly horizonBars?: number;
    readonly latencyUs?: number;
    readonly seed?: number;
  } = {},
): Dataset {
  const noise = testDataset(bars, () => 0.5, seed);
  const random = seededRandom(seed, "test market");
  const { rows, barEndUs, barUs, inputs, featureNames } = noise;
  const width = featureNames.length;
  const entryPrice = new Float64Array(rows);
  const outcome = new Float32Array(rows);
  const labelReturn = new Float64Array(rows);
  for (const from of [0, bars]) {
    let log = 0;
    for (let row = from; row < from + bars; row++) {
      entryPrice[row] = 100 * Math.exp(log);
      log += 1e-3 * (strength * inputs[width * row]! + random.normal());
    }
    const labels = directionLabels(
      {
        barEndUs: barEndUs.subarray(from, from + bars),
        entryPrice: entryPrice.subarray(from, from + bars),
      },
      { horizonUs: horizonBars * barUs, barUs, latencyUs },
    );
    outcome.set(labels.outcome, from);
    labelReturn.set(labels.labelReturn, from);
  }
  return {
    ...noise,
    entryPrice,
    outcome,
    labelReturn,
    horizonUs: horizonBars * barUs,
    horizonBars,
    latencyUs,
    labelEndUs: barEndUs.map((time) => time + latencyUs + horizonBars * barUs),
    isUsable: Uint8Array.from(outcome, (value) => Number(!Number.isNaN(value))),
    hash: `test market ${bars} ${strength} ${horizonBars} ${latencyUs} ${seed}`,
  };
}
