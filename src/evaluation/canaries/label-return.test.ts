import { expect, test } from "vitest";
import { isShortfall, type Shortfall } from "../../core/shortfall.js";
import { MINUTE_US } from "../../core/time.js";
import { walkForwardFolds } from "../../dataset/folds.js";
import { directionLabels } from "../../dataset/labels.js";
import type { Dataset, Fold } from "../../dataset/matrix.js";
import { HORIZON, persistentMarket } from "../test-persistent-market.js";
import type { Canary } from "./canary.js";
import { labelReturnAmongInputs } from "./label-return.js";
import { BASELINE } from "./pipeline.js";

/** The same market on ticks of a size, and its labels. */
function onTicks(dataset: Dataset, tick: number): Dataset {
  const entryPrice = dataset.entryPrice.map((price) => tick * Math.round(price / tick));
  const bars = dataset.rows / dataset.symbols.length;
  const labels = dataset.symbols.map((_, s) => {
    const own = [s * bars, (s + 1) * bars] as const;
    return directionLabels(
      { barEndUs: dataset.barEndUs.subarray(...own), entryPrice: entryPrice.subarray(...own) },
      { horizonUs: HORIZON * MINUTE_US, barUs: MINUTE_US, latencyUs: 500_000 },
    );
  });
  return {
    ...dataset,
    ...{ entryPrice, hash: `${dataset.hash} on ticks of ${tick}` },
    outcome: Float32Array.from(labels.flatMap(({ outcome }) => [...outcome])),
    labelReturn: Float64Array.from(labels.flatMap(({ labelReturn }) => [...labelReturn])),
  };
}

function foldOf(dataset: Dataset): Fold {
  const cut = walkForwardFolds(dataset, { folds: 1 });
  if (isShortfall(cut)) throw new Error(cut.what);
  return cut[0]!;
}

async function canaryOf(dataset: Dataset): Promise<Canary | Shortfall> {
  return await labelReturnAmongInputs(dataset, foldOf(dataset), BASELINE);
}

test.each([
  [0.05, 9.3],
  [0.1, 18.3],
  [0.5, 69.4],
])("on ticks of %d many rows are ties, and all others are right", async (tick, ties) => {
  const canary = await canaryOf(onTicks(persistentMarket(0.2, 3), tick));
  const note = `the last fold, without ${ties} % ties`;
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
