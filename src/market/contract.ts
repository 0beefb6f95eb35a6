/** How an amount becomes money: linear amounts are base currency, inverse ones are US dollars. */
export type Contract = "linear" | "inverse";

/** Contracts whose amounts are in US dollars, by exchange. */
const INVERSE: Readonly<Record<string, readonly string[]>> = {
  bitmex: ["XBTUSD"],
  deribit: ["BTC-PERPETUAL", "ETH-PERPETUAL"],
  "okex-swap": ["BTC-USD-SWAP", "ETH-USD-SWAP", "SOL-USD-SWAP"],
};

/** Which kind of contract a symbol is; spot and everything not in the table is linear. */
export function contractOf(exchange: string, symbol: string): Contract {
  return INVERSE[exchange]?.includes(symbol) ? "inverse" : "linear";
}
