import { expect, test } from "vitest";
import { OptionError } from "../core/errors.js";
import { tableFilter } from "./table-filter.js";

test("no option takes all that was fetched, and --from alone takes its day", () => {
  expect(tableFilter({})).toEqual({});
  expect(tableFilter({ from: "2024-02-28" })).toEqual({ from: "2024-02-28", to: "2024-02-29" });
  expect(tableFilter({ to: "2024-02-29" })).toEqual({ to: "2024-02-29" });
  const range = { from: "2024-02-28", to: "2024-03-02" };
  expect(tableFilter(range)).toEqual(range);
});

test("symbols are the exchange's own, and a computed type takes computed tables", () => {
  expect(tableFilter({ exchange: "binance", symbols: "BTC,ETHUSDT" })).toEqual({
    exchange: "binance",
    symbols: ["BTCUSDT", "ETHUSDT"],
  });
  expect(tableFilter({ types: "trades, candles" })).toEqual({ types: ["trades", "candles"] });
  expect(tableFilter({ types: "trades,features" })).toEqual({
    types: ["trades", "features"],
    isAll: true,
  });
  expect(tableFilter({ all: true })).toEqual({ isAll: true });
});

test.each([
  [{ symbols: "BTC" }, /--symbols: was "BTC" without an exchange/],
  [{ from: "2024-02-30" }, /--from: was "2024-02-30"/],
  [{ to: "yesterday" }, /--to: was "yesterday"/],
  [{ from: "2024-02-02", to: "2024-02-02" }, /--to: was "2024-02-02", which is not after --from/],
  [{ types: "trades,trade" }, /--types: was "trade", which is no type of table; use one of trades/],
  [{ types: "" }, /--types: was ""/],
  [{ exchange: "binance", symbols: "../BTC" }, /--symbols: was/],
])("%j is refused with the option and how to mend it", (flags, message) => {
  expect(() => tableFilter(flags)).toThrow(OptionError);
  expect(() => tableFilter(flags)).toThrow(message);
});
