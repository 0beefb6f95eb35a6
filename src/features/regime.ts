import { accumulator, type Feature } from "./feature.js";
import { VolatilityRank } from "./volatility-rank.js";

const DAY_BARS = 1440;

const regime = (
  number: number,
  name: "low" | "normal" | "high",
  rule: string,
  isIn: (rank: number) => boolean,
): Feature => ({
  number,
  name: `vol_regime_${name}`,
  family: "regime",
  formula: `1 when ${rule} of the previous 30 days' values of 24 h realised volatility are below the present one (equal ones count half), else 0`,
  unit: "ratio",
  inputs: ["trades"],
  lookbackBars: 31 * DAY_BARS + 1,
  warmUpBars: 2 * DAY_BARS,
  span: "time",
  nullRule: "none",
  range: [0, 1],
  source: "mid-rank of realised volatility",
  create: (shared) => {
    const rank = shared.get("volatility rank", () => new VolatilityRank());
    return accumulator([], () =>
      Number.isNaN(rank.value) ? Number.NaN : Number(isIn(rank.value)),
    );
  },
});

/** Features 31–33: one of three states of volatility. */
export const REGIME: readonly Feature[] = [
  regime(31, "low", "less than a third", (rank) => rank < 1 / 3),
  regime(32, "normal", "a third to two thirds", (rank) => rank >= 1 / 3 && rank <= 2 / 3),
  regime(33, "high", "more than two thirds", (rank) => rank > 2 / 3),
];
