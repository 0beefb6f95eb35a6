// What may a window hold? Every input says which bar it is of, so that the batches themselves tell.
import fc from "fast-check";
import { expect, test } from "vitest";
import { seededRandom } from "../core/random.js";
import { sharedFloats } from "../core/shared-floats.js";
import { isShortfall } from "../core/shortfall.js";
import { dayStartUs, MINUTE_US } from "../core/time.js";
import { assembleDataset } from "../dataset/assemble-dataset.js";
import { walkForwardFolds } from "../dataset/folds.js";
import { DIRECTION } from "../dataset/label-rule.js";
import type { Dataset } from "../dataset/matrix.js";
import { SLICES } from "../dataset/slices.js";
import type { SymbolSeries } from "../dataset/symbol-series.js";
import { NO_BOOK_BIT } from "../features/catalogue.js";
import { oneStream } from "../features/row-parts.js";
import { identityScaler } from "../models/standard-scaler.js";
import { type Batches, openBatches } from "./batches.js";
import { rowsWithWindow } from "./slice-rows.js";

/** Features that look back on nothing; here they say which minute, which stream of which symbol, and whether the hour is bad. */
const NAMES = ["obi_l1", "obi_l5", "tfi"];
const WIDTH = NAMES.length;
/** Keeps all values of a bar's number within what a scaled input may be. */
const SMALL = 2 ** -12;

interface Market {
  readonly seed: number;
  readonly symbols: number;
  readonly bars: number;
  /** Share of minutes after which some are missing, at which a stream begins anew, or that have no book. */
  readonly holes: number;
  /** Share of hours that are bad. */
  readonly bad: number;
  readonly steps: number;
  readonly folds: number;
}

const markets: fc.Arbitrary<Market> = fc.record({
  seed: fc.nat(1e6),
  symbols: fc.integer({ min: 1, max: 3 }),
  bars: fc.integer({ min: 1500, max: 2200 }),
  holes: fc.constantFrom(0, 0.002, 0.01),
  bad: fc.constantFrom(0, 0.05, 0.2),
  steps: fc.constantFrom(1, 2, 13, 40),
  folds: fc.integer({ min: 1, max: 2 }),
});

function seriesOf({ seed, bars, holes, bad }: Market, symbol: number): SymbolSeries {
  const random = seededRandom(seed, `symbol ${symbol}`);
  const minutes: number[] = [];
  const streams: number[] = [];
  let [minute, stream] = [0, 0];
  while (minutes.length < bars) {
    const [skips, restarts] = [random.uniform() < holes, random.uniform() < holes];
    minute += 1 + (skips ? 1 + random.below(30) : 0);
    stream += Number(restarts && minutes.length > 0);
    minutes.push(minute);
    streams.push(stream);
  }
  const badHours = Array.from({ length: 99 }, () => random.uniform() < bad);
  const isBad = minutes.map((minute) => badHours[Math.floor((minute - 1) / 60)]!);
  const isBooked = minutes.map(() => random.uniform() >= holes);
  const column = (value: (i: number) => number): Float64Array =>
    Float64Array.from(minutes, (_, i) => value(i));
  const price = column(() => 100 * Math.exp(random.normal() / 1000));
  return {
    barEndUs: column((i) => dayStartUs("2024-03-01") + minutes[i]! * MINUTE_US),
    mid: column((i) => (isBooked[i] ? price[i]! : Number.NaN)),
    values: {
      close: price,
      volume_ratio_60: column(() => 0),
      obi_l1: column((i) => SMALL * minutes[i]!),
      obi_l5: column((i) => SMALL * (128 * symbol + streams[i]!)),
      tfi: column((i) => Number(isBad[i])),
    },
    valid: BigUint64Array.from(isBooked, (has) => (has ? 0n : 1n << BigInt(NO_BOOK_BIT))),
    parts: Array.from({ length: stream + 1 }, (_, k) => ({
      ...oneStream(0, "incremental_book_L2"),
      ...{ from: streams.indexOf(k), to: streams.lastIndexOf(k) + 1 },
    })),
    verdict: isBad.map((is) => (is ? "bad" : "good")),
    bookSource: "incremental_book_L2",
    entryPrice: price,
    halfSpreadBps: column(() => 1),
  };
}

