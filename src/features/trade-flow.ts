import { ANY, accumulator, type Feature } from "./feature.js";
import { Window } from "./window.js";
import { Z_LIMIT, ZScore } from "./z-score.js";

/** Bars over which the change of cumulative volume delta is taken, and those it is compared with. */
const CVD_BARS = 15;
const CVD_BEFORE = 1440;

/** Features 39–41: who traded, and how often. */
export const TRADE_FLOW: readonly Feature[] = [
  {
    number: 39,
    name: "tfi",
    family: "trade flow",
    formula: "(V buy − V sell)/(V buy + V sell)",
    unit: "ratio",
    inputs: ["trades"],
    lookbackBars: 1,
    warmUpBars: 0,
    nullRule: "no trade of known side in the bar",
    range: [-1, 1],
    source: "definition",
    create: () =>
      accumulator(
        [],
        ({ buyVolume, sellVolume }) => (buyVolume - sellVolume) / (buyVolume + sellVolume),
      ),
  },
  {
    number: 40,
    name: "cvd_z",
    family: "trade flow",
    formula: "z of the sum of V buy − V sell over 15 bars against its previous 1,440 values",
    unit: "deviations",
    inputs: ["trades"],
    lookbackBars: CVD_BARS + CVD_BEFORE,
    warmUpBars: CVD_BARS - 1 + CVD_BEFORE / 2,
    nullRule: "the previous values are all equal",
    range: [-Z_LIMIT, Z_LIMIT],
    source: "definition",
    create: () => {
      const deltas = new Window(CVD_BARS);
      const score = new ZScore(CVD_BEFORE);
      return accumulator([deltas, score], ({ buyVolume, sellVolume }) => {
        deltas.push(buyVolume - sellVolume);
        return score.next(deltas.sum());
      });
    },
  },
  {
    number: 41,
    name: "trade_intensity",
    family: "trade flow",
    formula: "ln((1 + N)/(1 + mean N of the previous 60 bars)), N the number of trades",
    unit: "log ratio",
    inputs: ["trades"],
    lookbackBars: 61,
    warmUpBars: 60,
    nullRule: "none",
    range: ANY,
    source: "definition",
    create: () => {
      const before = new Window(60);
      return accumulator([before], ({ tradeCount }) => {
        const mean = before.mean();
        before.push(tradeCount);
        return Math.log((1 + tradeCount) / (1 + mean));
      });
    },
  },
];
