// How often was the rebuilt book the book that the exchange quotes, hour by hour?
import type { AuditResult } from "../audit/audit.js";
import { AUDIT_SETTINGS, type AuditSettings } from "../audit/settings.js";
import { type Shortfall, shortfall } from "../core/shortfall.js";

/** Shares of one symbol's book states, by hour. */
export interface QuoteAgreement {
  readonly symbol: string;
  /** Starts of the hours that have states to compare, µs. */
  readonly hourUs: Float64Array;
  readonly compared: Float64Array;
  /** Share of states whose best prices stand in the quotes, and whose best prices and amounts do. */
  readonly pricesShare: Float64Array;
  readonly allShare: Float64Array;
}

/** The agreement of all symbols, beside the law that it is held against. */
export interface QuoteAgreements {
  readonly bySymbol: readonly QuoteAgreement[];
  readonly law: Pick<AuditSettings["quoteMismatch"], "pricesShare" | "allShare">;
}

/**
 * Agreement of books with quotes, by symbol and hour, from the counts that the audit stores.
 *
 * @param settings - thresholds in force
 * @returns what is missing where no hour has both a book and quotes
 */
export function quoteAgreement(
  { symbols, hours }: AuditResult,
  { quoteMismatch }: Pick<AuditSettings, "quoteMismatch"> = AUDIT_SETTINGS,
): QuoteAgreements | Shortfall {
  const bySymbol = symbols.flatMap((symbol): readonly QuoteAgreement[] => {
    const own = hours.filter((hour) => hour.symbol === symbol && (hour.quotes?.compared ?? 0) > 0);
    if (own.length === 0) return [];
    const column = (of: (hour: (typeof own)[number]) => number): Float64Array =>
      Float64Array.from(own, of);
    return [
      {
        symbol,
        hourUs: column(({ hourUs }) => hourUs),
        compared: column(({ quotes }) => quotes!.compared),
        pricesShare: column(({ quotes }) => quotes!.pricesEqual / quotes!.compared),
        allShare: column(({ quotes }) => quotes!.allEqual / quotes!.compared),
      },
    ];
  });
  if (bySymbol.length > 0) return { bySymbol, law: quoteMismatch };
  const what = "hours with both a book and quotes";
  return shortfall({ step: "hold the book against quotes", what, has: 0, needs: 1 });
}
