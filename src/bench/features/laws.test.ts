// A benchmark of laws is worth something only if it sees what breaks them: one value is changed, in one bit or by little.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { FEATURES } from "../../features/catalogue.js";
import { openStore } from "../../store/store.js";
import { causality } from "./causality.js";
import { type FeatureValues, replayedValues } from "./feature-values.js";
import { lawMarket } from "./law-market.js";
import type { MadeMarket } from "./open-block.js";
import { streaming } from "./streaming.js";
import { besideTaLib } from "./ta-lib.js";

let folder: string;
let market: MadeMarket;
let other: MadeMarket;
let values: FeatureValues;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "tickbook-laws-"));
  [market, other] = [lawMarket(1), lawMarket(2)];
  values = await replayedValues(market);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Values with one of them changed to the next double. */
function nudged(name: string, row: number): FeatureValues {
  const index = FEATURES.findIndex((feature) => feature.name === name);
  const columns = values.columns.map((column, i) => (i === index ? column.slice() : column));
  const value = columns[index]![row]!;
  columns[index]![row] = value * (1 + Number.EPSILON);
  expect(columns[index]![row]).not.toBe(value);
  return { ...values, columns };
}

test("every feature has values on the made market", () => {
  const empty = FEATURES.filter((_, i) => values.columns[i]!.every(Number.isNaN));
  expect(empty.map(({ name }) => name)).toEqual([]);
});

test("streaming sees a single bit in a single value", () => {
  expect(streaming(market, values, 1)).toMatchObject({ ours: 0, ok: true });
  const { ours, ok } = streaming(market, nudged("kyle_lambda", 1000), 1);
  expect(ours).toBeGreaterThanOrEqual(1);
  expect(ours).toBeLessThanOrEqual(2);
  expect(ok).toBe(false);
});

test("causality sees a single changed bit in the past of a cut, and names the feature", async () => {
  let stores = 0;
  const options = {
    seed: 1,
    emptyStore: () => openStore(path.join(folder, String(stores++))),
    onRun: () => undefined,
    cuts: 4,
    storedCuts: 1,
  };
  const kept = await causality({ market, other }, values, options);
  expect(kept).toMatchObject({ ours: 0, bar: 0, ok: true });
  const changed = await causality({ market, other }, nudged("sma_ratio_50", 60), options);
  expect(changed).toMatchObject({ ours: 1, ok: false });
  expect(changed.note).toMatch(/changed: sma_ratio_50$/);
});

test("without TA-Lib the figure is missing and fails", async () => {
  const place = { root: folder, folder };
  const found = await besideTaLib(place, values, { missing: "no wheel of TA-Lib" });
  expect(found).toMatchObject({ ours: null, ok: false, note: "no wheel of TA-Lib" });
});
