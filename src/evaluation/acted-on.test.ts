import { expect, test } from "vitest";
import { seededRandom } from "../core/random.js";
import { actedOn } from "./acted-on.js";

const random = seededRandom(4, "acted on");
const normals = (n: number): Float64Array => new Float64Array(n).map(() => random.normal());

/** A fold whose calibrator leaves log-odds as they are. */
function fold(testRows: readonly number[], spread = 1) {
  const calibrator = { kind: "platt", slope: 1, shift: 0 } as const;
  const logits = normals(testRows.length).map((z) => spread * z);
  return {
    predictor: { calibrator } as never,
    calibrateLogits: normals(4000),
    testRows: Uint32Array.from(testRows),
    untestedRows: new Uint32Array(0),
    untestedProbability: new Float64Array(0),
    probability: logits.map((z) => 1 / (1 + Math.exp(-z))),
  };
}

const rows = Array.from({ length: 4000 }, (_, i) => i + 50);

test("where test and calibration are alike, the share that is acted on is the one asked for", () => {
  for (const coverage of [0.05, 0.3, 0.8]) {
    const { isActedOn } = actedOn({ rows: 5000 }, [fold(rows)], coverage);
    const share = isActedOn.reduce((sum, one) => sum + one, 0) / rows.length;
    expect(Math.abs(share - coverage)).toBeLessThan(4 * Math.sqrt(coverage / 4000));
  }
});

test("the surest rows are acted on, by a threshold that the test has no part in", () => {
  const calm = fold(rows);
  const { isActedOn, thresholds } = actedOn({ rows: 5000 }, [calm], 0.2);
  calm.testRows.forEach((row, i) => {
    expect(isActedOn[row]).toBe(Number(Math.abs(calm.probability[i]! - 0.5) >= thresholds[0]!));
  });
  const surer = { ...calm, probability: calm.probability.map((p) => 0.5 + (p - 0.5) / 4) };
  expect(actedOn({ rows: 5000 }, [surer], 0.2).thresholds).toEqual(thresholds);
});

test("rows without a label are acted on by the same threshold, and never where nothing is said", () => {
  const own = {
    ...fold(rows),
    untestedRows: Uint32Array.of(1, 2, 3),
    untestedProbability: Float64Array.of(0.999, 0.5, Number.NaN),
  };
  const { isActedOn } = actedOn({ rows: 5000 }, [own], 0.2);
  expect([...isActedOn.slice(1, 4)]).toEqual([1, 0, 0]);
});

test("each fold has a threshold of its own, and all of the bars are acted on unless a share is asked for", () => {
  const folds = [fold(rows.slice(0, 2000)), fold(rows.slice(2000))];
  const { thresholds } = actedOn({ rows: 5000 }, folds, 0.5);
  expect(new Set(thresholds).size).toBe(2);
  const all = actedOn({ rows: 5000 }, folds, 1);
  expect(all.isActedOn.reduce((sum, one) => sum + one, 0)).toBe(4000);
  expect(all.thresholds).toEqual([0, 0]);
});

test.each([0, -1, 1.01, Number.NaN])("a coverage of %d is refused", (coverage) => {
  expect(() => actedOn({ rows: 5000 }, [fold(rows)], coverage)).toThrow(/--coverage: was/);
});
