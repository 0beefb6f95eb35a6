// Are the values of a live stream those of the batch, to the last bit?
import { seededRandom } from "../../core/random.js";
import { FEATURES } from "../../features/catalogue.js";
import { createFeatureEngine, type EngineState } from "../../features/engine.js";
import type { FeatureRow } from "../../features/feature-rows.js";
import type { BenchResult } from "../benchmark.js";
import { within } from "../compare.js";
import { type FeatureValues, valuesOf } from "./feature-values.js";
import { LAW_SETTINGS } from "./law-market.js";
import { OneByOne } from "./one-by-one.js";
import type { MadeMarket } from "./open-block.js";
import { ulpsBetween } from "./ulps.js";

const PIECES = 50;

/**
 * The largest difference, in units of the last place, between stored values and those of engines that are told the market
 * event by event: one after the other for a random piece of it, each begun from the JSON that the one before left.
 */
export function streaming(market: MadeMarket, stored: FeatureValues, seed: number): BenchResult {
  const streamed = streamedValues(market, stored.barEndUs, seed);
  const rows = stored.barEndUs.length;
  const isSameBars =
    streamed.barEndUs.length === rows &&
    streamed.barEndUs.every((endUs, row) => endUs === stored.barEndUs[row]);
  let most = isSameBars ? 0 : Number.POSITIVE_INFINITY;
  let there = 0;
  stored.columns.forEach((column, i) => {
    column.forEach((value, row) => {
      most = Math.max(most, ulpsBetween(value, streamed.columns[i]![row]!));
      if (!Number.isNaN(value)) there++;
    });
  });
  const result = within(
    { name: "batch and stream", runs: [most] },
    { what: "batch beside stream, largest difference", unit: "ulp", bar: 0 },
  );
  const note = `${rows.toLocaleString("en")} bars of ${FEATURES.length} features, ${there.toLocaleString("en")} values that are there; stored by two threads, streamed in ${PIECES} pieces`;
  return { ...result, note: isSameBars ? note : `${note}; the bars are not the same` };
}

function streamedValues(market: MadeMarket, barEndUs: Float64Array, seed: number): FeatureValues {
  const random = seededRandom(seed, "pieces");
  const [firstUs, lastUs] = [barEndUs[0]!, barEndUs.at(-1)!];
  const cuts = Array.from({ length: PIECES - 1 }, () =>
    Math.floor(firstUs + random.uniform() * (lastUs - firstUs)),
  );
  const rows: FeatureRow[] = [];
  const newEngine = (): ReturnType<typeof createFeatureEngine> =>
    createFeatureEngine((row) => rows.push(row), LAW_SETTINGS);
  let engine = newEngine();
  const feed = new OneByOne(market, engine);
  for (const cutUs of cuts.sort((a, b) => a - b)) {
    while (feed.nextUs < cutUs) feed.tell();
    const saved = JSON.stringify(engine.save());
    engine = newEngine();
    engine.restore(JSON.parse(saved) as EngineState);
    feed.goOnWith(engine);
  }
  while (feed.nextUs < Number.POSITIVE_INFINITY) feed.tell();
  engine.finish();
  return valuesOf(rows);
}
