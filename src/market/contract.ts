// What is an amount of a market worth? The only place that knows.

/** How amounts of a market become money. */
export interface Contract {
  /**
   * Amounts of a linear contract are of the base currency, those of an inverse one of US dollars. What an amount of a quanto
   * one is worth follows the price of a third coin; of an unknown one nobody has said it.
   */
  readonly kind: "linear" | "inverse" | "quanto" | "unknown";
  /**
   * What one unit of amount is: base currency, or US dollars of an inverse contract. It is 1 where the worth is not known, so
   * that sums are right but for a factor.
   */
  readonly size: number;
}

/** Amounts in base currency: of spot markets, and of most perpetuals in US dollar coins. */
export const COINS: Contract = linear(1);

/** Exchanges of the vendor where nothing but coins is traded. */
const SPOT: ReadonlySet<string> = new Set([
  ...["simulated", "binance", "binance-jersey", "binance-us", "bitfinex", "bitstamp", "bybit-spot"],
  ...["coinbase", "gate-io", "gemini", "huobi", "kraken", "kucoin", "okcoin", "okex", "poloniex"],
  "upbit",
]);

/**
 * Contracts by the exchanges' public specifications: Binance, USDⓈ-M Futures contract specifications (quantities in the base
 * asset); Bybit, contract details of USDT and USDC perpetuals (the same); Deribit, contract specifications (amounts of inverse
 * perpetuals in US dollars, of linear ones in the base currency); OKX, contract value `ctVal` of `GET /public/instruments`; BitMEX,
 * contract guides (XBTUSD: 1 US dollar a contract; ETHUSD and SOLUSD: quanto, a fixed amount of bitcoin a dollar of the price).
 */
const CONTRACTS: ReadonlyMap<string, readonly (readonly [market: RegExp, contract: Contract])[]> =
  new Map([
    ["binance-futures", [[/^[A-Z0-9]+USD[TC]$/, COINS]]],
    ["bybit", [[/^[A-Z0-9]+(USDT|PERP)$/, COINS]]],
    [
      "deribit",
      [
        [/^(BTC|ETH)-PERPETUAL$/, inverse(1)],
        [/^[A-Z0-9]+_USDC-PERPETUAL$/, COINS],
      ],
    ],
    [
      "okex-swap",
      [
        [/^BTC-USDT-SWAP$/, linear(0.01)],
        [/^ETH-USDT-SWAP$/, linear(0.1)],
        [/^SOL-USDT-SWAP$/, linear(1)],
        [/^BTC-USD-SWAP$/, inverse(100)],
        [/^(ETH|SOL)-USD-SWAP$/, inverse(10)],
      ],
    ],
    [
      "bitmex",
      [
        [/^XBTUSD$/, inverse(1)],
        [/^(ETH|SOL)USD$/, { kind: "quanto", size: 1 }],
      ],
    ],
  ]);

/** The contract of a market. A market in no table is coins on a spot exchange, and unknown elsewhere. */
export function contractOf(exchange: string, symbol: string): Contract {
  if (SPOT.has(exchange)) return COINS;
  const found = CONTRACTS.get(exchange)?.find(([market]) => market.test(symbol));
  return found?.[1] ?? { kind: "unknown", size: 1 };
}

/** Whether it is known what an amount is worth in US dollars, without which no order can be filled from a book. */
export function isWorthKnown({ kind }: Contract): boolean {
  return kind === "linear" || kind === "inverse";
}

/** An amount in base currency. */
export function baseAmount({ kind, size }: Contract, price: number, amount: number): number {
  return kind === "inverse" ? (size * amount) / price : size * amount;
}

/** What an amount is worth at a price, US dollars; only in proportion to it where the worth is not known. */
export function notionalUsd({ kind, size }: Contract, price: number, amount: number): number {
  return kind === "inverse" ? size * amount : price * (size * amount);
}

/** Contracts have one name where they turn amounts into the same numbers. Stored features carry it: it must stay. */
export function contractName({ kind, size }: Contract): string {
  const rule = kind === "inverse" ? "inverse" : "linear";
  return size === 1 ? rule : `${rule} of ${size}`;
}

function linear(size: number): Contract {
  return { kind: "linear", size };
}

function inverse(size: number): Contract {
  return { kind: "inverse", size };
}
