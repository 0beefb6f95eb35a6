import path from "node:path";
import { SIMULATED_EXCHANGE } from "../core/symbols.js";
import { importCandles } from "../ingest/candles/import-candles.js";
import { openStore } from "../store/store.js";

/**
 * Brings the candles of a simulated mirror into the store, as `tickbook candles --source` would, so that ticks can be held
 * against them; days that are there are kept.
 *
 * @param dataDir - root of the store
 * @param mirror - folder that the simulator wrote
 * @returns what became of them, as a line for people
 * @throws {DataError} a file is damaged
 */
export async function bringInSimulatedCandles(
  dataDir: string,
  mirror: string,
  { symbols, days }: { readonly symbols: readonly string[]; readonly days: readonly string[] },
): Promise<string> {
  const begun = performance.now();
  const store = await openStore(dataDir);
  let [rows, written, missing] = [0, 0, 0];
  try {
    for (const symbol of symbols) {
      const file = path.join(mirror, "candles", `${symbol}.csv`);
      const run = await importCandles(store, file, { exchange: SIMULATED_EXCHANGE, symbol, days });
      rows += run.rows;
      written += run.partitions.filter(({ status }) => status === "written").length;
      missing += run.gaps.reduce((sum, { minutes }) => sum + minutes, 0);
    }
  } finally {
    await store.close();
  }
  return (
    `● ${"candles".padEnd(19)} ${written === 0 ? "kept" : "done"}      ` +
    `${rows.toLocaleString("en-US")} simulated candles, ${missing.toLocaleString("en-US")} minutes without one ` +
    `${((performance.now() - begun) / 1000).toFixed(1)} s`
  );
}
