// A made-up place to look at features, for tests of pictures; every number is drawn from a seed.

import { seededRandom } from "../../core/random.js";
import { MINUTE_US } from "../../core/time.js";
import { COINS } from "../../market/contract.js";
import type { FeatureFrame } from "../features/feature-frame.js";
import { sampleFrame } from "../features/test-frames.js";
import type { FeatureLook } from "./feature-look.js";
import type { BarRows } from "./look-bars.js";
import type { LookTicks } from "./look-ticks.js";

/** Rows of a frame with the time of their bars. */
export function rowsOf({ barEndUs }: FeatureFrame, from: number, to: number): BarRows {
  return { from, to, fromUs: barEndUs[from]! - MINUTE_US, toUs: barEndUs[to - 1]! };
}

/** The last four hours and the last ten minutes of a frame, with a state a second and a trade every two. */
export function sampleLook(frame: FeatureFrame = sampleFrame()): FeatureLook {
  const rows = frame.barEndUs.length;
  const hours = rowsOf(frame, Math.max(0, rows - 240), rows);
  const minutes = rowsOf(frame, Math.max(0, rows - 10), rows);
  return { frame, contract: COINS, hours, minutes, ticks: sampleTicks(minutes) };
}

/** No event at all. */
export const NO_TICKS: LookTicks = {
  trades: {
    timesUs: new Float64Array(0),
    side: new Float64Array(0),
    price: new Float64Array(0),
    amount: new Float64Array(0),
    midBefore: new Float64Array(0),
  },
  states: {
    timesUs: new Float64Array(0),
    bidPrice: new Float64Array(0),
    askPrice: new Float64Array(0),
    imbalance1: new Float64Array(0),
    imbalance5: new Float64Array(0),
    flow: new Float64Array(0),
  },
};

function sampleTicks({ fromUs, toUs }: BarRows): LookTicks {
  const random = seededRandom(5, "ticks");
  const n = Math.round((toUs - fromUs) / 1e6);
  const timesUs = Float64Array.from({ length: n + 1 }, (_, i) => fromUs + i * 1e6);
  let mid = 100;
  const mids = timesUs.map(() => {
    mid += 0.01 * random.normal();
    return mid;
  });
  const trades = Array.from({ length: Math.floor(n / 2) }, (_, i) => 2 * i + 1);
  const side = Float64Array.from(trades, () => (random.uniform() < 0.5 ? 1 : -1));
  return {
    trades: {
      timesUs: Float64Array.from(trades, (i) => timesUs[i]! + 5e5),
      side,
      price: Float64Array.from(trades, (i, k) => mids[i]! + 0.01 * side[k]!),
      amount: Float64Array.from(trades, () => random.exponential()),
      midBefore: Float64Array.from(trades, (i) => mids[i]!),
    },
    states: {
      timesUs,
      bidPrice: mids.map((price) => price - 0.01),
      askPrice: mids.map((price) => price + 0.01),
      imbalance1: timesUs.map(() => 2 * random.uniform() - 1),
      imbalance5: timesUs.map(() => 2 * random.uniform() - 1),
      flow: timesUs.map(() => random.normal()),
    },
  };
}
