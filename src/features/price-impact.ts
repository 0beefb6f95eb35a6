import { PARTS } from "./bar.js";
import { ANY, accumulator, type Feature, NOT_NEGATIVE } from "./feature.js";
import { slope } from "./slope.js";
import { Window } from "./window.js";

/** Bars over which price impact is averaged. */
const BARS = 60;

/** Parts of bars that a slope of price on flow is taken over: ten bars of them. */
const SLOPE_PARTS = 60;

/** Quote currency of one unit of signed notional. */
const MILLION = 1e6;

/** Features 52–53: how far trading moves the price. */
export const PRICE_IMPACT: readonly Feature[] = [
  {
    number: 52,
    name: "kyle_lambda",
    family: "price impact",
    formula:
      "least-squares slope of the mid's move (bps) on signed notional (million of quote currency) over the last 60 sixths of a bar",
    unit: "bps",
    inputs: ["trades", "book"],
    lookbackBars: SLOPE_PARTS / PARTS,
    warmUpBars: SLOPE_PARTS / PARTS - 1,
    nullRule:
      "a valid book at both ends of fewer than half of the sixths, or equal flow in all of them",
    range: ANY,
    source: "Kyle 1985",
    create: () => {
      const moves = new Window(SLOPE_PARTS);
      const flows = new Window(SLOPE_PARTS);
      return accumulator([moves, flows], ({ partMoveBps, partSignedNotional }) => {
        for (let i = 0; i < PARTS; i++) {
          moves.push(partMoveBps[i]!);
          flows.push(partSignedNotional[i]! / MILLION);
        }
        if (!moves.isFull) return Number.NaN;
        return slope(flows.view(), moves.view(), { fewest: SLOPE_PARTS / 2 });
      });
    },
  },
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
        return Math.log1p((1e6 * impacts.sum()) / traded.sum());
      });
    },
  },
];
