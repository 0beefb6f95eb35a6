// What do features tell of returns, in figures?
import { isShortfall, type Shortfall } from "../../core/shortfall.js";
import type { Table } from "../table.js";
import {
  bySureness,
  hasInterval,
  type Information,
  isBeyond,
  MISS_RATE,
} from "./feature-information.js";

/** Rows of the table. */
const SHOWN = 12;

/** The coefficients that chance explains least. */
export function informationTable({ coefficients, latencyMs }: Information): Table {
  const rows = coefficients.filter(isBeyond).sort(bySureness).slice(0, SHOWN);
  return {
    caption: "The surest coefficients",
    columns: [
      { name: "symbol" },
      { name: "feature", kind: "code" },
      { name: "family", kind: "short" },
      { name: "horizon", unit: "bars" },
      { name: "coefficient", digits: 3 },
      { name: "95 % interval", kind: "aside" },
      { name: `${latencyMs} ms later`, digits: 3 },
      { name: "independent rows", digits: 0 },
      { name: "holds among all" },
    ],
    rows: rows.map((one) => [
      one.symbol,
      one.feature,
      one.family,
      one.horizonBars,
      one.value,
      `${one.low.toFixed(3)} to ${one.high.toFixed(3)}`,
      one.afterLatency,
      Math.round(one.effectiveRows),
      one.holds ? "yes" : "no",
    ]),
  };
}

/** Every coefficient that has an interval, as columns: what arquero counts. */
export interface CountedCoefficients {
  readonly symbol: readonly string[];
  readonly horizon: readonly number[];
  readonly beyond: readonly boolean[];
  readonly holds: readonly boolean[];
  /** How often chance alone would put it beyond zero. */
  readonly byChance: readonly number[];
}

/** Coefficients by symbol and horizon; empty columns where there are none. */
export function countedCoefficients(information: Information | Shortfall): CountedCoefficients {
  const all = isShortfall(information) ? [] : information.coefficients.filter(hasInterval);
  return {
    symbol: all.map(({ symbol }) => symbol),
    horizon: all.map(({ horizonBars }) => horizonBars),
    beyond: all.map(isBeyond),
    holds: all.map(({ holds }) => holds),
    byChance: all.map(() => MISS_RATE),
  };
}
