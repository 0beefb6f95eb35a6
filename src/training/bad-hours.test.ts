// Does training obey the audit? What a bad hour holds must not reach one fitted byte, and what is left out is counted.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { seededRandom } from "../core/random.js";
import { isShortfall, type Shortfall } from "../core/shortfall.js";
import { DAY_US, dayStartUs, HOUR_US, MINUTE_US, SECOND_US } from "../core/time.js";
import { badCauses } from "../dataset/bad-rows.js";
import { buildDataset } from "../dataset/build-dataset.js";
import { walkForwardFolds } from "../dataset/folds.js";
import type { Dataset, Fold } from "../dataset/matrix.js";
import { FITTED_SLICES } from "../dataset/slices.js";
import { computeFeatures } from "../features/compute-features.js";
import { dayOfHours, plantAudit } from "../features/test-audit.js";
import { changeColumns, storeMarket, tradeColumns } from "../features/test-market.js";
import { predictorToBytes } from "../models/predictor.js";
import { openStore, type Store } from "../store/store.js";
import type { FoldFit } from "./fold-fit.js";
import {
  LOGISTIC_SETTINGS,
  LSTM_SETTINGS,
  type LstmSettings,
  TRANSFORMER_SETTINGS,
  type TransformerSettings,
} from "./settings.js";
import { testDataset, testFold } from "./test-dataset.js";
import { trainLogistic } from "./train-logistic.js";
import { trainLstm } from "./train-lstm.js";
import { trainTransformer } from "./train-transformer.js";

const STEPS = 8;
const SMALL: LstmSettings = {
  ...LSTM_SETTINGS,
  steps: STEPS,
  units: 4,
  batchSize: 256,
  stride: 1,
  epochs: 2,
};

const SMALL_TRANSFORMER: TransformerSettings = {
  ...TRANSFORMER_SETTINGS,
  steps: STEPS,
  width: 4,
  heads: 2,
  feedForward: 4,
  stride: 1,
  epochs: 2,
};

function fitted(fit: FoldFit | Shortfall): FoldFit {
  if (isShortfall(fit)) throw new Error(fit.what);
  return fit;
}

const TRAINERS = {
  logistic: {
    steps: 1,
    train: async (data: Dataset, fold: Fold) =>
      fitted(await trainLogistic(data, fold, LOGISTIC_SETTINGS)),
  },
  lstm: {
    steps: STEPS,
    train: async (data: Dataset, fold: Fold) => fitted(await trainLstm(data, fold, SMALL, 1)),
  },
  transformer: {
    steps: STEPS,
    train: async (data: Dataset, fold: Fold) =>
      fitted(await trainTransformer(data, fold, SMALL_TRANSFORMER, 1)),
  },
};

const learned = ({ predictor, history }: FoldFit): unknown => [
  predictorToBytes(predictor),
  history,
];

