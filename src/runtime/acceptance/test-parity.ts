// For tests only: what a comparison says where nothing differs.
import { COMPARED } from "./compare-bars.js";
import type { Parity } from "./parity.js";
import type { SymbolParity } from "./parity-findings.js";

/** Nothing of any part. */
export const NO_DIFFERENCES = Object.fromEntries(
  COMPARED.map((part) => [part, 0]),
) as Parity["differences"];

/** A symbol of a replay in which nothing differs. */
export function equalSymbol(symbol: string, bars: number): SymbolParity {
  return { symbol, bars, differentBars: 0, differences: NO_DIFFERENCES, stream: null };
}

/** A replay in which nothing differs; every symbol has as many bars. */
export function equalParity(run: string, symbols: readonly string[], bars: number): Parity {
  return {
    ...{ run, model: "logistic@0", isExact: true, bars: bars * symbols.length },
    symbols: symbols.map((symbol) => equalSymbol(symbol, bars)),
    ...{ differentBars: 0, first: null, circumstances: {}, missingDays: [], apartDays: [] },
    ...{ differences: NO_DIFFERENCES, distances: null },
  };
}
