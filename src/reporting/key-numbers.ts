// The market of a range in one row a symbol.
import { isShortfall, type Shortfall } from "../core/shortfall.js";
import type { DelayQuantiles } from "./figures/latency-distribution.js";
import type { SpreadOverDay } from "./spread-profile.js";
import type { StoredVolume } from "./store-volumes.js";
import type { Table } from "./table.js";
import type { UpdateRates } from "./update-rates.js";

/** What the first look found; a part that is short of data leaves its cells empty. */
export interface FirstLook {
  readonly volumes: readonly StoredVolume[];
  readonly spread: SpreadOverDay | Shortfall;
  readonly rates: UpdateRates | Shortfall;
  readonly delays: readonly DelayQuantiles[] | Shortfall;
}

/** Rows, trades, median spread, busiest second and median delay of each symbol. */
export function keyNumbersTable({ volumes, spread, rates, delays }: FirstLook): Table {
  const symbols = [...new Set(volumes.map(({ symbol }) => symbol))];
  const rowsOf = (symbol: string, isCounted: (type: string) => boolean): number =>
    volumes
      .filter((volume) => volume.symbol === symbol && isCounted(volume.type))
      .reduce((sum, { rows }) => sum + rows, 0);
  const spreadOf = (symbol: string): number | null =>
    isShortfall(spread)
      ? null
      : (spread.profiles.find((profile) => profile.symbol === symbol)?.dayMedianBps ?? null);
  const peakOf = (symbol: string): number | null => {
    if (isShortfall(rates)) return null;
    const own = rates.streams.filter((stream) => stream.symbol === symbol);
    const sums = Array.from({ length: rates.bins.count }, (_, i) =>
      own.reduce((sum, { rowsPerSecond }) => sum + rowsPerSecond[i]!, 0),
    );
    return sums.length === 0 ? null : Math.max(...sums);
  };
  const delayOf = (symbol: string): number | null => {
    if (isShortfall(delays)) return null;
    const own = delays.find((delay) => delay.symbol === symbol);
    return own?.delayMs[own.levels.indexOf(0.5)] ?? null;
  };
  return {
    caption: "The market in a row",
    columns: [
      { name: "symbol" },
      { name: "rows" },
      { name: "trades" },
      { name: "median spread", unit: "bps" },
      { name: "busiest stretch", unit: "rows/s" },
      { name: "median delay", unit: "ms" },
    ],
    rows: symbols.map((symbol) => [
      symbol,
      rowsOf(symbol, () => true),
      rowsOf(symbol, (type) => type === "trades"),
      spreadOf(symbol),
      peakOf(symbol),
      delayOf(symbol),
    ]),
  };
}
