import { expect, test } from "vitest";
import { persistentMarket } from "../evaluation/test-persistent-market.js";
import { FINAL_SETTINGS } from "../training/settings.js";
import { coverageLine, halvesLine, leftOutLine, memberLines, stopRowsLine } from "./fit-lines.js";

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

test("each member of an ensemble is told by weight and voice, and one that is left out aloud", () => {
  expect(memberLines([])).toEqual([]);
  const line = { name: "logistic@0a1b2c3d4e5f", weights: [0.4312], voices: [0.5549] };
  const quiet = { name: "mlp@0a1b2c3d4e5f", weights: [0.0031], voices: [0.0004] };
  const none = { name: "lstm@0a1b2c3d4e5f", weights: [0], voices: [0] };
  expect(memberLines([line, quiet, none])).toEqual([
    "member logistic@0a1b2c3d4e5f: weight 0.43, 55 % of what is said",
    "member mlp@0a1b2c3d4e5f: weight below 0.01, 0 % of what is said",
    "member lstm@0a1b2c3d4e5f: weight 0, 0 % of what is said: LEFT OUT, the others are better without it",
  ]);
  const folds = { ...line, weights: [0.4312, 0, 1], voices: [0.5, 0, 1] };
  expect(memberLines([folds])).toEqual([
    "member logistic@0a1b2c3d4e5f: weight 0.43, 0, 1.00 by fold, 50, 0, 100 % of what is said",
  ]);
});

test("the bars that each half of an ensemble rests on are told, those of all folds together", () => {
  expect(halvesLine([{}])).toBeUndefined();
  const ensemble = { firstRows: 1000, purgedRows: 15, secondRows: 1015, voices: [1] };
  expect(halvesLine([{ ensemble }, { ensemble }])).toBe(
    "of the calibration slice 2,000 bars are what members are calibrated on, and the 2,030 after them what weights and the ensemble's calibrator are fitted on; 30 between are left out, since their labels reach across",
  );
});

test("tries whose losses are means over different rows are told so", () => {
  const tries = (...rows: readonly number[]) => rows.map((stopRows) => ({ stopRows }));
  expect(stopRowsLine(tries(1400, 1400))).toBeUndefined();
  expect(stopRowsLine(tries(1400, 1190, 1400))).toBe(
    "OTHER ROWS: early-stop losses are means over 1,190 to 1,400 bars, since a longer window leaves out bars after gaps; part of what lies between tries may be these",
  );
});
