import { expect, test } from "vitest";
import { OptionError } from "./errors.js";
import { coinOf, exchangeSymbols } from "./symbols.js";

test("coins become the exchange's own symbols, other names stay, doubles go", () => {
  expect(exchangeSymbols("binance", "BTC,eth, SOL")).toEqual(["BTCUSDT", "ETHUSDT", "SOLUSDT"]);
  expect(exchangeSymbols("bitmex", "BTC,XBTUSD")).toEqual(["XBTUSD"]);
  expect(exchangeSymbols("coinbase", "btc-usd")).toEqual(["BTC-USD"]);
});

test("a known market has one name, whichever separators it is written with", () => {
  expect(exchangeSymbols("bitfinex", "BTC-USD,BTCUSD,btc_usd,BTC")).toEqual(["BTCUSD"]);
  expect(exchangeSymbols("coinbase", "ethusd")).toEqual(["ETH-USD"]);
  expect(exchangeSymbols("okex-swap", "BTCUSDTSWAP")).toEqual(["BTC-USDT-SWAP"]);
  expect(exchangeSymbols("deribit", "SOL-USDC-PERPETUAL")).toEqual(["SOL_USDC-PERPETUAL"]);
  // Other markets of a known exchange, and all of an unknown one, keep what they are called.
  expect(exchangeSymbols("okex-swap", "BTC-USD-SWAP")).toEqual(["BTC-USD-SWAP"]);
  expect(exchangeSymbols("bitfinex", "LTC-USD")).toEqual(["LTC-USD"]);
  expect(exchangeSymbols("kraken", "BTC-USD")).toEqual(["BTC-USD"]);
});

test("a symbol leads back to its coin", () => {
  expect(coinOf("XBTUSD")).toBe("BTC");
  expect(coinOf("SOLUSDT")).toBe("SOL");
  expect(coinOf("DOGEUSDT")).toBe("DOGEUSDT");
});

test("names that could leave the store's folder or change a query are refused", () => {
  for (const name of ["../x", "/etc", "a b", "a'b", "a;--", ".hidden", "a\u0000b", "a/b", ""]) {
    expect(() => exchangeSymbols("binance", name)).toThrow(OptionError);
    expect(() => exchangeSymbols(name, "BTC")).toThrow(OptionError);
  }
  expect(() => exchangeSymbols("kraken", "BTC")).toThrow(/has no known name for that coin/);
});
