// Is what the map calls attainable what the simulator's truth gives on the very rows of the model, and is it said where there is none?
import { afterAll, beforeAll, expect, test } from "vitest";
import { freshStore } from "../audit/sources/test-sources.js";
import { seededRandom } from "../core/random.js";
import { isShortfall } from "../core/shortfall.js";
import { SIMULATED_EXCHANGE } from "../core/symbols.js";
import { dayStartUs, MINUTE_US } from "../core/time.js";
import { computeFeatures } from "../features/compute-features.js";
import { SCHEMAS } from "../store/schema.js";
import type { Store } from "../store/store.js";
import { writePartition } from "../store/write.js";
import { DAYS, storeDays } from "./canaries/test-stored-days.js";
import { type Experiment, prepareExperiment, trainBaseline } from "./experiment.js";
import { type HorizonMap, horizonMap } from "./horizon-map.js";

const SYMBOL = "BTCUSDT";
const REQUEST = {
  exchange: SIMULATED_EXCHANGE,
  symbols: [SYMBOL],
  days: DAYS,
  features: ["close", "log_ret_5", "obi_l1", "tfi"],
};
/** The last bar of the second day's morning, in the middle of the test: its truth at 15 minutes is missing. */
const HOLE_US = dayStartUs(DAYS[1]) + 22 * 60 * MINUTE_US;

interface TruthRow {
  readonly oracleUp: number;
  readonly attainableUp: number;
}

let store: Store;
let remove: () => Promise<void>;
let map: HorizonMap;
let midAt: (timeUs: number) => number;
const truth = new Map<number, TruthRow>();

beforeAll(async () => {
  ({ store, remove } = await freshStore());
  midAt = await storeDays(store, {
    ...{ seed: 5, exchange: SIMULATED_EXCHANGE, symbol: SYMBOL, source: "changes" },
  });
  for (const date of DAYS) await storeTruth(date);
  await computeFeatures(store, { ...REQUEST, threads: 1 });
  map = await mapOf({});
});
afterAll(() => remove());

/** Probabilities that have nothing to do with each other, so that no two figures made of them are alike. */
async function storeTruth(date: string): Promise<void> {
  const random = seededRandom(dayStartUs(date), "truth");
  const ends = Float64Array.from(
    { length: 1440 },
    (_, i) => dayStartUs(date) + (i + 1) * MINUTE_US,
  );
  for (const end of ends) {
    const attainableUp = random.uniform() < 0.1 ? 0.5 : random.uniform();
    truth.set(end, { oracleUp: random.uniform(), attainableUp });
  }
  const columns = SCHEMAS.simulation_truth.map(({ name }) => {
    if (/timestamp/.test(name)) return ends;
    const isHoled = name === "oracle_up_15m";
    return ends.map((end) => {
      if (isHoled && end === HOLE_US) return Number.NaN;
      return /^oracle/.test(name) ? truth.get(end)!.oracleUp : truth.get(end)!.attainableUp;
    });
  });
  const day = {
    exchange: SIMULATED_EXCHANGE,
    symbol: SYMBOL,
    date,
    type: "simulation_truth",
  } as const;
  await writePartition(store, day, async ({ append }) => {
    append(columns, ends.length);
    const source = { kind: "file", path: "test", bytes: 1, sha256: "0".repeat(64) } as const;
    return { source, rejected: {} };
  });
}

async function mapOf(options: { readonly latencyMs?: number }): Promise<HorizonMap> {
  const horizonsUs = [5, 7, 15].map((minutes) => minutes * MINUTE_US);
  const found = await horizonMap(store, REQUEST, { seed: 1, horizonsUs, ...options });
  if (isShortfall(found)) throw new Error(found.what);
  return found;
}

test("attainable accuracy and edge are those of the best filter's sides on the model's own test rows", async () => {
  const experiment = (await prepareExperiment(store, { ...REQUEST, horizonBars: 5 })) as Experiment;
  const baseline = await trainBaseline(store, experiment, 1);
  if (isShortfall(baseline)) throw new Error(baseline.what);
  expect(baseline.isLoaded).toBe(true);
  const [point] = map.points;
  expect(point!.rows).toBe(baseline.testRows.length);
  let [right, earnedBps] = [0, 0];
  for (const row of baseline.testRows) {
    const end = experiment.dataset.barEndUs[row]!;
    const { oracleUp, attainableUp } = truth.get(end)!;
    const entryUs = end + 500_000;
    const moveBps = 1e4 * Math.log(midAt(entryUs + 5 * MINUTE_US) / midAt(entryUs));
    if (attainableUp > 0.5) [right, earnedBps] = [right + oracleUp, earnedBps + moveBps];
    else if (attainableUp < 0.5) [right, earnedBps] = [right + 1 - oracleUp, earnedBps - moveBps];
    else right += 0.5;
  }
  expect(point!.attainable!.accuracy).toBeCloseTo(right / point!.rows, 6);
  expect(point!.attainable!.edgeBps).toBeCloseTo(earnedBps / point!.rows, 6);
  expect(point!.untold).toBeUndefined();
});

test("where the simulator tells nothing of a horizon or a latency, the map says at which it does", async () => {
  const known = "the simulator tells it at 1, 5, 15, 30 and 60 min for orders 500 ms late";
  expect(map.points[1]).toMatchObject({ horizonUs: 7 * MINUTE_US, untold: known });
  expect(map.points[1]!.attainable).toBeUndefined();
  for (const { attainable, untold } of (await mapOf({ latencyMs: 200 })).points) {
    expect([attainable, untold]).toEqual([undefined, known]);
  }
});

test("where the truth of some test rows is missing nothing is called attainable, since the model has more rows", () => {
  const [, , point] = map.points;
  expect(point!.attainable).toBeUndefined();
  const { rows } = point!;
  const said = `the store holds the truth of ${rows - 1} of ${rows} test rows`;
  expect(point!.untold!.replaceAll(",", "")).toBe(said);
});
