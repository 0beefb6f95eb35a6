import type { SymbolDay } from "../../store/read.js";
import type { Store } from "../../store/store.js";
import { barName } from "../bar-length.js";
import { checkSymbol, type ReturnSettings, type SymbolCheck } from "./check-symbol.js";
import type { FeatureFinding } from "./finding.js";
import { type OverallCheck, overSymbols } from "./over-symbols.js";
import { symbolColumns } from "./symbol-columns.js";

/** What all checks of stored features found. */
export interface FeatureChecks {
  /** Name of the bars' length. */
  readonly bar: string;
  /** Bars ahead that returns look, and milliseconds from a bar's end that the delayed ones begin. */
  readonly horizons: readonly number[];
  readonly latencyMs: number;
  readonly rows: number;
  /** Each feature over all symbols, in the catalogue's order. */
  readonly overall: readonly OverallCheck[];
  readonly symbols: readonly SymbolCheck[];
  /** Faults first. */
  readonly findings: readonly FeatureFinding[];
}

/** Horizons that features are compared with, in bars. */
export const HORIZONS: readonly number[] = [1, 5, 15, 60];

/** What a label's mid waits for by default, µs. */
const LATENCY_US = 500_000;

/**
 * Checks stored features as they were written: ranges and mask bits, what is missing by cause, constancy, drift between
 * halves, information coefficients by lag, and features that say the same. Symbols are held one at a time.
 *
 * @param partitions - days whose features are stored
 * @param barUs - length of a bar, µs
 * @param options.horizons - bars ahead that returns look
 * @param options.latencyUs - from a bar's end until a decision of it is executed, µs
 * @param options.progress - told after each symbol
 * @throws {DataError} a partition is missing or damaged
 */
export async function checkFeatures(
  store: Store,
  partitions: readonly SymbolDay[],
  barUs: number,
  {
    horizons = HORIZONS,
    latencyUs = LATENCY_US,
    progress,
  }: Partial<ReturnSettings> & {
    readonly progress?: (done: number, total: number) => void;
  } = {},
): Promise<FeatureChecks> {
  const markets = new Map<string, SymbolDay[]>();
  for (const day of partitions) {
    const key = `${day.exchange} ${day.symbol}`;
    markets.set(key, [...(markets.get(key) ?? []), day]);
  }
  const symbols: SymbolCheck[] = [];
  for (const days of markets.values()) {
    const dates = days.map(({ date }) => date).sort();
    const columns = await symbolColumns(store, days[0]!, dates, barUs);
    symbols.push(await checkSymbol(store, columns, { horizons, latencyUs }));
    progress?.(symbols.length, markets.size);
  }
  const findings = symbols.flatMap((symbol) => symbol.findings);
  return {
    ...{ bar: barName(barUs), horizons, latencyMs: latencyUs / 1000 },
    rows: symbols.reduce((sum, { rows }) => sum + rows, 0),
    overall: overSymbols(symbols, horizons),
    symbols,
    findings: [
      ...findings.filter(({ severity }) => severity === "fault"),
      ...findings.filter(({ severity }) => severity === "review"),
    ],
  };
}
