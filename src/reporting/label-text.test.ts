import { expect, test } from "vitest";
import { MINUTE_US, SECOND_US } from "../core/time.js";
import { trialFacts } from "../registry/trial-facts.js";
import { labelClause, labelText, predictsText, rungName } from "./label-text.js";

const DIRECTION = { kind: "direction" } as const;
const BARRIERS = { kind: "triple-barrier", deviations: 1, volatilityBars: 60 } as const;

test("a label's words name its rule, its price and its horizon", () => {
  const direction = { labelKind: "mid", labelRule: DIRECTION, horizonUs: 5 * SECOND_US } as const;
  expect(labelText(direction)).toBe("direction of the mid over 5 s");
  expect(labelClause(direction)).toBe("which way the mid goes over 5 s");
  const barriers = { labelKind: "close", labelRule: BARRIERS, horizonUs: 15 * MINUTE_US } as const;
  expect(labelText(barriers)).toBe("triple barrier of the close within 15 min");
  expect(labelClause(barriers)).toMatch(
    /^which barrier the close meets first \(triple barrier: 1 deviation of the horizon's return, taken from the last 60 bars, .* 15 min/,
  );
});

test("what a bundle says is said with SIMULATED or REAL, and with BOUNCE-PRONE on closes", () => {
  const content = {
    exchange: "bitfinex",
    symbols: ["BTCUSD"],
    labelKind: "close",
    labelRule: DIRECTION,
    horizonUs: 15 * MINUTE_US,
    origin: { source: "candles", cut: { window: "rolling" } },
    featureNames: ["close", "volume"],
  };
  expect(trialFacts(content)).toEqual({
    exchange: "bitfinex",
    symbols: ["BTCUSD"],
    labelKind: "close",
    labelRule: DIRECTION,
    horizonUs: 15 * MINUTE_US,
    source: "candles",
    window: "rolling",
    features: 2,
  });
  expect(predictsText(trialFacts(content))).toBe(
    "REAL bitfinex BTCUSD from candles, BOUNCE-PRONE: direction of the close over 15 min",
  );
  const simulated = { ...content, exchange: "simulated", labelKind: "mid", labelRule: BARRIERS };
  expect(predictsText(trialFacts(simulated))).toBe(
    "SIMULATED simulated BTCUSD from candles, triple barrier of the mid within 15 min",
  );
});

test("the first rung is called after the price it trades at, which is a book's mid where there are books", () => {
  const candles = [{ name: "mid" }, { name: "costs" }];
  const books = ["mid", "touch", "book", "latency", "costs"].map((name) => ({ name }));
  const names = (["close", "mid"] as const).map((labelKind) =>
    [candles, books].map((rungs) => rungName("mid", { labelKind, rungs })),
  );
  expect(names).toEqual([
    ["close", "mid"],
    ["mid", "mid"],
  ]);
  expect(rungName("costs", { labelKind: "close", rungs: candles })).toBe("costs");
});

test("a bundle that cannot be read, or holds something else, gives no facts", () => {
  for (const content of [
    undefined,
    {},
    { exchange: 3, origin: "none", labelRule: { kind: "x" } },
  ]) {
    expect(trialFacts(content)).toEqual({});
  }
  expect(predictsText({})).toBe("—");
});
