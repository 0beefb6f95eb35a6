import { expect, test } from "vitest";
import { numbersToText } from "../../core/exact-numbers.js";
import { seededRandom } from "../../core/random.js";
import { FEATURES } from "../../features/catalogue.js";
import type { DecisionRecord } from "../records.js";
import { STREAM_BOUNDS, streamShares, symbolFaults } from "./parity-faults.js";
import { ParityFindings, type SymbolParity } from "./parity-findings.js";

const BARS = 4000;
const random = seededRandom(5, "parity of streams");

/** A score and another one that correlates with it. */
function scores(correlation: number): readonly [number, number] {
  const one = random.normal();
  return [one, correlation * one + Math.sqrt(1 - correlation ** 2) * random.normal()];
}

/** A stream of which values and scores correlate so with the store's; the surest bars are staked. */
function stream(
  correlation: number,
  { limit, bars = BARS }: { readonly limit: number; readonly bars?: number },
): SymbolParity {
  const found = new ParityFindings({ isExact: false });
  const side = (score: number): 1 | 0 | -1 => (score > limit ? 1 : score < -limit ? -1 : 0);
  found.begin("BTCUSDT");
  for (let bar = 0; bar < bars; bar++) {
    const values = FEATURES.map(() => scores(correlation));
    const [own, other] = scores(correlation).map(side) as [1 | 0 | -1, 1 | 0 | -1];
    const logged: DecisionRecord = {
      ...{ kind: "decision", run: "r", symbol: "BTCUSDT", barEndUs: bar, model: "m", valid: "0" },
      ...{ probability: 0.5, side: own, reason: own === 0 ? "unsure" : "", mid: 1, tookUs: 0 },
      features: numbersToText(values.map(([one]) => one)),
    };
    const stored = Float64Array.from(values, ([, two]) => two);
    const row = { barEndUs: bar, mid: 1, valid: 0n, values: stored };
    const reason = other === 0 ? "unsure" : "";
    found.pair(logged, row as never, { probability: 0.5, side: other, reason });
  }
  found.end("BTCUSDT");
  return found.value().symbols[0]!;
}

const sharesOf = (one: SymbolParity) => streamShares({ ...one, stream: one.stream! });

// Limits that 80, 40 and 5 % of normal scores pass on either side.
const LIMITS = [0.2533, 0.8416, 1.96];

test("scores that correlate by 0.98 are within the bounds, however many bars are staked", () => {
  const shares = LIMITS.map((limit) => {
    const one = stream(0.98, { limit });
    expect(symbolFaults(one)).toEqual([]);
    expect(sharesOf(one).rows).toBe(0);
    return sharesOf(one).sides;
  });
  expect(shares[0]).toBeCloseTo(0.14, 1);
  expect(shares[2]).toBeCloseTo(0.32, 1);
});

test("rows and scores that do not correlate are beyond every bound, however many bars are staked", () => {
  for (const limit of LIMITS) {
    const one = stream(0, { limit });
    expect(symbolFaults(one)).toEqual(["too many bars are apart", "too many sides are others"]);
    expect(sharesOf(one).rows).toBeGreaterThan(0.95);
    expect(sharesOf(one).sides).toBeGreaterThan(0.6);
  }
});

test("a side of the few that chance turned is no finding", () => {
  const quiet = stream(1, { limit: 1.96, bars: 40 });
  const differences = { ...quiet.differences, side: 1 };
  const counts = { ...quiet.stream!, staked: 2 };
  const one = { ...quiet, differences, stream: counts };
  expect(sharesOf(one).sides).toBeGreaterThan(STREAM_BOUNDS.sides);
  expect(symbolFaults(one)).toEqual([]);
});
