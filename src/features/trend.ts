import { DirectionalMovement } from "./directional-movement.js";
import { ANY, accumulator, type Feature } from "./feature.js";
import { MACD_SIGNAL, MACD_SLOW, Macd } from "./macd.js";
import { EMA_WARM_UP, SeededAverage } from "./seeded-average.js";
import { Window } from "./window.js";

const ADX_PERIOD = 14;

/**
 * Bars, in periods n, until the average of directional indices has forgotten where it began. It averages what is made of
 * averages of the same length, and two in a row forget more slowly than one: after t bars (1 + t/n)·(1 − 1/n)^t is left.
 * That is 2e-8 after the 20 periods of one average, 4e-10 after 24.
 */
const ADX_WARM_UP = 24;

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

/**
 * A feature of MACD.
 *
 * @param bars - until it has forgotten where its averages began: of averages in a row, one after the other
 * @param distance - what is divided by the close
 */
const macd = (
  number: number,
  name: string,
  formula: string,
  bars: number,
  distance: (macd: Macd) => number,
): Feature => ({
  number,
  name,
  family: "trend",
  formula: `${formula}, divided by C`,
  unit: "ratio",
  inputs: ["trades"],
  lookbackBars: Number.POSITIVE_INFINITY,
  warmUpBars: bars - 1,
  nullRule: "none",
  range: ANY,
  source: "Appel 2005; TA-Lib MACD",
  create: () => {
    const averages = new Macd();
    return accumulator([averages], ({ close }) => {
      if (Number.isNaN(close)) return Number.NaN;
      averages.next(close);
      return averages.size < bars ? Number.NaN : distance(averages) / close;
    });
  },
});

const LINE = "EMA12(C) − EMA26(C), both begun at bar 26";
const SIGNAL = `EMA9 of ${LINE}`;
const LINE_BARS = EMA_WARM_UP * MACD_SLOW;
const SIGNAL_BARS = EMA_WARM_UP * (MACD_SLOW + MACD_SIGNAL);

/** Features 10–15 and 20: the close against its averages, these against each other, and how one-sided the moves are. */
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
  macd(13, "macd", LINE, LINE_BARS, ({ line }) => line),
  macd(14, "macd_signal", SIGNAL, SIGNAL_BARS, ({ signal }) => signal),
  macd(15, "macd_hist", "MACD − its EMA9", SIGNAL_BARS, ({ line, signal }) => line - signal),
  {
    number: 20,
    name: "adx_14",
    family: "trend",
    formula:
      "Wilder's average of 14 DX = |P − M|/(P + M), P and M his sums of 14 directional movements up and down",
    unit: "ratio",
    inputs: ["trades"],
    lookbackBars: Number.POSITIVE_INFINITY,
    warmUpBars: (ADX_WARM_UP + 1) * ADX_PERIOD - 1,
    nullRule:
      "no directional movement so far, or none left of it after thousands of bars without; such a bar has no DX, and the average waits for the next that has",
    range: [0, 1],
    source: "Wilder 1978; TA-Lib ADX",
    create: () => {
      const movement = new DirectionalMovement(ADX_PERIOD);
      const average = new SeededAverage(ADX_PERIOD, 1 / ADX_PERIOD);
      return accumulator([movement, average], (bar) => {
        const index = Number.isNaN(bar.close) ? Number.NaN : movement.next(bar);
        if (Number.isNaN(index)) return Number.NaN;
        const adx = average.next(index);
        // Only bars that have an index make the average forget.
        return average.size < ADX_WARM_UP * ADX_PERIOD ? Number.NaN : adx;
      });
    },
  },
];
