import { accumulator, type Feature } from "./feature.js";
import { SeededAverage, WILDER_WARM_UP } from "./seeded-average.js";
import { Window } from "./window.js";

const PERIOD = 14;

/** Features of momentum: 16, Wilder's relative strength. */
export const MOMENTUM: readonly Feature[] = [
  {
    number: 16,
    name: "rsi_14",
    family: "momentum",
    formula: "(G − L)/(G + L), G and L Wilder's averages of 14 rises and falls of the close",
    unit: "ratio",
    inputs: ["trades"],
    lookbackBars: Number.POSITIVE_INFINITY,
    warmUpBars: WILDER_WARM_UP * PERIOD,
    nullRule: "neither rises nor falls",
    range: [-1, 1],
    source: "Wilder 1978; TA-Lib RSI",
    create: () => {
      const closes = new Window(2);
      const rises = new SeededAverage(PERIOD, 1 / PERIOD);
      const falls = new SeededAverage(PERIOD, 1 / PERIOD);
      return accumulator([closes, rises, falls], ({ close }) => {
        closes.push(close);
        const change = close - closes.ago(1);
        if (Number.isNaN(change)) return Number.NaN;
        const rise = rises.next(Math.max(change, 0));
        const fall = falls.next(Math.max(-change, 0));
        if (rises.size < WILDER_WARM_UP * PERIOD) return Number.NaN;
        return (rise - fall) / (rise + fall);
      });
    },
  },
];
