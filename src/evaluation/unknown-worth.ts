// Can the books of some rows be traded on, or does nobody know what their amounts are worth?
import type { Dataset } from "../dataset/matrix.js";
import { contractOf, isWorthKnown } from "../market/contract.js";

/** Why books cannot be traded on, and what to do; phrases. */
export interface UnknownWorth {
  readonly why: string;
  readonly fix: string;
}

/**
 * What stands against trading on the books of some rows.
 *
 * @returns undefined where the worth of an amount is known of every market among them
 */
export function unknownWorth(
  { exchange, symbols, symbolIndex }: Pick<Dataset, "exchange" | "symbols" | "symbolIndex">,
  rows: Uint32Array,
): UnknownWorth | undefined {
  const numbers = new Set(Array.from(rows, (row) => symbolIndex[row]!));
  const traded = symbols.filter((_, i) => numbers.has(i));
  const unknown = traded.filter((symbol) => !isWorthKnown(contractOf(exchange, symbol)));
  if (unknown.length === 0) return undefined;
  const isQuanto = unknown.every((symbol) => contractOf(exchange, symbol).kind === "quanto");
  const markets = `${unknown.join(", ")} on ${exchange}`;
  if (isQuanto) {
    return {
      why: `amounts of ${markets} are quanto contracts, of which it is not known what they are worth in US dollars`,
      fix: "evaluate a market whose contract is linear or inverse",
    };
  }
  return {
    why: `it is not known what amounts of ${markets} are: coins, dollars or contracts`,
    fix: "evaluate a market that src/market/contract.ts has, or add its contract there as the exchange specifies it",
  };
}