describe.each(Object.entries(TRAINERS))(
  "%s on rows of which some are bad",
  (_, { steps, train }) => {
    const good = testDataset(1200, (first) => (first.at(-1)! > 0 ? 0.9 : 0.1));
    // An hour of the training slice, one of early stop, one of calibration and one of the test, in both symbols.
    const isHour = (row: number): boolean =>
      [200, 700, 850, 1000].some((start) => row % 1200 >= start && row % 1200 < start + 60);
    const bad = { ...good, isBad: good.isBad.map((_, row) => Number(isHour(row))) };
    const fold = testFold(good);

    test("altering bad rows, and labels that reach into them, changes no fitted byte", async () => {
      const inputs = good.inputs.slice();
      const outcome = good.outcome.slice();
      for (let row = 0; row < good.rows; row++) {
        if (isHour(row)) inputs.fill(1e3 * (row % 7), 3 * row, 3 * row + 3);
        // Labels of the test dataset are one bar long, and end when the bar after next begins.
        if (isHour(row) || isHour(row + 1) || isHour(row + 2)) outcome[row] = 1 - outcome[row]!;
      }
      const altered = { ...bad, inputs, outcome };
      const after = await train(altered, fold);
      expect(learned(after)).toEqual(learned(await train(bad, fold)));
      // The same alteration is learned where the audit has not called the hours bad.
      expect(learned(await train({ ...altered, isBad: good.isBad }, fold))).not.toEqual(
        learned(after),
      );
    });

    test("a verdict changes what is learned by leaving rows out, and by nothing else", async () => {
      const causes = badCauses(bad, steps);
      const cut = { ...fold };
      for (const slice of FITTED_SLICES) {
        cut[slice] = fold[slice].filter((row) => causes[row] === undefined);
      }
      const byVerdict = await train(bad, fold);
      const byHand = await train(good, cut);
      expect(learned(byVerdict)).toEqual(learned(byHand));
      expect(byVerdict.probability).toEqual(byHand.probability);
      expect(learned(await train(good, fold))).not.toEqual(learned(byVerdict));
    });

    test("what is left out is counted by slice and cause, whoever cut the fold; test rows stay", async () => {
      const { counts, testRows } = await train(bad, fold);
      const perHour = { badHour: 2 * 60, badWindow: 2 * (steps - 1), badLabel: 2 * 2 };
      expect(counts.leftOut).toEqual({ train: perHour, earlyStop: perHour, calibrate: perHour });
      const taken = perHour.badHour + perHour.badWindow + perHour.badLabel;
      const before = (await train(good, fold)).counts;
      expect(counts.train).toBe(before.train - taken);
      expect(counts.calibrate).toBe(before.calibrate - taken);
      expect([counts.test, counts.badTest]).toEqual([before.test, 120]);
      expect([...testRows].filter(isHour)).toHaveLength(120);
    });

    test("rows that nobody audited are used, and counted by slice", async () => {
      const isAudited = good.isAudited.map((_, row) => Number(row % 1200 >= 800));
      const { counts } = await train({ ...good, isAudited }, fold);
      expect(counts.unaudited).toEqual({
        train: counts.train,
        earlyStop: counts.earlyStop,
        calibrate: 2 * (800 - 780),
        test: 0,
      });
    });
  },
);

