import { ANY, accumulator, type Feature } from "./feature.js";
import { EMA_WARM_UP, SeededAverage } from "./seeded-average.js";
import { Window } from "./window.js";

const emaRatio = (number: number, n: number): Feature => ({
  number,
  name: `ema_ratio_${n}`,
  family: "trend",
  formula: `C / EMA${n}(C) − 1, the EMA seeded with the mean of the first ${n} closes`,
  unit: "ratio",
  inputs: ["trades"],
  lookbackBars: Number.POSITIVE_INFINITY,
  warmUpBars: EMA_WARM_UP * n - 1,
  nullRule: "none",
  range: ANY,
  source: "TA-Lib EMA",
  create: () => {
    const ema = new SeededAverage(n, 2 / (n + 1));
    return accumulator([ema], ({ close }) => {
      if (Number.isNaN(close)) return Number.NaN;
      const average = ema.next(close);
      return ema.size < EMA_WARM_UP * n ? Number.NaN : close / average - 1;
    });
  },
});

/** Features 10–12: the close against its averages. */
export const TREND: readonly Feature[] = [
  emaRatio(10, 12),
  emaRatio(11, 26),
  {
    number: 12,
    name: "sma_ratio_50",
    family: "trend",
    formula: "C / mean of the last 50 closes − 1",
    unit: "ratio",
    inputs: ["trades"],
    lookbackBars: 50,
    warmUpBars: 49,
    nullRule: "none",
    range: ANY,
    source: "TA-Lib SMA",
    create: () => {
      const closes = new Window(50);
      return accumulator([closes], ({ close }) => {
        closes.push(close);
        return close / closes.mean() - 1;
      });
    },
  },
];
