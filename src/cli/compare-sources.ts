import { compareWithCandles, type SourceComparison } from "../audit/sources/compare-sources.js";
import { isShortfall, type Shortfall, shortfallText } from "../core/shortfall.js";
import { agreementTable, sourceFindings, sourceTable } from "../reporting/source-report.js";
import { tableText } from "../reporting/table.js";
import { symbolAt } from "../store/candle-source.js";
import type { Store } from "../store/store.js";
import type { CommandContext } from "./command.js";

/** A comparison as JSON holds it: every figure, and not the minutes behind them. */
type ComparisonFigures = Omit<SourceComparison, "columns">;

/** Symbols of an exchange over some days. */
interface SourceRange {
  readonly exchange: string;
  readonly symbols: readonly string[];
  readonly days: readonly string[];
}

/**
 * Checks the exchange whose candles are asked for, before anything is read.
 *
 * @throws {OptionError} it is no name, or that exchange has no known symbol of a coin
 */
export function requireCandleSource(
  { exchange, symbols }: SourceRange,
  source: string | true | undefined,
): void {
  if (typeof source !== "string") return;
  for (const symbol of symbols) symbolAt(source, { exchange, symbol });
}

/**
 * Holds stored ticks against stored candles, as `audit --compare` does.
 *
 * @param market - whose ticks, which days
 * @param source - whose candles; true takes those that are there
 * @returns a comparison for each symbol; what is missing where there are no candles
 * @throws {OptionError} a name is none, or that exchange has no known symbol of a coin
 * @throws {DataError} a partition is damaged
 */
export async function compareAndSay(
  store: Store,
  market: SourceRange,
  source: string | true,
  { say, progress }: Pick<CommandContext, "say" | "progress">,
): Promise<readonly ComparisonFigures[] | Shortfall> {
  const found = await compareWithCandles(store, {
    ...market,
    ...(source === true ? {} : { candles: source }),
    onProgress: (done, total) => progress(done, total, "symbols compared"),
  });
  if (isShortfall(found)) {
    say(shortfallText(found));
    return found;
  }
  const words = sourceFindings(found).replaceAll("**", "");
  for (const text of [words, tableText(sourceTable(found)), tableText(agreementTable(found))]) {
    say(text);
    say("");
  }
  return found.map(({ columns: _columns, ...figures }) => figures);
}