describe("from ticks to a fitted model", () => {
  const DAYS = ["2024-03-01", "2024-03-02"];
  const DAY = { exchange: "binance", symbol: "BTCUSDT" };
  const BAD_HOUR = dayStartUs(DAYS[0]!) + 10 * HOUR_US;
  /** Features that look back on nothing, so that those after a bad hour know nothing of it. */
  const FEATURES = ["obi_l1", "obi_l5", "tfi"];
  const LEVELS = [0, 1, 2].flatMap(
    (depth) =>
      [
        [1, depth],
        [-1, depth],
      ] as const,
  );
  let root = "";

  beforeAll(async () => {
    root = await mkdtemp(path.join(tmpdir(), "tickbook-bad-hours-"));
  });

  afterAll(async () => await rm(root, { recursive: true, force: true }));

  /**
   * A random walk whose every message is a whole book of three levels a side, one in ten seconds; in the bad hour prices
   * and amounts may be wrong. The audit calls that hour, and one of the calibration and one of the test, what it is told.
   */
  async function storeOf(name: string, isWrong: boolean, verdict: string): Promise<Store> {
    const store = await openStore(path.join(root, name));
    for (const [i, date] of DAYS.entries()) {
      const random = seededRandom(1, `bad hours ${date}`);
      const changes: Parameters<typeof changeColumns>[0][number][] = [];
      const trades: Parameters<typeof tradeColumns>[0][number][] = [];
      let bid = 1000;
      for (let second = 0; second < DAY_US / SECOND_US; second += 10) {
        const timeUs = dayStartUs(date) + second * SECOND_US;
        const isAltered = isWrong && timeUs >= BAD_HOUR && timeUs < BAD_HOUR + HOUR_US;
        const [shift, factor] = isAltered ? [second % 70, 1 + (second % 30)] : [0, 1];
        const step = random.uniform() < 0.5 ? 1 : -1;
        bid += step;
        // A row that is none of a snapshot: the next ones begin the book anew.
        changes.push({ timeUs, isSnapshot: false, side: 1, price: 1, amount: 0 });
        for (const [side, depth] of LEVELS) {
          const price = bid + shift + (side === 1 ? -depth : 1 + depth);
          const amount = (1 + random.uniform()) * (side === 1 ? factor : 1);
          changes.push({ timeUs, isSnapshot: true, side, price, amount });
        }
        const amount = (0.1 + random.uniform()) * factor;
        trades.push({ timeUs, side: isAltered ? 1 : step, price: bid + shift, amount });
      }
      const day = { ...DAY, date };
      const market = { trades: tradeColumns(trades), bookChanges: changeColumns(changes) };
      await storeMarket(store, day, market);
      const badHours = i === 0 ? [10] : [11, 20];
      await plantAudit(
        store,
        day,
        dayOfHours((hour, type) =>
          badHours.includes(hour) && type === "trades" ? verdict : "usable",
        ),
      );
    }
    await computeFeatures(store, { exchange: DAY.exchange, symbols: [DAY.symbol], days: DAYS });
    return store;
  }

  async function fitBoth(
    store: Store,
  ): Promise<{ readonly dataset: Dataset; readonly fold: Fold; readonly fits: FoldFit[] }> {
    const request = { exchange: DAY.exchange, symbols: [DAY.symbol], days: DAYS };
    const dataset = await buildDataset(store, { ...request, features: FEATURES });
    const folds = walkForwardFolds(dataset, { windowBars: STEPS });
    await store.close();
    if (isShortfall(folds)) throw new Error(folds.what);
    const fold = folds[0]!;
    const fits = [
      await TRAINERS.logistic.train(dataset, fold),
      await TRAINERS.lstm.train(dataset, fold),
      await TRAINERS.transformer.train(dataset, fold),
    ];
    return { dataset, fold, fits };
  }

  test("no tick of a bad hour reaches a fitted byte, and no row of it a fitted slice", async () => {
    const right = await fitBoth(await storeOf("right", false, "bad"));
    const wrong = await fitBoth(await storeOf("wrong", true, "bad"));
    expect(wrong.dataset.inputs).not.toEqual(right.dataset.inputs);
    expect(wrong.fits.map(learned)).toEqual(right.fits.map(learned));
    const trusted = await fitBoth(await storeOf("trusted", true, "usable"));
    expect(trusted.fits.map(learned)).not.toEqual(wrong.fits.map(learned));

    const { dataset, fold, fits } = right;
    const hourOf = (row: number): number =>
      Math.floor((dataset.barEndUs[row]! - MINUTE_US - dayStartUs(DAYS[0]!)) / HOUR_US);
    const hours = FITTED_SLICES.map((slice) => new Set([...fold[slice]].map(hourOf)));
    expect(hours.some((set) => set.has(10) || set.has(24 + 11))).toBe(false);
    expect([...fold.test].filter((row) => hourOf(row) === 24 + 20)).toHaveLength(60);
    // Labels of the sixteen rows that end from 09:45 to 10:00 end half a second or more after 10:00.
    const taken = { badHour: 60, badWindow: STEPS - 1, badLabel: 16 };
    expect(fold.leftOut.train).toEqual(taken);
    expect(fold.leftOut.calibrate).toEqual(taken);
    expect(fits[1]!.counts).toMatchObject({ leftOut: fold.leftOut, badTest: 60 });
    expect(fits[1]!.counts.unaudited).toEqual({ train: 0, earlyStop: 0, calibrate: 0, test: 0 });
    // Verdicts change neither inputs nor edges: without them the same rows are there, and no fewer.
    expect(trusted.fold.test).toEqual(fold.test);
    expect(trusted.fold.train.length).toBe(fold.train.length + 60 + STEPS - 1 + 16);
  });
});
