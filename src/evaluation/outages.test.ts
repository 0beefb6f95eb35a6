// No one knows of an outage before it comes: what is decided, and what a stake earns, may not hang on its label being there.
import fc from "fast-check";
import { expect, test } from "vitest";
import { seededRandom } from "../core/random.js";
import { isShortfall } from "../core/shortfall.js";
import { dayStartUs, MINUTE_US } from "../core/time.js";
import { assembleDataset } from "../dataset/assemble-dataset.js";
import { foldsBetween } from "../dataset/folds.js";
import { DIRECTION, type LabelRule } from "../dataset/label-rule.js";
import type { Dataset, Fold } from "../dataset/matrix.js";
import { oneStream } from "../features/row-parts.js";
import type { FoldFit } from "../training/fold-fit.js";
import { LOGISTIC_SETTINGS } from "../training/settings.js";
import { trainFold } from "../training/train-fold.js";
import { trainedModel } from "../training/trained-model.js";
import { datasetExecution } from "./dataset-execution.js";
import { evaluate } from "./evaluate.js";
import { plainBacktest } from "./test-plain-backtest.js";
import { type TradeOutcome, tradeRows } from "./trade-rows.js";
import { predictionsOf, tradedRows } from "./traded-rows.js";

const START_US = dayStartUs("2024-03-01");
const BARS = 1000;
const TEST_FROM = 800;
const WARM_UP = 3;
const BARRIERS: LabelRule = { kind: "triple-barrier", deviations: 1, volatilityBars: 10 };

/** From one bar up to another nothing is known of the market: its book vanishes, or its bars are missing. */
interface Outage {
  readonly from: number;
  readonly to: number;
  readonly kind: "no book" | "no bars";
}

interface Setting {
  readonly seed: number;
  readonly horizonBars: number;
  readonly labelRule: LabelRule;
}

const NEVER: Outage = { from: BARS, to: BARS, kind: "no book" };

/** A symbol whose price wanders a little with its one input; after missing bars the input takes three to be known again. */
function market({ seed, horizonBars, labelRule }: Setting, { from, to, kind }: Outage): Dataset {
  const random = seededRandom(seed, "outages");
  const isOut = (bar: number): boolean => bar >= from && bar < to;
  const path = Array.from({ length: BARS }, () => random.normal());
  let log = 0;
  const price = path.map((input) => {
    log += 1e-3 * (0.3 * input + random.normal());
    return 100 * Math.exp(log);
  });
  const bars = [...path.keys()].filter((bar) => kind === "no book" || !isOut(bar));
  const column = (value: (bar: number) => number): Float64Array => Float64Array.from(bars, value);
  const isYoung = (bar: number): boolean =>
    bar < WARM_UP || (kind === "no bars" && bar >= to && bar < to + WARM_UP);
  const mid = column((bar) => (isOut(bar) ? Number.NaN : price[bar]!));
  const series = {
    barEndUs: column((bar) => START_US + (bar + 1) * MINUTE_US),
    mid,
    values: {
      obi_l1: column((bar) => (isYoung(bar) ? Number.NaN : path[bar]!)),
      close: column((bar) => price[bar]!),
      volume_ratio_60: column(() => 1),
    },
    valid: BigUint64Array.from(bars, (bar) => (isYoung(bar) ? 0n : (1n << 63n) - 1n)),
    parts: [oneStream(bars.length, "incremental_book_L2")],
    verdict: bars.map(() => "usable" as const),
    bookSource: "incremental_book_L2" as const,
    entryPrice: mid,
    halfSpreadBps: column(() => 1),
  };
  return assembleDataset([series], {
    ...{ exchange: "simulated", symbols: ["A"], names: ["obi_l1"], labelKind: "mid", labelRule },
    ...{ barUs: MINUTE_US, horizonUs: horizonBars * MINUTE_US, latencyUs: 0 },
  });
}

