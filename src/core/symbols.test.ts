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

test("/ and : of the vendor's own spelling become -, as in the names of its files", () => {
  expect(exchangeSymbols("kraken", "XBT/USD,XBT-USD")).toEqual(["XBT-USD"]);
  expect(exchangeSymbols("bitfinex-derivatives", "btcf0:ustf0")).toEqual(["BTCF0-USTF0"]);
  expect(exchangeSymbols("kraken", "a/b:c/1.5_x")).toEqual(["A-B-C-1.5_X"]);
});

test("what only looks like such a spelling is refused and not mapped", () => {
  const longest = `${"a".repeat(31)}/${"b".repeat(32)}`;
  expect(exchangeSymbols("kraken", longest)).toEqual([longest.replace("/", "-").toUpperCase()]);
  for (const name of [
    ...["../../etc", "..", "../x", "x/..", "x/../y", "a/.b", "a/./b", "./a", "/etc", "/etc/passwd"],
    ...["//etc", "a//b", "a/", "/", ":", "a:", ":a", "C:/x", "C:\\x", "a\\b", "file:///etc", "~/x"],
    ...[
      "a/b\u0000",
      "a\u0000/b",
      "a/b c",
      "a/-b",
      "-a/b",
      "a／b",
      "a∕b",
      "a%2fb",
      "a/b'",
      "a/b;--",
    ],
    `${longest}c`,
  ]) {
    expect([name, thrown(name)]).toEqual([name, expect.any(OptionError)]);
  }
});

function thrown(name: string): unknown {
  try {
    return exchangeSymbols("kraken", name);
  } catch (error) {
    return error;
  }
}

test("a symbol leads back to its coin", () => {
  expect(coinOf("XBTUSD")).toBe("BTC");
  expect(coinOf("SOLUSDT")).toBe("SOL");
  expect(coinOf("DOGEUSDT")).toBe("DOGEUSDT");
});

test("names that could leave the store's folder or change a query are refused", () => {
  for (const name of ["../x", "/etc", "a b", "a'b", "a;--", ".hidden", "a\u0000b", ""]) {
    expect(() => exchangeSymbols("binance", name)).toThrow(OptionError);
    expect(() => exchangeSymbols(name, "BTC")).toThrow(OptionError);
  }
  expect(() => exchangeSymbols("a/b", "BTC")).toThrow(OptionError);
  expect(() => exchangeSymbols("kraken", "BTC")).toThrow(/has no known name for that coin/);
});
