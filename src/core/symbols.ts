import { OptionError } from "./errors.js";

/** The coins the workbench is about, and what each exchange calls them. */
const SYMBOLS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  simulated: { BTC: "BTCUSDT", ETH: "ETHUSDT", SOL: "SOLUSDT" },
  binance: { BTC: "BTCUSDT", ETH: "ETHUSDT", SOL: "SOLUSDT" },
  "binance-futures": { BTC: "BTCUSDT", ETH: "ETHUSDT", SOL: "SOLUSDT" },
  bitstamp: { BTC: "BTCUSD", ETH: "ETHUSD", SOL: "SOLUSD" },
  bitmex: { BTC: "XBTUSD", ETH: "ETHUSD", SOL: "SOLUSD" },
  coinbase: { BTC: "BTC-USD", ETH: "ETH-USD", SOL: "SOL-USD" },
  bitfinex: { BTC: "BTCUSD", ETH: "ETHUSD", SOL: "SOLUSD" },
  deribit: { BTC: "BTC-PERPETUAL", ETH: "ETH-PERPETUAL", SOL: "SOL_USDC-PERPETUAL" },
  bybit: { BTC: "BTCUSDT", ETH: "ETHUSDT", SOL: "SOLUSDT" },
  "okex-swap": { BTC: "BTC-USDT-SWAP", ETH: "ETH-USDT-SWAP", SOL: "SOL-USDT-SWAP" },
};

/** The exchange name that simulated data carries everywhere, so that it can never pass for real. */
export const SIMULATED_EXCHANGE = "simulated";

/** Coins by the names researchers use. */
const COINS: readonly string[] = ["BTC", "ETH", "SOL"];

/**
 * Symbols as the vendor's files are called, from coins (`BTC`) or the exchange's own names (`BTCUSDT`, `XBT/USD`): as there,
 * `/` and `:` become `-`. A market in the table is known by other separators too (`BTC-USD` where the exchange says
 * `BTCUSD`), so that none is stored under two names.
 *
 * @param exchange - the vendor's exchange id
 * @param names - comma-separated, upper or lower case
 * @throws {OptionError} a name holds characters that no symbol has, or a coin is not in the exchange's table
 */
export function exchangeSymbols(exchange: string, names: string): readonly string[] {
  requireName("--exchange", exchange);
  const table = SYMBOLS[exchange];
  const symbols = names
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "")
    .map((name) => {
      const symbol = fileName(name).toUpperCase();
      if (!COINS.includes(symbol)) return ownName(symbol, table);
      const own = table?.[symbol];
      if (own !== undefined) return own;
      throw new OptionError({
        column: "--symbols",
        message: `was "${name}", and ${exchange} has no known name for that coin`,
        fix: "give the exchange's own symbol, for example BTCUSDT",
      });
    });
  if (symbols.length === 0) {
    throw new OptionError({
      column: "--symbols",
      message: "was empty",
      fix: "name at least one, for example BTC,ETH",
    });
  }
  return [...new Set(symbols)];
}

function ownName(symbol: string, table: Readonly<Record<string, string>> | undefined): string {
  const letters = (name: string): string => name.replace(/[._-]/g, "");
  const known = Object.values(table ?? {}).find((own) => letters(own) === letters(symbol));
  return known ?? symbol;
}

/** What an exchange calls a coin's symbol, back to the coin; the symbol itself when it is not in the table. */
export function coinOf(symbol: string): string {
  for (const coin of COINS) {
    if (Object.values(SYMBOLS).some((table) => table[coin] === symbol)) return coin;
  }
  return symbol;
}

/** A symbol with `-` for its `/` and `:`. What stands between them must be names, so that no path is taken for a symbol. */
function fileName(symbol: string): string {
  const mapped = symbol.replace(/[/:]/g, "-");
  const isSpelling = symbol.split(/[/:]/).every(isName);
  requireName("--symbols", isSpelling && isName(mapped) ? mapped : symbol);
  return mapped;
}

/** Names become folders: only letters, digits and `. _ -` pass, and no name begins with a dot. */
function isName(name: string): boolean {
  return /^[A-Za-z0-9_][A-Za-z0-9._-]{0,63}$/.test(name);
}

function requireName(option: string, name: string): void {
  if (isName(name)) return;
  throw new OptionError({
    column: option,
    message: `was ${JSON.stringify(name)}, which no exchange or symbol is called`,
    fix: "use the vendor's name, for example binance or BTCUSDT",
  });
}
