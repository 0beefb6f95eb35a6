import { accumulator, type Feature, NOT_NEGATIVE } from "./feature.js";
import { Window } from "./window.js";

/** Bars over which price impact is averaged. */
const BARS = 60;

/** Features of price impact: 53. */
export const PRICE_IMPACT: readonly Feature[] = [
  {
    number: 53,
    name: "amihud_illiq",
    family: "price impact",
    formula: "ln(1 + 1e6 · mean of |r|/notional over 60 bars), bars without volume left out",
    unit: "log",
    inputs: ["trades"],
    lookbackBars: BARS + 1,
    warmUpBars: BARS,
    nullRule: "nothing traded in 60 bars",
    range: NOT_NEGATIVE,
    source: "Amihud 2002",
    create: () => {
      const closes = new Window(2);
      const impacts = new Window(BARS);
      const traded = new Window(BARS);
      return accumulator([closes, impacts, traded], ({ close, notional }) => {
        closes.push(close);
        const change = closes.size < 2 ? Number.NaN : closes.ago(0) / closes.ago(1);
        impacts.push(notional > 0 ? Math.abs(Math.log(change)) / notional : 0);
        traded.push(notional > 0 ? 1 : 0);
        return Math.log(1 + (1e6 * impacts.sum()) / traded.sum());
      });
    },
  },
];
