import { accumulator, type Feature, NOT_NEGATIVE } from "./feature.js";
import { Window } from "./window.js";

/** Features 24–25: volatility from closes and from ranges. */
export const VOLATILITY: readonly Feature[] = [
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