async function tested(dataset: Dataset) {
  const edges = [0, 600, 700, TEST_FROM, BARS].map((bar) => START_US + (bar + 1) * MINUTE_US);
  const folds = foldsBetween(dataset, [edges], 1) as readonly Fold[];
  const fit = await trainFold(dataset, folds[0]!, LOGISTIC_SETTINGS, 1);
  if (isShortfall(fit)) throw new Error("expected a fit");
  return { fold: folds[0]!, fit, predictions: predictionsOf(modelOf(fit)) };
}

function modelOf(fit: FoldFit) {
  return trainedModel([fit], { name: "logistic" } as Parameters<typeof trainedModel>[1]);
}

interface Traded extends TradeOutcome {
  readonly rows: Uint32Array;
  readonly probability: Float64Array;
}

async function traded(dataset: Dataset): Promise<Traded> {
  const [all] = tradedRows([(await tested(dataset)).predictions]);
  const execution = { ...datasetExecution(dataset, FREE), feeBps: 0 };
  return { ...all!, ...tradeRows({ dataset, ...all! }, execution, STAKE) };
}

const FREE = { name: "free", feeBps: 0, fallbackHalfSpreadBps: 0 };
const STAKE = { capitalUsd: 1e9, minimumOrderUsd: 0.01 };
const CASE = { seed: 1, horizonBars: 15, labelRule: DIRECTION };

const settings = fc.record({
  seed: fc.nat(1000),
  horizonBars: fc.integer({ min: 1, max: 20 }),
  labelRule: fc.constantFrom(DIRECTION, BARRIERS),
});
const outages = fc
  .record({
    from: fc.integer({ min: TEST_FROM + 20, max: BARS - 60 }),
    length: fc.integer({ min: 1, max: 40 }),
    kind: fc.constantFrom("no book" as const, "no bars" as const),
  })
  .map(({ length, ...outage }) => ({ ...outage, to: outage.from + length }));

test("up to an outage everything is decided and traded as if none came", async () => {
  await fc.assert(
    fc.asyncProperty(settings, outages, async (setting, outage) => {
      const [calm, cut] = [
        await traded(market(setting, NEVER)),
        await traded(market(setting, outage)),
      ];
      const before = outage.from - TEST_FROM;
      expect(cut.rows.slice(0, before)).toEqual(calm.rows.slice(0, before));
      expect(cut.probability.slice(0, before)).toEqual(calm.probability.slice(0, before));
      expect(cut.net.slice(0, before)).toEqual(calm.net.slice(0, before));
    }),
    { seed: 61, numRuns: 12 },
  );
});

test("a stake earns from its price to the first one at or after its time: bars of an outage delay its end, nothing else", async () => {
  await fc.assert(
    fc.asyncProperty(settings, outages, async (setting, outage) => {
      const dataset = market(setting, outage);
      const { barEndUs, labelEndUs, entryPrice } = dataset;
      const { rows, probability, gross, totals } = await traded(dataset);
      const isTested = (row: number): boolean => barEndUs[row]! > START_US + TEST_FROM * MINUTE_US;
      const priced = [...barEndUs.keys()].filter((row) => isTested(row) && entryPrice[row]! > 0);
      const last = priced.at(-1)!;
      let earned = 0;
      let late = 0;
      rows.forEach((row, i) => {
        const side = Math.sign(probability[i]! - 0.5);
        if (row === last || !(Math.abs(side) === 1 && entryPrice[row]! > 0)) return;
        const end = priced.find((one) => one > row && barEndUs[one]! >= labelEndUs[row]!) ?? last;
        late += Number(end !== last && barEndUs[end]! > labelEndUs[row]!);
        earned += (side * (entryPrice[end]! / entryPrice[row]! - 1)) / setting.horizonBars;
      });
      expect(gross.reduce((sum, value) => sum + value, 0)).toBeCloseTo(earned, 10);
      expect(totals.lateStakes).toBe(late);
    }),
    { seed: 62, numRuns: 12 },
  );
});

