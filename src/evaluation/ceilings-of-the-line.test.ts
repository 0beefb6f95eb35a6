// Does the line, from a simulated market's files to a model's figures, stay below what can be known, and reach for it?
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Uncertainty } from "../core/block-bootstrap.js";
import { isShortfall, type Shortfall } from "../core/shortfall.js";
import { SIMULATED_EXCHANGE } from "../core/symbols.js";
import { DAY_US, dayStartUs, daysBetween, MINUTE_US } from "../core/time.js";
import type { Dataset } from "../dataset/matrix.js";
import { computeFeatures } from "../features/compute-features.js";
import { lowerBound } from "../features/sorted-values.js";
import { ingest } from "../ingest/ingest.js";
import { openSource } from "../ingest/open-source.js";
import { type HiddenDay, hiddenDays } from "../simulate/hidden-days.js";
import { type Edge, symbolIndex } from "../simulate/settings.js";
import { simulateMarket } from "../simulate/simulate-market.js";
import { openStore } from "../store/store.js";
import { fitOrLoad } from "../training/fit-or-load.js";
import { LOGISTIC_SETTINGS, LSTM_SETTINGS, type LstmSettings } from "../training/settings.js";
import type { Evaluation } from "./evaluate.js";
import { evaluateModels } from "./evaluate-models.js";
import { prepareExperiment } from "./experiment.js";
import { type HorizonPoint, horizonMap } from "./horizon-map.js";

/** Half a day of each symbol to warm up, the rest is split. An edge needs more rows to be seen than its absence. */
const FROM = "2024-01-01";
const MARKETS = {
  strong: { symbols: ["BTCUSDT", "ETHUSDT"], to: "2024-01-05", leastLabels: 7000 },
  none: { symbols: ["ETHUSDT"], to: "2024-01-04", leastLabels: 2500 },
} as const;
const SEED = 3;
const LATENCY_US = 500_000;
/** Enough to run through all of an LSTM. */
const SMALL_LSTM: LstmSettings = { ...LSTM_SETTINGS, steps: 10, units: 4, epochs: 2 };
/** How far luck may take a figure. */
const LIMIT = 3;

interface Line {
  readonly dataset: Dataset;
  readonly evaluation: Evaluation;
  /** Of the horizon map, at 15 minutes and at 5. */
  readonly horizons: readonly HorizonPoint[];
}

