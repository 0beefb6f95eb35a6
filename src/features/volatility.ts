import { standardDeviation } from "./deviation.js";
import { accumulator, type Feature, NOT_NEGATIVE } from "./feature.js";
import { SeededAverage, WILDER_WARM_UP } from "./seeded-average.js";
import { Window } from "./window.js";

const ATR_PERIOD = 14;
const BAND_PERIOD = 20;

/** Features 21–25: volatility from true ranges, bands, closes and ranges. */
export const VOLATILITY: readonly Feature[] = [
  {
    number: 21,
    name: "atr_14_pct",
    family: "volatility",
    formula:
      "A / C, A Wilder's average of 14 true ranges max(H, C₋₁) − min(L, C₋₁), C₋₁ the close before",
    unit: "ratio",
    inputs: ["trades"],
    lookbackBars: Number.POSITIVE_INFINITY,
    warmUpBars: WILDER_WARM_UP * ATR_PERIOD,
    nullRule: "none",
    range: NOT_NEGATIVE,
    source: "Wilder 1978; TA-Lib ATR",
    create: () => {
      const closes = new Window(2);
      const ranges = new SeededAverage(ATR_PERIOD, 1 / ATR_PERIOD);
      return accumulator([closes, ranges], ({ high, low, close }) => {
        closes.push(close);
        const before = closes.ago(1);
        if (Number.isNaN(before)) return Number.NaN;
        const average = ranges.next(Math.max(high, before) - Math.min(low, before));
        return ranges.size < WILDER_WARM_UP * ATR_PERIOD ? Number.NaN : average / close;
      });
    },
  },
  {
    number: 22,
    name: "bb_pctb_20",
    family: "volatility",
    formula:
      "(C − lower)/(upper − lower), the bands 2 σ about the mean of 20 closes, σ that of a population",
    unit: "ratio",
    inputs: ["trades"],
    lookbackBars: BAND_PERIOD,
    warmUpBars: BAND_PERIOD - 1,
    nullRule: "σ = 0: all 20 closes are equal",
    // No value is farther from the mean than √(n − 1) σ: −0.59 and 1.59 are the furthest.
    range: [-1, 2],
    source: "Bollinger 2001; TA-Lib BBANDS",
    create: () => {
      const closes = new Window(BAND_PERIOD);
      return accumulator([closes], ({ close }) => {
        closes.push(close);
        const mean = closes.mean();
        const sigma = standardDeviation(closes, mean);
        return sigma > 0 ? 0.5 + (close - mean) / (4 * sigma) : Number.NaN;
      });
    },
  },
  {
    number: 23,
    name: "bb_width_20",
    family: "volatility",
    formula: "(upper − lower)/middle = 4 σ / mean of 20 closes",
    unit: "ratio",
    inputs: ["trades"],
    lookbackBars: BAND_PERIOD,
    warmUpBars: BAND_PERIOD - 1,
    nullRule: "none",
    range: NOT_NEGATIVE,
    source: "Bollinger 2001; TA-Lib BBANDS",
    create: () => {
      const closes = new Window(BAND_PERIOD);
      return accumulator([closes], ({ close }) => {
        closes.push(close);
        const mean = closes.mean();
        return (4 * standardDeviation(closes, mean)) / mean;
      });
    },
  },
  {
    number: 24,
    name: "realized_vol_60",
    family: "volatility",
    formula: "√Σ r² over 60 bars, r = ln(C / C one bar before)",
    unit: "log ratio",
    inputs: ["trades"],
    lookbackBars: 61,
    warmUpBars: 60,
    nullRule: "none",
    range: NOT_NEGATIVE,
    source: "Andersen & Bollerslev 1998",
    create: () => {
      const closes = new Window(2);
      const squares = new Window(60);
      return accumulator([closes, squares], ({ close }) => {
        closes.push(close);
        squares.push(Math.log(close / closes.ago(1)) ** 2);
        return Math.sqrt(squares.sum());
      });
    },
  },
  {
    number: 25,
    name: "parkinson_vol_20",
    family: "volatility",
    formula: "√(mean of ln(H/L)² over 20 bars / (4 ln 2))",
    unit: "log ratio",
    inputs: ["trades"],
    lookbackBars: 20,
    warmUpBars: 19,
    nullRule: "none",
    range: NOT_NEGATIVE,
    source: "Parkinson 1980",
    create: () => {
      const squares = new Window(20);
      return accumulator([squares], ({ high, low }) => {
        squares.push(Math.log(high / low) ** 2);
        return Math.sqrt(squares.mean() / (4 * Math.LN2));
      });
    },
  },
];
