import { expect, test } from "vitest";
import { isShortfall } from "../../core/shortfall.js";
import { mean } from "../../core/statistics.js";
import { MINUTE_US } from "../../core/time.js";
import { walkForwardFolds } from "../../dataset/folds.js";
import type { Dataset, Fold } from "../../dataset/matrix.js";
import { hits } from "../accuracy.js";
import { persistentMarket } from "../test-persistent-market.js";
import { type Canary, outcomesAt } from "./canary.js";
import { BASELINE, type Pipeline } from "./pipeline.js";
import { randomWalks } from "./random-walk.js";

const MARKET = persistentMarket(0.2, 1);

/** Bars of a market's first symbol, over and over, as those of some symbols, with labels so many bars ahead, and inputs of which one looks back over four hours. */
function market(bars: number, horizonBars: number, symbols = ["BTCUSDT"]): Dataset {
  const startUs = MARKET.barEndUs[0]!;
  const prices = MARKET.symbolIndex.indexOf(1);
  const rows = symbols.length * bars;
  return {
    ...MARKET,
    ...{ rows, symbols, featureNames: ["log_ret_240", "obi_l1"] },
    ...{ horizonBars, horizonUs: horizonBars * MINUTE_US },
    symbolIndex: Uint8Array.from({ length: rows }, (_, i) => Math.floor(i / bars)),
    barEndUs: Float64Array.from({ length: rows }, (_, i) => startUs + (i % bars) * MINUTE_US),
    entryPrice: Float64Array.from({ length: rows }, (_, i) => MARKET.entryPrice[i % prices]!),
    isBad: new Uint8Array(rows),
    isAudited: new Uint8Array(rows).fill(1),
  };
}

const [fold] = walkForwardFolds(MARKET, { folds: 1 }) as readonly Fold[];

/** The test of a walk, and what was said of it. */
interface Tested {
  readonly walk: Dataset;
  readonly rows: Uint32Array;
  readonly probability: Float64Array;
}

/** The baseline, but for what it says of a row. */
function saying(rule: (firstInput: number) => number, tests: Tested[] = []): Pipeline {
  const fit: Pipeline["fit"] = async (walk, fold, settings) => {
    const fit = await BASELINE.fit(walk, fold, settings);
    if (isShortfall(fit)) return fit;
    const { testRows: rows } = fit;
    const width = walk.featureNames.length;
    const probability = Float64Array.from(rows, (row) => rule(walk.inputs[row * width]!));
    tests.push({ walk, rows, probability });
    return { ...fit, probability };
  };
  return { ...BASELINE, fit };
}

async function walked(
  dataset: Dataset,
  pipeline: Pipeline,
  walks: number,
): Promise<readonly Canary[]> {
  const canaries = await randomWalks(dataset, fold!, pipeline, { seed: 1, walks });
  return canaries.map((canary) => {
    if (isShortfall(canary)) throw new Error(canary.what);
    return canary;
  });
}

test("a walk's accuracy is held against one half, whatever its calls and ups are", async () => {
  const tests: Tested[] = [];
  const canaries = await walked(
    market(2600, 5),
    saying(() => 0.9, tests),
    4,
  );
  expect(canaries.map(({ name }) => name)).toEqual([
    "random walk",
    "random walk, a bar ahead",
    "gaps of the random walk",
  ]);
  for (const [h, { value, expected, standardError, isRight }] of canaries.slice(0, 2).entries()) {
    // Each walk is fitted for one horizon after the other.
    const own = tests.filter((_, i) => i % 2 === h);
    const accuracies = own.map(({ walk, rows, probability }) =>
      mean(hits(probability, outcomesAt(walk, rows))),
    );
    expect(value).toBeCloseTo(mean(accuracies), 12);
    expect([expected, isRight]).toEqual([0.5, true]);
    // Calls of one side are luck, too.
    expect(standardError).toBeGreaterThan(0.005);
  }
});

test("calls of a price that comes back are no leak, however many walks they are scored on", async () => {
  const pipeline = saying((comeSoFar) => (comeSoFar < 0 ? 0.9 : 0.1));
  const [{ value, expected, standardError }] = (await walked(market(2600, 1), pipeline, 40)) as [
    Canary,
  ];
  // Less what calls and ups would give by chance in each test it were 2.1.
  expect(Math.abs(value - expected) / standardError).toBeLessThan(2);
});

test("its limit is that of the blocks of time that the tests of all walks fill, each less one", async () => {
  const horizonBars = 10;
  for (const walks of [2, 5]) {
    const tests: Tested[] = [];
    const pipeline = saying(() => 0.9, tests);
    const [own, ahead] = (await walked(market(2600, horizonBars), pipeline, walks)) as [
      Canary,
      Canary,
    ];
    const bars = tests.map(({ walk, rows }) => {
      const [first, last] = [rows[0]!, rows.at(-1)!];
      return (walk.barEndUs[last]! - walk.barEndUs[first]!) / MINUTE_US + 1;
    });
    // Blocks are of eight horizons, or of a tenth of the test.
    const freedomOf = (h: number, blocks: (bars: number) => number): number =>
      bars.filter((_, i) => i % 2 === h).reduce((sum, count) => sum + blocks(count) - 1, 0);
    const told = [own, ahead].map(({ rule }) => Number(/(\d+) degrees of freedom/.exec(rule)?.[1]));
    const sums = [freedomOf(0, (count) => count / (8 * horizonBars)), freedomOf(1, () => 10)];
    for (const [h, sum] of sums.entries()) {
      expect(told[h]! / sum).toBeGreaterThan(0.9);
      expect(told[h]! / sum).toBeLessThan(1.1);
    }
  }
});

test("labels far ahead take fewer symbols and more walks, so that a leak can be told from luck", async () => {
  // Eight times eighty bars are a block: a third of 24,000 bars would have a test of less than three.
  const symbols = ["BTCUSDT", "ETHUSDT", "SOLUSDT"];
  const long = market(12_000, 80, symbols);
  const [own] = await randomWalks(
    long,
    fold!,
    saying(() => 0.9),
    { seed: 1 },
  );
  const { note, rule } = own as Canary;
  const walks = Number(/^(\d+) walks of 12,000 bars, the last part of the data$/.exec(note)?.[1]);
  const freedom = Number(/(\d+) degrees of freedom/.exec(rule)?.[1]);
  // Some 48,000 bars are four walks.
  expect(walks).toBeGreaterThan(4);
  expect(freedom).toBeGreaterThanOrEqual(12);
  expect((freedom * (walks - 1)) / walks).toBeLessThan(12);
});

test("walks without a row that could be used are held against no gaps: what is missing is said", async () => {
  const found = await randomWalks(market(1, 1), fold!, BASELINE, { seed: 1, walks: 1 });
  expect(found).toMatchObject([
    { kind: "shortfall", canaries: ["random walk"] },
    { kind: "shortfall", canaries: ["gaps of the random walk"], has: 0, needs: 1 },
  ]);
});
