import { expect, test } from "vitest";
import { DataError } from "../core/errors.js";
import { COINS, contractOf } from "../market/contract.js";
import { createFeatureEngine, type EngineState } from "./engine.js";
import { settingsOrigin } from "./feature-partition.js";

const engine = (contract = COINS) => createFeatureEngine(() => {}, { contract });
const contracts = contractOf("okex-swap", "BTC-USDT-SWAP");

/** As it comes back from the store. */
const stored = (state: EngineState): EngineState => JSON.parse(JSON.stringify(state));

test("a saved state names its contract, and goes on under the same one alone", () => {
  const state = stored(engine().save());
  // Stores are full of states with this name.
  expect(state.settings.contract).toBe("linear");
  engine().restore(state);
  expect(() => engine(contracts).restore(state)).toThrow(DataError);
  const ofContracts = stored(engine(contracts).save());
  engine(contracts).restore(ofContracts);
  expect(() => engine().restore(ofContracts)).toThrow(DataError);
});

test("features made when contracts were taken for coins are not those of the contracts", () => {
  const settings = { barUs: 60e6, staleAfterUs: 60e6, bookSource: "incremental_book_L2" } as const;
  const contractIn = (exchange: string, symbol: string): string =>
    settingsOrigin({ exchange, symbol, date: "2024-03-01" }, settings).contract;
  expect(contractIn("okex-swap", "BTC-USDT-SWAP")).toBe("linear of 0.01");
  expect(contractIn("okex-swap", "BTC-USD-SWAP")).toBe("inverse of 100");
  // What was right stays as it is.
  expect(contractIn("binance-futures", "BTCUSDT")).toBe("linear");
  expect(contractIn("bitmex", "XBTUSD")).toBe("inverse");
});
