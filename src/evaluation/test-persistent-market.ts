import { seededRandom } from "../core/random.js";
import { isShortfall } from "../core/shortfall.js";
import { dayStartUs, MINUTE_US } from "../core/time.js";
import { walkForwardFolds } from "../dataset/folds.js";
import { DIRECTION } from "../dataset/label-rule.js";
import { directionLabels } from "../dataset/labels.js";
import type { Dataset, Fold } from "../dataset/matrix.js";

const START = dayStartUs("2024-03-01");
/** Rows of each of the two symbols. */
const BARS = 3000;
/** Bars ahead that labels look. */
export const HORIZON = 5;

/** A persistent signal drives the price; two inputs show it with noise, one is noise alone. */
export function persistentMarket(strength: number, seed: number): Dataset {
  const random = seededRandom(seed, "evaluation test");
  const rows = 2 * BARS;
  const index = Array.from({ length: rows }, (_, i) => i);
  const barEndUs = Float64Array.from(index, (i) => START + ((i % BARS) + 1) * MINUTE_US);
  const entryPrice = new Float64Array(rows);
  const inputs = new Float32Array(3 * rows);
  let signal = 0;
  let log = 0;
  for (let i = 0; i < rows; i++) {
    if (i % BARS === 0) log = 0;
    signal = 0.97 * signal + Math.sqrt(1 - 0.97 ** 2) * random.normal();
    entryPrice[i] = 100 * Math.exp(log);
    log += 1e-3 * (strength * signal + random.normal());
    inputs.set([signal + random.normal(), random.normal() - signal, random.normal()], 3 * i);
  }
  const labels = [0, BARS].map((from) =>
    directionLabels(
      {
        barEndUs: barEndUs.subarray(from, from + BARS),
        entryPrice: entryPrice.subarray(from, from + BARS),
      },
      { horizonUs: HORIZON * MINUTE_US, barUs: MINUTE_US, latencyUs: 500_000 },
    ),
  );
  const outcome = Float32Array.from(labels.flatMap((label) => [...label.outcome]));
  return {
    exchange: "simulated",
    symbols: ["BTCUSDT", "ETHUSDT"],
    featureNames: ["obi_l1", "tfi", "log_ret_5"],
    catalogueHash: "test",
    leftOut: [],
    rows,
    inputs,
    symbolIndex: Uint8Array.from(index, (i) => Number(i >= BARS)),
    barEndUs,
    labelEndUs: barEndUs.map((time) => time + HORIZON * MINUTE_US + 500_000),
    outcome,
    labelReturn: Float64Array.from(labels.flatMap((label) => [...label.labelReturn])),
    entryPrice,
    halfSpreadBps: new Float64Array(rows).fill(0.1),
    isUsable: Uint8Array.from(outcome, (value) => Number(!Number.isNaN(value))),
    isPredictable: new Uint8Array(rows).fill(1),
    runStart: Uint32Array.from(index, (i) => i - (i % BARS)),
    isBad: new Uint8Array(rows),
    isAudited: new Uint8Array(rows).fill(1),
    barUs: MINUTE_US,
    horizonUs: HORIZON * MINUTE_US,
    horizonBars: HORIZON,
    labelRule: DIRECTION,
    latencyUs: 500_000,
    labelKind: "mid",
    excluded: {},
    hash: `${strength} ${seed}`,
  };
}

/** The one fold that a market is cut into. */
export function foldOf(dataset: Dataset): Fold {
  const cut = walkForwardFolds(dataset, { folds: 1 });
  if (isShortfall(cut)) throw new Error(cut.what);
  return cut[0]!;
}
