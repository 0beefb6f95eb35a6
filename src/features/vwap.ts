import { DAY_US } from "../core/time.js";
import { ANY, accumulator, type Feature, type FeatureEntry } from "./feature.js";
import { Session } from "./session.js";
import { VwapWindow } from "./vwap-window.js";

const VWAP = {
  family: "vwap",
  unit: "bps",
  inputs: ["trades"],
  range: ANY,
  source: "definition",
} as const satisfies Partial<FeatureEntry>;

/** Bars at the start of a day in which the session's VWAP is too young. */
const YOUNG_BARS = 30;

/** Bars of the moving VWAP, and how far back its slope looks. */
const BARS = 15;
const SLOPE_BARS = 5;

/** Features 44–48: the close against volume-weighted average prices. */
export const VWAPS: readonly Feature[] = [
  {
    ...VWAP,
    number: 44,
    name: "vwap_dev_bar",
    formula: "1e4 · (C − VWAP)/VWAP of the bar",
    lookbackBars: 1,
    warmUpBars: 0,
    nullRule: "nothing traded in the bar",
    create: () =>
      accumulator([], ({ open, close, excess, notional, base }) => {
        const vwap = notional / base;
        return (1e4 * (close - open - excess / base)) / vwap;
      }),
  },
  {
    ...VWAP,
    number: 45,
    name: "vwap_dev_15",
    formula: "1e4 · (C − VWAP)/VWAP of 15 bars",
    lookbackBars: BARS,
    warmUpBars: BARS - 1,
    nullRule: "nothing traded in 15 bars",
    create: () => {
      const window = new VwapWindow(BARS);
      return accumulator([window], (bar) => {
        window.push(bar);
        const above = window.above(bar.close, BARS);
        return (1e4 * (0 - above)) / (bar.close + above);
      });
    },
  },
  {
    ...VWAP,
    number: 46,
    name: "vwap_dev_session",
    formula: "1e4 · (C − VWAP)/VWAP since 00:00 UTC",
    lookbackBars: 1440,
    warmUpBars: YOUNG_BARS,
    isDaily: true,
    nullRule:
      "first 30 bars of a day; a stream that did not begin with the day; nothing traded yet",
    create: () => {
      const session = new Session();
      return accumulator([session], (bar) => {
        const { above, vwap } = session.next(bar);
        const sinceMidnightUs = (bar.endUs - bar.barUs) % DAY_US;
        return sinceMidnightUs < YOUNG_BARS * bar.barUs ? Number.NaN : (1e4 * above) / vwap;
      });
    },
  },
  {
    ...VWAP,
    number: 47,
    name: "vwap_slope_15",
    formula: "1e4 · ln(VWAP of 15 bars / the same 5 bars before)",
    lookbackBars: BARS + SLOPE_BARS,
    warmUpBars: BARS + SLOPE_BARS - 1,
    nullRule: "nothing traded in one of the two windows",
    create: () => {
      const window = new VwapWindow(BARS + SLOPE_BARS);
      return accumulator([window], (bar) => {
        window.push(bar);
        const now = window.above(bar.close, BARS);
        const before = window.above(bar.close, BARS, SLOPE_BARS);
        return 1e4 * Math.log1p((now - before) / (bar.close + before));
      });
    },
  },
  {
    ...VWAP,
    number: 48,
    name: "vwap_side_gap",
    formula: "1e4 · (VWAP of buys − VWAP of sells)/VWAP of the bar",
    lookbackBars: 1,
    warmUpBars: 0,
    nullRule: "no buy or no sell in the bar",
    create: () =>
      accumulator([], (bar) => {
        const gap = bar.buyExcess / bar.buyBase - bar.sellExcess / bar.sellBase;
        return (1e4 * gap) / (bar.notional / bar.base);
      }),
  },
];