test("rows without a label are asked where inputs and book are there, and never scored", async () => {
  const outage = { from: 900, to: 910, kind: "no bars" } as const;
  const dataset = market(CASE, outage);
  const { fold, fit, predictions } = await tested(dataset);
  const barOf = (row: number): number => Math.round((dataset.barEndUs[row]! - START_US) / 60e6) - 1;
  const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
  const young = range(910, 913);
  const late = range(985, 1000);
  expect([...fold.untested].map(barOf)).toEqual([...range(885, 900), ...young, ...late]);
  const silent = fit.untestedRows.filter((_, i) => Number.isNaN(fit.untestedProbability[i]!));
  expect([...silent].map(barOf)).toEqual(young);
  expect([...fit.testRows].map(barOf)).toEqual([...range(800, 885), ...range(913, 985)]);
  const { models, rows } = evaluate({
    dataset,
    folds: [fold],
    models: [predictions],
    replicates: 20,
  });
  expect([rows, models[0]!.rows]).toEqual([fit.testRows.length, fit.testRows.length]);
});

test("an evaluation trades the whole time of the test, as a plain backtest does, and without bad hours too", async () => {
  const outage = { from: 900, to: 920, kind: "no book" } as const;
  const whole = market(CASE, outage);
  // Of the rows without a label some lie in bad hours.
  const dataset = { ...whole, isBad: whole.isBad.map((_, row) => Number(row >= 890 && row < 895)) };
  const { fold, predictions } = await tested(dataset);
  const { models } = evaluate({
    ...{ dataset, folds: [fold], models: [predictions], replicates: 20 },
    execution: { costs: FREE },
  });
  const { backtest, withoutBad } = models[0]!;
  const [all] = tradedRows([predictions]);
  const plain = (isKept: (row: number) => boolean) =>
    plainBacktest(
      [...all!.rows.keys()]
        .map((i) => ({ row: all!.rows[i]!, probability: all!.probability[i]! }))
        .filter(({ row }) => isKept(row))
        .map(({ row, probability }) => {
          const mid = dataset.entryPrice[row]!;
          const half = mid * 1e-4;
          const size = Number.POSITIVE_INFINITY;
          const book = { bids: [[mid - half, size]], asks: [[mid + half, size]] } as const;
          return {
            ...{ symbol: "A", probability, isPriced: mid > 0, decision: book, order: book },
            ...{ barEndUs: dataset.barEndUs[row]!, labelEndUs: dataset.labelEndUs[row]! },
          };
        }),
      {
        ...{ rule: "touch", capitalUsd: 100_000, minimumOrderUsd: 5, feeBps: 0 },
        ...{ horizonBars: 15, barUs: MINUTE_US, labelLatencyUs: 0, delayUs: 0 },
      },
    );
  const sound = plain((row) => dataset.isBad[row] === 0);
  expect(backtest.netReturn).toBeCloseTo(plain(() => true).net, 12);
  expect(backtest.lateStakes).toBe(plain(() => true).lateStakes);
  expect(backtest.lateStakes).toBeGreaterThan(0);
  expect(withoutBad.backtest.netReturn).toBeCloseTo(sound.net, 12);
  expect(sound.net).not.toBeCloseTo(plain(() => true).net, 6);
});

test("what one of several models cannot be asked, none stakes on", () => {
  const [first, second] = tradedRows([
    {
      rows: Uint32Array.of(4, 6, 1),
      probability: Float64Array.of(0.4, 0.6, 0.1),
      untested: { rows: Uint32Array.of(5), probability: Float64Array.of(0.5) },
    },
    {
      rows: Uint32Array.of(1, 6),
      probability: Float64Array.of(0.2, 0.7),
      untested: { rows: Uint32Array.of(5, 4), probability: Float64Array.of(0.8, Number.NaN) },
    },
  ]);
  expect([...first!.rows]).toEqual([1, 4, 5, 6]);
  expect([...first!.probability]).toEqual([0.1, Number.NaN, 0.5, 0.6]);
  expect(second).toEqual({
    rows: first!.rows,
    probability: Float64Array.of(0.2, Number.NaN, 0.8, 0.7),
  });
});
