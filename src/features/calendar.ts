import { DAY_US } from "../core/time.js";
import { accumulator, type Feature } from "./feature.js";

const hour = (number: number, name: string, wave: "sin" | "cos"): Feature => ({
  number,
  name,
  family: "calendar",
  formula: `${wave}(2π · minute of day / 1440) of the bar's end, UTC`,
  unit: "ratio",
  inputs: ["clock"],
  lookbackBars: 1,
  warmUpBars: 0,
  nullRule: "none",
  range: [-1, 1],
  source: "definition",
  create: () =>
    accumulator([], ({ endUs }) => Math[wave]((2 * Math.PI * (endUs % DAY_US)) / DAY_US)),
});

/** Features 29–30: the time of day on a circle. */
export const CALENDAR: readonly Feature[] = [
  hour(29, "hour_sin", "sin"),
  hour(30, "hour_cos", "cos"),
];
