import { ANY, accumulator, type Feature } from "./feature.js";
import { Window } from "./window.js";

const logReturn = (number: number, bars: number): Feature => ({
  number,
  name: `log_ret_${bars}`,
  family: "returns",
  formula: `ln(C / C ${bars} bars before)`,
  unit: "log ratio",
  inputs: ["trades"],
  lookbackBars: bars + 1,
  warmUpBars: bars,
  nullRule: "none",
  range: ANY,
  source: "definition",
  create: () => {
    const closes = new Window(bars + 1);
    return accumulator([closes], ({ close }) => {
      closes.push(close);
      return Math.log(close / closes.ago(bars));
    });
  },
});

/** Features 6–9: log returns of the close. */
export const RETURNS: readonly Feature[] = [
  logReturn(6, 5),
  logReturn(7, 15),
  logReturn(8, 60),
  logReturn(9, 240),
];
