import { SIMULATED_EXCHANGE } from "../core/symbols.js";
import { DAY_US, dateOf, MINUTE_US } from "../core/time.js";
import type { Dataset } from "../dataset/matrix.js";
import { readColumns, readManifest } from "../store/read.js";
import type { Store } from "../store/store.js";
import type { Truth } from "./ceilings.js";

/** Horizons in minutes, and the latency, that the simulator knows the true probabilities for. */
const HORIZONS: readonly number[] = [1, 5, 15, 30, 60];
const LATENCY_US = 500_000;

/** Why the simulator tells no true probabilities of what is predicted, as a clause; undefined where it does, and of real data. */
export function untoldTruth({
  exchange,
  horizonUs,
  latencyUs,
  labelKind,
  labelRule,
}: Pick<Dataset, "exchange" | "horizonUs" | "latencyUs" | "labelKind" | "labelRule">):
  | string
  | undefined {
  if (exchange !== SIMULATED_EXCHANGE) return undefined;
  if (labelRule.kind !== "direction" || labelKind !== "mid") {
    return "the simulator tells it of the direction of the mid alone";
  }
  if (HORIZONS.includes(horizonUs / MINUTE_US) && latencyUs === LATENCY_US) return undefined;
  const minutes = `${HORIZONS.slice(0, -1).join(", ")} and ${HORIZONS.at(-1)}`;
  return `the simulator tells it at ${minutes} min for orders ${LATENCY_US / 1000} ms late`;
}

/**
 * The true probabilities of a simulated market at all rows of a dataset.
 *
 * @returns NaN at rows that the truth does not cover; undefined for real data, labels on the close or of barriers, or a horizon or
 *   latency that the simulator does not know
 * @throws {DataError} a partition is damaged
 */
export async function readTruth(store: Store, dataset: Dataset): Promise<Truth | undefined> {
  const { exchange, symbols, rows, barUs, horizonUs } = dataset;
  const minutes = horizonUs / MINUTE_US;
  if (exchange !== SIMULATED_EXCHANGE || untoldTruth(dataset) !== undefined) return undefined;
  const oracleUp = new Float64Array(rows).fill(Number.NaN);
  const attainableUp = new Float64Array(rows).fill(Number.NaN);
  const names = [`oracle_up_${minutes}m`, `attainable_up_${minutes}m`] as const;
  for (let from = 0; from < rows; ) {
    const symbol = symbols[dataset.symbolIndex[from]!]!;
    const dayOf = (row: number): number => Math.floor((dataset.barEndUs[row]! - barUs) / DAY_US);
    const [date, day] = [dateOf(dataset.barEndUs[from]! - barUs), dayOf(from)];
    let to = from;
    while (to < rows && symbols[dataset.symbolIndex[to]!] === symbol && dayOf(to) === day) to++;
    const key = { type: "simulation_truth", exchange, symbol, date } as const;
    if ((await readManifest(store, key)) !== undefined) {
      const columns = await readColumns(store, key, ["timestamp", ...names]);
      const place = new Map(
        Array.from(columns["timestamp"] as Float64Array, (time, i) => [time, i]),
      );
      for (let row = from; row < to; row++) {
        const i = place.get(dataset.barEndUs[row]!);
        if (i === undefined) continue;
        oracleUp[row] = (columns[names[0]] as Float64Array)[i]!;
        attainableUp[row] = (columns[names[1]] as Float64Array)[i]!;
      }
    }
    from = to;
  }
  return { oracleUp, attainableUp };
}
