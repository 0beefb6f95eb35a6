// Is the book rebuilt from its changes the book that the exchange quotes?
import type { BookQuoteComparison } from "../market/book-equals-quotes.js";
import { type CheckResult, CLEAN } from "./finding.js";
import type { AuditSettings } from "./settings.js";

/**
 * The book law: best prices equal the exchange's quotes in 99.9 % of states, prices and amounts in 94 %.
 *
 * @param hours - starts of the hours that have a book, µs; a breach is marked in all of them
 */
export function quoteMismatch(
  { compared, pricesEqual, allEqual, firstUnequalUs }: BookQuoteComparison,
  hours: Iterable<number>,
  settings: AuditSettings,
): CheckResult {
  if (compared === 0) return CLEAN;
  const prices = pricesEqual / compared;
  const amounts = allEqual / compared;
  const isLawful = prices >= settings.quotePrices && amounts >= settings.quoteAmounts;
  if (isLawful) return CLEAN;
  const isFatal = prices < settings.quoteFatal;
  const detail =
    `of ${compared} book states ${percent(prices)} have the quotes' prices ` +
    `and ${percent(amounts)} prices and amounts`;
  const finding = {
    check: "quote-mismatch",
    type: "incremental_book_L2",
    count: Math.max(1, compared - pricesEqual),
    firstUs: firstUnequalUs,
    isFatal,
    value: prices,
    unit: "share",
    detail,
  } as const;
  const verdict = isFatal ? "bad" : "usable";
  const marks = [...hours].map((hourUs) => ({ hourUs, verdict, reason: detail }) as const);
  return { findings: [finding], marks };
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}
