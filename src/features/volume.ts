import { ANY, accumulator, type Feature } from "./feature.js";
import { ROUNDING } from "./rounding.js";
import { typicalPrice } from "./typical-price.js";
import { Window } from "./window.js";

const OBV_PERIOD = 20;
const MFI_PERIOD = 14;

/** Features of volume, 26–28: how much, and with which moves of the price. */
export const VOLUME: readonly Feature[] = [
  {
    number: 26,
    name: "volume_ratio_60",
    family: "volume",
    formula: "ln((V + 0.01·V̄)/(1.01·V̄)), V̄ the mean of the previous 60 volumes",
    unit: "log ratio",
    inputs: ["trades"],
    lookbackBars: 61,
    warmUpBars: 60,
    nullRule: "nothing traded in the previous 60 bars",
    range: ANY,
    source: "definition",
    create: () => {
      const before = new Window(60);
      return accumulator([before], ({ volume }) => {
        const mean = before.mean();
        before.push(volume);
        return mean > 0 ? Math.log((volume + 0.01 * mean) / (1.01 * mean)) : Number.NaN;
      });
    },
  },
  {
    number: 27,
    name: "obv_slope_20",
    family: "volume",
    formula:
      "least-squares slope per bar of Σ sign(C − C₋₁)·V over 20 bars, divided by the mean V of the same bars",
    unit: "ratio",
    inputs: ["trades"],
    lookbackBars: OBV_PERIOD,
    warmUpBars: OBV_PERIOD - 1,
    nullRule: "nothing traded in the 20 bars",
    // All volume in the middle bar: 20·50/665 is the furthest.
    range: [-2, 2],
    source: "Granville 1963; TA-Lib OBV",
    create: () => {
      const closes = new Window(OBV_PERIOD);
      const volumes = new Window(OBV_PERIOD);
      return accumulator([closes, volumes], ({ close, volume }) => {
        closes.push(close);
        volumes.push(volume);
        return volumeSlope(closes, volumes);
      });
    },
  },
  {
    number: 28,
    name: "mfi_14",
    family: "volume",
    formula:
      "(P − N)/(P + N), P and N the sums over 14 bars of T·V where T = (H + L + C)/3 rose and where it fell",
    unit: "ratio",
    inputs: ["trades"],
    lookbackBars: MFI_PERIOD + 1,
    warmUpBars: MFI_PERIOD,
    nullRule: "no flow in the 14 bars: nothing traded where T moved",
    range: [-1, 1],
    source: "Quong & Soudack 1989; TA-Lib MFI",
    create: () => {
      const prices = new Window(2);
      const flows = new Window(MFI_PERIOD);
      return accumulator([prices, flows], (bar) => {
        const price = typicalPrice(bar);
        prices.push(price);
        const move = price - prices.ago(1);
        if (Number.isNaN(move)) return Number.NaN;
        const direction = Math.abs(move) > ROUNDING * price ? Math.sign(move) : 0;
        flows.push(direction * price * bar.volume);
        return flowBalance(flows);
      });
    },
  },
];

/**
 * Slope of the on-balance volume. Its level is of no matter to a slope, so it begins at 0 in each window and cannot drift.
 *
 * @returns NaN before the windows are full, before the first price, and without any volume
 */
function volumeSlope(closes: Window, volumes: Window): number {
  const n = OBV_PERIOD;
  let balance = 0;
  let weighted = 0;
  for (let i = 1; i < n; i++) {
    const ago = n - 1 - i;
    balance += Math.sign(closes.ago(ago) - closes.ago(ago + 1)) * volumes.ago(ago);
    weighted += (i - (n - 1) / 2) * balance;
  }
  return weighted / ((n * (n * n - 1)) / 12) / volumes.mean();
}

/** (P − N)/(P + N) of flows with their signs; NaN before there are all, and without any. */
function flowBalance(flows: Window): number {
  if (!flows.isFull) return Number.NaN;
  let up = 0;
  let down = 0;
  for (let i = flows.size - 1; i >= 0; i--) {
    const flow = flows.ago(i);
    if (flow > 0) up += flow;
    else down -= flow;
  }
  return (up - down) / (up + down);
}
