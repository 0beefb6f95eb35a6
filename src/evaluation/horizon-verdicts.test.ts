import { expect, test } from "vitest";
import { seededRandom } from "../core/random.js";
import { studentCritical } from "../core/student-t.js";
import { type MeasuredHorizon, withVerdicts } from "./horizon-verdicts.js";

/** A horizon whose edge lies so many standard errors above a cost of 5 bps. */
function horizon(errors: number, { blocks = 1e6 } = {}): MeasuredHorizon {
  const estimate = 5 + errors;
  const half = blocks < 3 ? Number.NaN : studentCritical(0.05, Math.min(1000, blocks - 1));
  return {
    ...{ horizonUs: 6e7, rows: 1000, blocks, effectiveRows: 100, majorityRate: 0.5 },
    accuracy: { estimate: 0.5, lower: 0.4, upper: 0.6, standardError: 0.05, effectiveRows: 100 },
    edgeBps: {
      ...{ estimate, lower: estimate - half, upper: estimate + half },
      ...{ standardError: blocks < 3 ? Number.NaN : 1, effectiveRows: 100 },
    },
    ...{ moveBps: 20, spreadCostBps: 2, fundingBps: 0, costBps: 5 },
  };
}

const verdicts = (points: readonly MeasuredHorizon[]): readonly string[] =>
  withVerdicts(points).map(({ pays }) => pays);

test("what pays alone need not pay among seven, and what is far beyond its cost does", () => {
  // Two-sided: 2.2 errors are 2.8 %, 2.8 errors 0.5 %; a seventh of 5 % is 0.71 %.
  expect(verdicts([horizon(2.2)])).toEqual(["yes"]);
  const six = Array.from({ length: 6 }, () => horizon(0.5));
  expect(verdicts([horizon(2.2), ...six])[0]).toBe("undecided");
  expect(verdicts([horizon(2.8), ...six])[0]).toBe("yes");
  expect(verdicts([horizon(-2.8), ...six])[0]).toBe("no");
  // Those that are sure make it no harder for the one behind them.
  expect(verdicts([horizon(2.2), ...six.map(() => horizon(-9))])[0]).toBe("yes");
});

test("errors of few blocks are judged by Student's t, and a horizon without an interval is undecided and no try", () => {
  const two = horizon(2.8);
  expect(verdicts([horizon(2.8, { blocks: 4 }), two])).toEqual(["undecided", "yes"]);
  expect(
    verdicts([horizon(2.2), ...Array.from({ length: 6 }, () => horizon(9, { blocks: 2 }))]),
  ).toEqual(["yes", ...new Array(6).fill("undecided")]);
});

test("where every edge is its cost, a map tells any apart in at most five of a hundred", () => {
  const random = seededRandom(3, "horizon verdicts");
  let told = 0;
  for (let map = 0; map < 1000; map++) {
    const points = Array.from({ length: 7 }, () => horizon(random.normal()));
    told += Number(verdicts(points).some((pays) => pays !== "undecided"));
  }
  // 50 are to be expected, less at most a few for Holm's caution, and seven alone would tell 302.
  expect(told).toBeLessThan(50 + 3 * 6.9);
  expect(told).toBeGreaterThan(25);
});
