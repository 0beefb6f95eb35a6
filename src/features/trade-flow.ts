import { ANY, accumulator, type Feature } from "./feature.js";
import { ROUNDING } from "./rounding.js";
import { TrailingOrders } from "./trailing-orders.js";
import { VolumeBuckets } from "./volume-buckets.js";
import { Window } from "./window.js";
import { Z_LIMIT, ZScore } from "./z-score.js";

/** Bars over which the change of cumulative volume delta is taken, and those it is compared with. */
const CVD_BARS = 15;
const CVD_BEFORE = 1440;

const DAY_BARS = 1440;

/** Share of orders that are not large. */
const NOT_LARGE = 0.95;

/** Features 39–43: who traded, how often, and how much at a time. */
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
  {
    number: 42,
    name: "large_trade_share",
    family: "trade flow",
    formula:
      "volume of orders not smaller than the 95 % quantile of the sizes of the 24 h before the bar / volume; an order: adjacent trades of equal exchange time and side",
    unit: "ratio",
    inputs: ["trades"],
    lookbackBars: DAY_BARS + 1,
    warmUpBars: DAY_BARS,
    span: "time",
    nullRule: "nothing traded in the bar, or in the 24 h before it",
    range: [0, 1],
    source: "definition",
    create: () => {
      const before = new TrailingOrders(NOT_LARGE);
      return accumulator([before], (bar) => {
        // An order as large as the quantile is large, also where its trades were added up otherwise.
        const large = before.quantile() * (1 - ROUNDING);
        before.push(bar);
        const { count, amount } = bar.orders;
        let largeVolume = 0;
        let volume = 0;
        for (let i = 0; i < count; i++) {
          if (amount[i]! >= large) largeVolume += amount[i]!;
          volume += amount[i]!;
        }
        return Number.isNaN(large) ? Number.NaN : largeVolume / volume;
      });
    },
  },
  {
    number: 43,
    name: "vpin",
    family: "trade flow",
    formula:
      "Σ|V buy − V sell| / Σ V over the last 50 completed volume buckets, each a fiftieth of the volume of the 24 h before the bar in which it opened",
    unit: "ratio",
    inputs: ["trades"],
    lookbackBars: Number.POSITIVE_INFINITY,
    // The first bucket opens after a day; 50 of them are about another, and more where trading has slowed down.
    warmUpBars: DAY_BARS,
    span: "time",
    nullRule: "fewer than 50 completed buckets, about a day after the first 24 h",
    range: [0, 1],
    source: "Easley, López de Prado & O'Hara 2012",
    create: () => {
      const buckets = new VolumeBuckets();
      return accumulator([buckets], (bar) => {
        buckets.push(bar);
        return buckets.imbalance();
      });
    },
  },
];
