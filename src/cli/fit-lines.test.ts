import { expect, test } from "vitest";
import { persistentMarket } from "../evaluation/test-persistent-market.js";
import { FINAL_SETTINGS } from "../training/settings.js";
import { coverageLine, leftOutLine } from "./fit-lines.js";

test("features without values are told with the reason: few days, or a price that never moves", () => {
  const market = persistentMarket(1, 1);
  expect(leftOutLine(market)).toBeUndefined();
  const young = { ...market, leftOut: ["rsi_14", "vol_60"] };
  expect(leftOutLine(young)).toBe(
    "features left out, for which the days are too few or the bars too long: rsi_14, vol_60",
  );
  const entryPrice = market.entryPrice.map((price, row) => {
    return market.symbolIndex[row] === 1 && row % 7 > 0 ? 100 : price;
  });
  expect(leftOutLine({ ...young, entryPrice })).toBe(leftOutLine(young));
  const still = market.entryPrice.map((price, row) =>
    market.symbolIndex[row] === 1 ? 100 : price,
  );
  expect(leftOutLine({ ...young, entryPrice: still })).toBe(
    "features left out, for which the price of ETHUSDT never moves, the days are too few or the bars too long: rsi_14, vol_60",
  );
});

test("a share of bars far from the one asked for is told, and why where probabilities tie", () => {
  const asked = { ...FINAL_SETTINGS, coverage: 0.2 };
  for (const near of [0.16, 0.2, 0.24]) expect(coverageLine(asked, near)).toBeUndefined();
  expect(coverageLine(FINAL_SETTINGS, 0.3)).toBeUndefined();
  expect(coverageLine(asked, 0.531)).toBe(
    "COVERAGE: acts on 53.1 % of test bars, where 20.0 % were asked for",
  );
  expect(coverageLine(asked, 0)).toContain("acts on 0.0 % of test bars");
  expect(coverageLine({ ...asked, coverage: 1e-7 }, 0.0004)).toBe(
    "COVERAGE: acts on less than 0.1 % of test bars, where less than 0.1 % were asked for",
  );
  expect(coverageLine({ ...asked, calibrator: "isotonic" }, 0.531)).toMatch(/all that tie at the/);
});
