import { expect, test } from "vitest";
import { isShortfall } from "../../core/shortfall.js";
import { MINUTE_US } from "../../core/time.js";
import { assembleDataset } from "../../dataset/assemble-dataset.js";
import { walkForwardFolds } from "../../dataset/folds.js";
import type { LabelRule } from "../../dataset/label-rule.js";
import type { Dataset } from "../../dataset/matrix.js";
import { persistentMarket } from "../test-persistent-market.js";
import type { Canary } from "./canary.js";
import { BASELINE, type Pipeline } from "./pipeline.js";
import { randomWalks } from "./random-walk.js";
import { walkDataset, walkSeries } from "./walk-dataset.js";
import { walkGaps } from "./walk-gaps.js";
import { walkMarket, walkSpan } from "./walk-market.js";

/** A market with some bars and prices missing, the last ones among them. */
const dataset = (() => {
  const market = persistentMarket(0, 8);
  const entryPrice = market.entryPrice.slice();
  entryPrice.fill(Number.NaN, 700, 701).fill(Number.NaN, 1200, 1206).fill(Number.NaN, 4000, 4002);
  entryPrice.fill(Number.NaN, 2999, 3000).fill(Number.NaN, 5990);
  const barEndUs = market.barEndUs.map((endUs, row) =>
    row >= 1500 && row < 3000 ? endUs + 60 * MINUTE_US : endUs,
  );
  return { ...market, entryPrice, barEndUs };
})();

async function walked(of: Dataset, horizonUs = of.horizonUs, seed = 1) {
  const span = walkSpan(of);
  const market = walkMarket(of, span, seed);
  const series = await walkSeries(of, span, market, BASELINE);
  const made = walkDataset(of, series, span, { assemble: assembleDataset, horizonUs });
  return { made, market, series };
}

const BARRIERS: LabelRule = { kind: "triple-barrier", deviations: 1, volatilityBars: 20 };

test.each([
  ["five bars ahead", dataset],
  ["one and a half bars ahead", { ...dataset, horizonUs: 1.5 * MINUTE_US }],
  ["half a bar ahead", { ...dataset, horizonUs: 0.5 * MINUTE_US }],
  ["by barriers", { ...dataset, labelRule: BARRIERS }],
  ["decided two bars late", { ...dataset, latencyUs: 2.5 * MINUTE_US }],
])(
  "of an honest walk no row is out of place, %s, and nearly all that are used must be",
  async (_, of) => {
    for (const horizonUs of [of.horizonUs, MINUTE_US]) {
      const { made, market, series } = await walked(of, horizonUs);
      const gaps = walkGaps(made, market, series);
      expect(gaps).toMatchObject({ rowsOverGaps: 0, rowsLeftOut: 0 });
      expect(gaps.usableRows).toBeGreaterThan(4000);
      const none = { ...made, isUsable: new Uint8Array(made.rows) };
      const must = walkGaps(none, market, series).rowsLeftOut;
      expect(must).toBeLessThanOrEqual(gaps.usableRows);
      expect(must).toBeGreaterThan(0.97 * gaps.usableRows);
    }
  },
);

test("rows that a pipeline chooses by their outcome are counted, and the canary is wrong", async () => {
  const choosing: Pipeline["assemble"] = (series, settings) => {
    const whole = assembleDataset(series, settings);
    const isUsable = whole.isUsable.map((is, row) =>
      Math.abs(whole.labelReturn[row]!) < 2e-4 ? 0 : is,
    );
    return { ...whole, isUsable };
  };
  const cut = walkForwardFolds(dataset);
  if (isShortfall(cut)) throw new Error(cut.what);
  const gapsOf = async (pipeline: Pipeline): Promise<Canary> => {
    const canaries = await randomWalks(dataset, cut[0]!, pipeline, { seed: 1, walks: 1 });
    const last = canaries.at(-1)!;
    if (isShortfall(last)) throw new Error(last.what);
    return last;
  };
  const name = "gaps of the random walk";
  expect(await gapsOf(BASELINE)).toMatchObject({ name, value: 0, isRight: true });
  const wrong = await gapsOf({ ...BASELINE, assemble: choosing });
  expect(wrong).toMatchObject({ name, isRight: false });
  expect(wrong.value).toBeGreaterThan(0.02);
  expect(wrong.note).toMatch(/: 0 rows used over a gap, [\d,]+ left out without one$/);
});
