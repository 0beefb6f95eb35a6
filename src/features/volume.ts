import { ANY, accumulator, type Feature } from "./feature.js";
import { Window } from "./window.js";

/** Features of volume: 26. */
export const VOLUME: readonly Feature[] = [
  {
    number: 26,
    name: "volume_ratio_60",
    family: "volume",
    formula: "ln((V + 0.01·V̄)/(1.01·V̄)), V̄ the mean of the previous 60 volumes",
    unit: "log ratio",
    inputs: ["trades"],
    lookbackBars: 61,
    warmUpBars: 60,
    nullRule: "nothing traded in the previous 60 bars",
    range: ANY,
    source: "definition",
    create: () => {
      const before = new Window(60);
      return accumulator([before], ({ volume }) => {
        const mean = before.mean();
        before.push(volume);
        return mean > 0 ? Math.log((volume + 0.01 * mean) / (1.01 * mean)) : Number.NaN;
      });
    },
  },
];
