import { seededRandom } from "../core/random.js";
import { NONE_LEFT_OUT } from "../dataset/bad-rows.js";
import { DIRECTION } from "../dataset/label-rule.js";
import type { Dataset, Fold } from "../dataset/matrix.js";

/**
 * A small dataset for tests: two symbols, three inputs of noise, and outcomes that a rule draws from them.
 *
 * @param bars - rows of each symbol
 * @param upProbability - from the first input of each row of the symbol so far, newest last
 */
export function testDataset(
  bars: number,
  upProbability: (first: Float32Array) => number,
  seed = 1,
): Dataset {
  const random = seededRandom(seed, "test dataset");
  const rows = 2 * bars;
  const inputs = new Float32Array(3 * rows).map(() => random.normal());
  const outcome = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    const begin = row < bars ? 0 : bars;
    const first = new Float32Array(row - begin + 1).map((_, i) => inputs[3 * (begin + i)]!);
    outcome[row] = random.uniform() < upProbability(first) ? 1 : 0;
  }
  const barEndUs = new Float64Array(rows).map((_, row) => ((row % bars) + 1) * 60e6);
  return {
    exchange: "simulated",
    symbols: ["BTCUSDT", "ETHUSDT"],
    featureNames: ["first", "second", "third"],
    catalogueHash: "test",
    leftOut: [],
    rows,
    inputs,
    symbolIndex: new Uint8Array(rows).map((_, row) => Number(row >= bars)),
    barEndUs,
    labelEndUs: barEndUs.map((end) => end + 60e6),
    outcome,
    labelReturn: new Float64Array(rows),
    entryPrice: new Float64Array(rows).fill(100),
    halfSpreadBps: new Float64Array(rows).fill(1),
    isUsable: new Uint8Array(rows).fill(1),
    isPredictable: new Uint8Array(rows).fill(1),
    runStart: new Uint32Array(rows).map((_, row) => (row < bars ? 0 : bars)),
    isBad: new Uint8Array(rows),
    isAudited: new Uint8Array(rows).fill(1),
    barUs: 60e6,
    horizonUs: 60e6,
    horizonBars: 1,
    labelRule: DIRECTION,
    latencyUs: 0,
    labelKind: "mid",
    excluded: {},
    hash: `test ${bars} ${seed}`,
  };
}

/** Cuts the rows of each of the two symbols at 55, 65 and 80 % of its time. */
export function testFold({ rows }: Dataset): Fold {
  const bars = rows / 2;
  const slice = (from: number, to: number): Uint32Array =>
    Uint32Array.from({ length: rows }, (_, row) => row).filter(
      (row) => (row % bars) / bars >= from && (row % bars) / bars < to,
    );
  return {
    train: slice(0, 0.55),
    earlyStop: slice(0.55, 0.65),
    calibrate: slice(0.65, 0.8),
    test: slice(0.8, 1),
    untested: new Uint32Array(0),
    purged: { train: 0, earlyStop: 0, calibrate: 0 },
    leftOut: { train: NONE_LEFT_OUT, earlyStop: NONE_LEFT_OUT, calibrate: NONE_LEFT_OUT },
  };
}
