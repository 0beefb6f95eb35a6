import fc from "fast-check";
import { expect, test } from "vitest";
import { exchangeSymbols } from "../core/symbols.js";
import {
  baseAmount,
  COINS,
  contractName,
  contractOf,
  isWorthKnown,
  notionalUsd,
} from "./contract.js";

const DERIVATIVES = ["binance-futures", "bybit", "deribit", "okex-swap", "bitmex"];
const SPOT = ["simulated", "binance", "bitstamp", "coinbase", "bitfinex"];

test("one unit of amount is what the exchange's specification says", () => {
  const sizes = DERIVATIVES.flatMap((exchange) =>
    exchangeSymbols(exchange, "BTC,ETH,SOL").map((symbol) => {
      const { kind, size } = contractOf(exchange, symbol);
      return `${exchange} ${symbol} ${kind} ${size}`;
    }),
  );
  expect(sizes).toEqual([
    "binance-futures BTCUSDT linear 1",
    "binance-futures ETHUSDT linear 1",
    "binance-futures SOLUSDT linear 1",
    "bybit BTCUSDT linear 1",
    "bybit ETHUSDT linear 1",
    "bybit SOLUSDT linear 1",
    "deribit BTC-PERPETUAL inverse 1",
    "deribit ETH-PERPETUAL inverse 1",
    "deribit SOL_USDC-PERPETUAL linear 1",
    "okex-swap BTC-USDT-SWAP linear 0.01",
    "okex-swap ETH-USDT-SWAP linear 0.1",
    "okex-swap SOL-USDT-SWAP linear 1",
    "bitmex XBTUSD inverse 1",
    "bitmex ETHUSD quanto 1",
    "bitmex SOLUSD quanto 1",
  ]);
  expect(contractOf("okex-swap", "BTC-USD-SWAP")).toEqual({ kind: "inverse", size: 100 });
  expect(contractOf("okex-swap", "ETH-USD-SWAP")).toEqual({ kind: "inverse", size: 10 });
  expect(contractOf("okex-swap", "SOL-USD-SWAP")).toEqual({ kind: "inverse", size: 10 });
});

test("amounts of a spot exchange are coins, whatever the market", () => {
  for (const exchange of SPOT) {
    for (const symbol of [...exchangeSymbols(exchange, "BTC,ETH,SOL"), "LTC-USD"]) {
      expect(contractOf(exchange, symbol)).toEqual(COINS);
    }
  }
});

test("a market that is in no table is not taken for coins, nor is one of an exchange that nobody knows", () => {
  for (const [exchange, symbol] of [
    ["okex-swap", "DOGE-USDT-SWAP"],
    ["binance-futures", "BTCUSDT_240628"],
    ["bybit", "BTCUSDZ24"],
    ["deribit", "BTC-27DEC24"],
    ["bitmex", "XBTUSDT"],
    ["kraken-futures", "PF_XBTUSD"],
    ["nowhere", "BTCUSDT"],
    ["constructor", "BTCUSDT"],
  ] as const) {
    const contract = contractOf(exchange, symbol);
    expect([exchange, symbol, contract.kind]).toEqual([exchange, symbol, "unknown"]);
    expect(isWorthKnown(contract)).toBe(false);
  }
  expect(isWorthKnown(contractOf("bitmex", "ETHUSD"))).toBe(false);
  expect(isWorthKnown(contractOf("bitmex", "XBTUSD"))).toBe(true);
  expect(isWorthKnown(COINS)).toBe(true);
});

test("by hand: five contracts of 0.01 coins at 60,000 are 3000 dollars, and so are thirty of 100 dollars", () => {
  const linear = contractOf("okex-swap", "BTC-USDT-SWAP");
  expect([baseAmount(linear, 60_000, 5), notionalUsd(linear, 60_000, 5)]).toEqual([0.05, 3000]);
  const inverse = contractOf("okex-swap", "BTC-USD-SWAP");
  expect([baseAmount(inverse, 60_000, 30), notionalUsd(inverse, 60_000, 30)]).toEqual([0.05, 3000]);
});

const positive = fc.double({ min: 1e-6, max: 1e6, noNaN: true });

test("of size 1 both are to the bit what they were without sizes", () => {
  fc.assert(
    fc.property(positive, positive, (price, amount) => {
      expect(baseAmount(COINS, price, amount)).toBe(amount);
      expect(notionalUsd(COINS, price, amount)).toBe(price * amount);
      const inverse = contractOf("bitmex", "XBTUSD");
      expect(baseAmount(inverse, price, amount)).toBe(amount / price);
      expect(notionalUsd(inverse, price, amount)).toBe(amount);
    }),
    { seed: 71 },
  );
});

test("what an amount is worth at a price is its coins at that price, of any kind and size", () => {
  const kinds = fc.constantFrom("linear" as const, "inverse" as const);
  fc.assert(
    fc.property(kinds, positive, positive, positive, (kind, size, price, amount) => {
      const contract = { kind, size };
      const ratio = notionalUsd(contract, price, amount) / price;
      expect(ratio / baseAmount(contract, price, amount)).toBeCloseTo(1, 12);
    }),
    { seed: 72 },
  );
});

test("contracts have one name exactly where they turn amounts into the same money", () => {
  const name = (exchange: string, symbol: string): string =>
    contractName(contractOf(exchange, symbol));
  // Stored features carry these names: of contracts of size 1 they must stay.
  expect(name("binance", "BTCUSDT")).toBe("linear");
  expect(name("bitmex", "XBTUSD")).toBe("inverse");
  expect(name("bitmex", "ETHUSD")).toBe("linear");
  expect(name("nowhere", "BTCUSDT")).toBe("linear");
  expect(name("okex-swap", "SOL-USDT-SWAP")).toBe("linear");
  expect(name("okex-swap", "BTC-USDT-SWAP")).toBe("linear of 0.01");
  expect(name("okex-swap", "BTC-USD-SWAP")).toBe("inverse of 100");
});
