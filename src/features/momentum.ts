import { meanDeviation } from "./deviation.js";
import { accumulator, type Feature } from "./feature.js";
import { NOTHING_LEFT, SeededAverage, WILDER_WARM_UP } from "./seeded-average.js";
import { Stochastic } from "./stochastic.js";
import { typicalPrice } from "./typical-price.js";
import { Window } from "./window.js";

const RSI_PERIOD = 14;
const CCI_PERIOD = 20;
const SMOOTHING = 3;

/** Features of momentum, 16–19: where the price is in what it did lately. */
export const MOMENTUM: readonly Feature[] = [
  {
    number: 16,
    name: "rsi_14",
    family: "momentum",
    formula: "(G − L)/(G + L), G and L Wilder's averages of 14 rises and falls of the close",
    unit: "ratio",
    inputs: ["trades"],
    lookbackBars: Number.POSITIVE_INFINITY,
    warmUpBars: WILDER_WARM_UP * RSI_PERIOD,
    nullRule:
      "neither rises nor falls so far, or none left of them after thousands of bars without",
    range: [-1, 1],
    source: "Wilder 1978; TA-Lib RSI",
    create: () => {
      const closes = new Window(2);
      const rises = new SeededAverage(RSI_PERIOD, 1 / RSI_PERIOD);
      const falls = new SeededAverage(RSI_PERIOD, 1 / RSI_PERIOD);
      return accumulator([closes, rises, falls], ({ close }) => {
        closes.push(close);
        const change = close - closes.ago(1);
        if (Number.isNaN(change)) return Number.NaN;
        const rise = rises.next(Math.max(change, 0));
        const fall = falls.next(Math.max(-change, 0));
        if (rises.size < WILDER_WARM_UP * RSI_PERIOD) return Number.NaN;
        return rise + fall < NOTHING_LEFT ? Number.NaN : (rise - fall) / (rise + fall);
      });
    },
  },
  {
    number: 17,
    name: "stoch_k_14",
    family: "momentum",
    formula: "%K = (C − LL)/(HH − LL), HH and LL the highest high and lowest low of 14 bars",
    unit: "ratio",
    inputs: ["trades"],
    lookbackBars: 14,
    warmUpBars: 13,
    nullRule: "HH = LL",
    range: [0, 1],
    source: "Lane 1984; TA-Lib STOCHF",
    create: () => {
      const k = new Stochastic(14);
      return accumulator([k], (bar) => k.next(bar));
    },
  },
  {
    number: 18,
    name: "stoch_d_3",
    family: "momentum",
    formula: "mean of the last 3 values of %K",
    unit: "ratio",
    inputs: ["trades"],
    lookbackBars: 16,
    warmUpBars: 15,
    nullRule: "HH = LL at any of the 3",
    range: [0, 1],
    source: "Lane 1984; TA-Lib STOCHF",
    create: () => {
      const k = new Stochastic(14);
      const values = new Window(SMOOTHING);
      return accumulator([k, values], (bar) => {
        values.push(k.next(bar));
        return values.mean();
      });
    },
  },
  {
    number: 19,
    name: "cci_20",
    family: "momentum",
    formula: "(T − T̄)/(1.5·D), T = (H + L + C)/3, T̄ and D its mean and mean deviation over 20 bars",
    unit: "deviations",
    inputs: ["trades"],
    lookbackBars: CCI_PERIOD,
    warmUpBars: CCI_PERIOD - 1,
    nullRule: "D = 0: T is the same in all 20 bars",
    // No value is farther from the mean than n/2 mean deviations: 20/3 is the furthest.
    range: [-7, 7],
    source: "Lambert 1980; TA-Lib CCI",
    create: () => {
      const prices = new Window(CCI_PERIOD);
      return accumulator([prices], (bar) => {
        const price = typicalPrice(bar);
        prices.push(price);
        const mean = prices.mean();
        const deviation = meanDeviation(prices, mean);
        // TA-Lib's 0.015, for an index that is divided by 100.
        return deviation > 0 ? (price - mean) / (1.5 * deviation) : Number.NaN;
      });
    },
  },
];
