// Small made-up frames of features for tests; every number is drawn from a seed or given by hand.

import { seededRandom } from "../../core/random.js";
import { MINUTE_US } from "../../core/time.js";
import { FEATURES } from "../../features/catalogue.js";
import type { FeatureFrame } from "./feature-frame.js";

/** Where frames begin: a midnight. */
export const FRAME_START_US: number = Date.UTC(2024, 2, 1) * 1000;

/**
 * A frame of some columns, a bar a minute.
 *
 * @param columns - by feature; all of one length
 * @param options.mid - 100 in every bar when left out
 */
export function frameOf(
  columns: Readonly<Record<string, ArrayLike<number>>>,
  {
    symbol = "BTCUSDT",
    startUs = FRAME_START_US,
    mid,
  }: {
    readonly symbol?: string;
    readonly startUs?: number;
    readonly mid?: ArrayLike<number>;
  } = {},
): FeatureFrame {
  const rows = Object.values(columns)[0]?.length ?? 0;
  return {
    exchange: "simulated",
    symbol,
    barEndUs: Float64Array.from({ length: rows }, (_, i) => startUs + (i + 1) * MINUTE_US),
    mid: mid === undefined ? new Float64Array(rows).fill(100) : Float64Array.from(mid),
    names: Object.keys(columns),
    columns: Object.values(columns).map((column) => Float64Array.from(column)),
  };
}

/** All features of the catalogue with numbers of the right kind, and no other sense. */
export function sampleFrame(symbol = "BTCUSDT", rows = 1600): FeatureFrame {
  const random = seededRandom(4, `frame of ${symbol}`);
  let price = 100;
  const close = Float64Array.from({ length: rows }, () => {
    price *= Math.exp(5e-4 * random.normal());
    return price;
  });
  const columns = FEATURES.map(
    ({ name, range, warmUpBars, family }): readonly [string, Float64Array] => {
      const [low, high] = range;
      const isBounded = Number.isFinite(low) && Number.isFinite(high);
      const draw = (i: number): number => {
        if (name === "open") return close[Math.max(0, i - 1)]!;
        if (name === "high") return 1.0005 * close[i]!;
        if (name === "low") return 0.9995 * close[i]!;
        if (name === "close") return close[i]!;
        if (family === "regime")
          return Number(i % 3 === ["low", "normal", "high"].findIndex((one) => name.endsWith(one)));
        if (isBounded) return low + (high - low) * random.uniform();
        return low === 0 ? 0.01 * random.exponential() : 0.01 * random.normal();
      };
      const values = Float64Array.from({ length: rows }, (_, i) => draw(i));
      return [name, values.fill(Number.NaN, 0, Math.min(rows / 2, warmUpBars))];
    },
  );
  return frameOf(Object.fromEntries(columns), { symbol, mid: close });
}