const root = mkdtempSync(path.join(tmpdir(), "tickbook-line-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Every step on its real component, in the order of `npm start`. */
async function lineOf(edge: keyof typeof MARKETS): Promise<Line> {
  const mirror = path.join(root, edge, "mirror");
  const types = ["trades", "incremental_book_L2", "simulation_truth"] as const;
  const { symbols, to } = MARKETS[edge];
  const market = { symbols, from: FROM, to, seed: SEED, edge, hasFaults: false };
  await simulateMarket(mirror, { ...market, types });
  const store = await openStore(path.join(root, edge, "data"));
  const source = await openSource(mirror);
  try {
    const request = { exchange: SIMULATED_EXCHANGE, symbols, days: daysBetween(FROM, to) };
    await ingest(store, source, { ...request, types });
    await computeFeatures(store, request);
    const experiment = there(await prepareExperiment(store, request));
    const { dataset, folds } = experiment;
    const models = [];
    for (const settings of [LOGISTIC_SETTINGS, SMALL_LSTM]) {
      models.push(there(await fitOrLoad(dataset, folds, settings, { root: store.root })));
    }
    const evaluation = there(
      await evaluateModels(store, experiment, models, { seed: 1, walks: 1 }),
    );
    const horizonsUs = [15 * MINUTE_US, 5 * MINUTE_US];
    const { points } = there(await horizonMap(store, request, { seed: 1, horizonsUs }));
    return { dataset, evaluation, horizons: points };
  } finally {
    source.close();
    await store.close();
  }
}

function there<Result>(result: Result | Shortfall): Result {
  if (isShortfall(result)) throw new Error(`${result.step}: ${result.has} of ${result.needs}`);
  return result;
}

/** AUC less that of no skill. */
function centred(auc: Uncertainty): Uncertainty {
  return { ...auc, estimate: auc.estimate - 0.5 };
}

/** Sign of the hidden net move of a row's window, as an outcome: the simulator's moves, added up without any file. */
function hiddenOutcomes(edge: Edge, dataset: Dataset): readonly number[] {
  const source = hiddenDays({ seed: SEED, edge, from: FROM });
  const days: readonly HiddenDay[] = Array.from({ length: 5 }, () => source.next().value);
  const startUs = dayStartUs(FROM);
  const symbolCount = days[0]!.symbols.length;
  /** By day and symbol, the mid before the first move and after each. */
  const mids = days.map(({ moveTimeUs, moveMagnitude, moveSign, symbols }) =>
    symbols.map(({ startHalfTicks }, symbol) => {
      const path = new Float64Array(moveTimeUs.length + 1).fill(startHalfTicks);
      moveTimeUs.forEach((_, j) => {
        path[j + 1] = path[j]! + moveSign[j]! * moveMagnitude[symbolCount * j + symbol]!;
      });
      return path;
    }),
  );
  const midAt = (symbol: number, timeUs: number): number => {
    const day = Math.floor((timeUs - startUs) / DAY_US);
    const { moveTimeUs } = days[day]!;
    // A move at the very time counts.
    const moved = lowerBound(moveTimeUs, moveTimeUs.length, ((timeUs - startUs) % DAY_US) + 1);
    return mids[day]![symbol]![moved]!;
  };
  return Array.from(dataset.barEndUs, (endUs, row) => {
    const symbol = symbolIndex(dataset.symbols[dataset.symbolIndex[row]!]!);
    const fromUs = endUs + LATENCY_US;
    const move = midAt(symbol, fromUs + 15 * MINUTE_US) - midAt(symbol, fromUs);
    return (Math.sign(move) + 1) / 2;
  });
}

describe.each(["strong", "none"] as const)("edge %s", (edge) => {
  let line: Line;
  beforeAll(async () => {
    line = await lineOf(edge);
  });

  test("every label of the line is the direction of the hidden moves in its window", () => {
    const { dataset } = line;
    const hidden = hiddenOutcomes(edge, dataset);
    const labelled = hidden.map((_, row) => row).filter((row) => dataset.isUsable[row] === 1);
    expect(labelled.length).toBeGreaterThan(MARKETS[edge].leastLabels);
    expect(labelled.filter((row) => dataset.outcome[row] !== hidden[row])).toEqual([]);
  });

  test("oracle ≥ attainable ≥ every model, by true probability; hits stay below the oracle too", () => {
    const { models } = line.evaluation;
    expect(models.map(({ model }) => model)).toEqual(["logistic", "lstm"]);
    for (const { ceilings, metrics } of models) {
      const { oracle, oracleMinusAttainable, attainableMinusModel } = ceilings!;
      for (const { estimate, standardError } of [oracleMinusAttainable, attainableMinusModel]) {
        expect(estimate).toBeGreaterThanOrEqual(-LIMIT * standardError);
      }
      // A look into the future hits what was luck, which no true probability knows.
      const luck = metrics.accuracy.estimate - oracle.estimate;
      expect(luck).toBeLessThanOrEqual(LIMIT * metrics.accuracy.standardError);
    }
  });

  test("the horizon map calls attainable what the evaluation does, and no line earns more than the best filter", () => {
    const { models } = line.evaluation;
    const [own] = line.horizons;
    expect(own!.rows).toBe(models[0]!.rows);
    expect(own!.attainable!.accuracy).toBeCloseTo(models[0]!.ceilings!.attainable.estimate, 12);
    for (const { attainable, accuracy, edgeBps } of line.horizons) {
      const [hits, earned] = [accuracy.estimate, edgeBps.estimate];
      const { accuracy: best, edgeBps: most } = attainable!;
      expect(best - hits).toBeGreaterThanOrEqual(-LIMIT * accuracy.standardError);
      expect(most - earned).toBeGreaterThanOrEqual(-LIMIT * edgeBps.standardError);
      // Where nothing can be known, the best filter calls no side.
      if (edge === "none") expect([best, Math.abs(most)]).toEqual([0.5, 0]);
      else expect(most).toBeGreaterThan(LIMIT * edgeBps.standardError);
    }
  });

  if (edge === "strong") {
    test("an edge that is there is found: most of what is attainable", () => {
      for (const { ceilings, metrics } of line.evaluation.models) {
        expect(ceilings!.attainable.estimate).toBeGreaterThan(0.7);
        expect(ceilings!.attainableShare.estimate).toBeGreaterThan(0.5);
        // Half a day of hits is little: two standard errors above chance, not three.
        const { estimate, standardError } = metrics.aboveChance;
        expect(estimate).toBeGreaterThan(2 * standardError);
      }
    });
  } else {
    test("where there is none, nothing beats chance, and all true probabilities are one half", () => {
      for (const { ceilings, metrics } of line.evaluation.models) {
        const { oracle, attainable, model } = ceilings!;
        for (const { estimate } of [oracle, attainable, model]) expect(estimate).toBe(0.5);
        for (const { estimate, standardError } of [metrics.aboveChance, centred(metrics.auc)]) {
          expect(Math.abs(estimate)).toBeLessThanOrEqual(LIMIT * standardError);
        }
        const { estimate, standardError } = metrics.brierSkillScore;
        expect(estimate).toBeLessThanOrEqual(LIMIT * standardError);
      }
    });
  }
});
