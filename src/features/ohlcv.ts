import type { Bar } from "./bar.js";
import { accumulator, type Feature, NOT_NEGATIVE } from "./feature.js";

const stored = (
  number: number,
  name: "open" | "high" | "low" | "close",
  what: string,
): Feature => ({
  number,
  name,
  family: "ohlcv",
  formula: `price of the ${what} trade in the bar; the last close when nothing traded`,
  unit: "price",
  inputs: ["trades"],
  lookbackBars: 1,
  warmUpBars: 0,
  nullRule: "before the stream's first trade",
  range: NOT_NEGATIVE,
  source: "definition",
  create: () => accumulator([], (bar: Bar) => bar[name]),
});

/** Features 1–5: prices and volume as traded, stored raw. */
export const OHLCV: readonly Feature[] = [
  stored(1, "open", "first"),
  stored(2, "high", "dearest"),
  stored(3, "low", "cheapest"),
  stored(4, "close", "last"),
  {
    number: 5,
    name: "volume",
    family: "ohlcv",
    formula: "sum of the amounts traded in the bar; 0 when nothing traded",
    unit: "amount",
    inputs: ["trades"],
    lookbackBars: 1,
    warmUpBars: 0,
    nullRule: "none",
    range: NOT_NEGATIVE,
    source: "definition",
    create: () => accumulator([], (bar) => bar.volume),
  },
];