function datasetOf(market: Market): Dataset {
  const symbols = ["BTCUSDT", "ETHUSDT", "SOLUSDT"].slice(0, market.symbols);
  return assembleDataset(
    symbols.map((_, s) => seriesOf(market, s)),
    {
      ...{ exchange: "simulated", symbols, names: NAMES, barUs: MINUTE_US },
      ...{ horizonUs: 5 * MINUTE_US, latencyUs: 0, labelKind: "mid", labelRule: DIRECTION },
    },
  );
}

/**
 * Bars of windows as the loop is given them that are not the bars they should be: of another minute or stream than so many
 * steps before the row, or bad.
 */
async function wrongBars(
  { barEndUs, inputs }: Dataset,
  batches: Batches,
  rows: Uint32Array,
  { steps, mayBeBad }: { readonly steps: number; readonly mayBeBad: boolean },
): Promise<readonly string[]> {
  const wrong: string[] = [];
  for await (const { rows: ends, windows } of batches.of(rows, { seed: 1, name: "none" })) {
    ends.forEach((end, i) => {
      const own = (barEndUs[end]! - dayStartUs("2024-03-01")) / MINUTE_US;
      const stream = inputs[end * WIDTH + 1]!;
      for (let step = 0; step < steps; step++) {
        const at = (step * windows.count + i) * WIDTH;
        const isRight =
          windows.values[at]! === SMALL * (own - (steps - 1 - step)) &&
          windows.values[at + 1]! === stream &&
          (mayBeBad || windows.values[at + 2]! === 0);
        if (!isRight) wrong.push(`${windows.values.slice(at, at + WIDTH)} of minute ${own}`);
      }
    });
  }
  return wrong;
}

test("every window that a model is trained, stopped, calibrated or tested on holds consecutive bars of one stream of its symbol, and none of a bad hour where something is fitted", async () => {
  let windows = 0;
  await fc.assert(
    fc.asyncProperty(markets, async (market) => {
      const { steps } = market;
      const dataset = datasetOf(market);
      // Cut for a model of single bars: a longer window is the model's own business.
      const folds = walkForwardFolds(dataset, { folds: market.folds, windowBars: 1 });
      if (isShortfall(folds)) return;
      const plan = { inputs: dataset.inputs, scaler: identityScaler(WIDTH), steps, batchSize: 256 };
      const batches = openBatches({ ...plan, keepSize: 0, dropout: 0 }, "here");
      for (const fold of folds) {
        const slices = rowsWithWindow(dataset, fold, steps, "model");
        if (isShortfall(slices)) continue;
        for (const slice of SLICES) {
          const how = { steps, mayBeBad: slice === "test" };
          expect(await wrongBars(dataset, batches, slices.rows[slice], how)).toEqual([]);
          windows += slices.rows[slice].length;
        }
      }
    }),
    { seed: 8, numRuns: 25 },
  );
  expect(windows).toBeGreaterThan(30_000);
});

test("batches read the matrix where it lies: what is altered in it after they were opened is in the next one", async () => {
  const inputs = sharedFloats(20 * WIDTH);
  const plan = { inputs, scaler: identityScaler(WIDTH), steps: 2, batchSize: 4 };
  const batches = openBatches({ ...plan, keepSize: 0, dropout: 0 }, "here");
  inputs[10 * WIDTH] = 5;
  for await (const { windows } of batches.of(Uint32Array.of(10), { seed: 1, name: "none" })) {
    expect(windows.values[WIDTH]).toBe(5);
  }
});
