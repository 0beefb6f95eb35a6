import { ANY, accumulator, type Feature, NOT_NEGATIVE } from "./feature.js";
import { Z_LIMIT, ZScore } from "./z-score.js";

/** Bars the spread is compared with, and the least deviation of its logarithm. */
const BEFORE = 60;
const FLOOR = 0.05;

/** Features 49–51: what trading costs. */
export const SPREAD: readonly Feature[] = [
  {
    number: 49,
    name: "quoted_spread_bps",
    family: "spread",
    formula: "time average of 1e4 · (a − b)/m over the bar's valid time",
    unit: "bps",
    inputs: ["book"],
    lookbackBars: 1,
    warmUpBars: 0,
    nullRule: "no valid book in the bar",
    range: NOT_NEGATIVE,
    source: "definition",
    create: () => accumulator([], (bar) => bar.averageSpreadBps),
  },
  {
    number: 50,
    name: "effective_spread_bps",
    family: "spread",
    formula: "volume-weighted 2e4 · D(p − m)/m, m the mid of the last valid state before the trade",
    unit: "bps",
    inputs: ["trades", "book"],
    lookbackBars: 1,
    warmUpBars: 0,
    nullRule: "no trade of known side with a valid mid before it",
    range: ANY,
    source: "Lee & Ready 1991",
    create: () => accumulator([], (bar) => bar.effectiveSpreadSum / bar.effectiveSpreadVolume),
  },
  {
    number: 51,
    name: "spread_z",
    family: "spread",
    formula: "z of ln quoted_spread_bps against the previous 60 bars, deviation at least 0.05",
    unit: "deviations",
    inputs: ["book"],
    lookbackBars: BEFORE + 1,
    warmUpBars: BEFORE / 2,
    nullRule: "no valid book in the bar, or in more than half of the 60 before it",
    range: [-Z_LIMIT, Z_LIMIT],
    source: "definition",
    create: () => {
      const score = new ZScore(BEFORE, { floor: FLOOR });
      return accumulator([score], (bar) => score.next(Math.log(bar.averageSpreadBps)));
    },
  },
];
