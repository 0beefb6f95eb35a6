import fc from "fast-check";
import { expect, test } from "vitest";
import { applyIsotonic, fitIsotonic } from "./isotonic.js";
import { sigmoid } from "./logistic.js";

const slices = fc.array(fc.tuple(fc.integer({ min: -12, max: 12 }), fc.constantFrom(0, 0.5, 1)), {
  minLength: 1,
  maxLength: 25,
});

/**
 * The rising least-squares staircase by its max-min formula, cubic and plain:
 * max over a ≤ i of min over b ≥ i of the mean of a … b, with an "up" below all rows and a "down" above them.
 */
function plainStaircase(
  rows: readonly (readonly [number, number])[],
  overlapBars: number,
): ReadonlyMap<number, number> {
  const levels = [...new Set(rows.map(([logit]) => logit))].sort((a, b) => a - b);
  const own = (level: number) => rows.filter(([logit]) => logit === level).map(([, y]) => y);
  const cells = [
    { ups: 1, weight: 1 },
    ...levels.map((level) => ({
      ups: own(level).reduce((sum, y) => sum + y, 0) / overlapBars,
      weight: own(level).length / overlapBars,
    })),
    { ups: 0, weight: 1 },
  ];
  const meanOf = (a: number, b: number) => {
    const part = cells.slice(a, b + 1);
    const sum = (of: "ups" | "weight") => part.reduce((total, cell) => total + cell[of], 0);
    return sum("ups") / sum("weight");
  };
  const upTo = (n: number) => Array.from({ length: n }, (_, k) => k);
  return new Map(
    levels.map((level, k) => {
      const i = k + 1;
      const lowest = (a: number) =>
        Math.min(...upTo(cells.length - i).map((beyond) => meanOf(a, i + beyond)));
      return [level, Math.max(...upTo(i + 1).map(lowest))];
    }),
  );
}

test("it is the rising staircase of the max-min formula at every row", () => {
  fc.assert(
    fc.property(slices, fc.constantFrom(1, 15), (rows, overlapBars) => {
      const logits = Float64Array.from(rows, ([logit]) => logit / 4);
      const outcome = rows.map(([, y]) => y);
      const calibrator = fitIsotonic(logits, outcome, { overlapBars });
      const plain = plainStaircase(rows, overlapBars);
      applyIsotonic(calibrator, logits).forEach((p, i) => {
        expect(p).toBeCloseTo(plain.get(rows[i]![0])!, 10);
      });
    }),
    { seed: 2, numRuns: 100 },
  );
});

test("knots rise, values never fall and are never certain, wherever it is asked", () => {
  fc.assert(
    fc.property(slices, (rows) => {
      const logits = Float64Array.from(rows, ([logit]) => logit);
      const calibrator = fitIsotonic(
        logits,
        rows.map(([, y]) => y),
        { overlapBars: 3 },
      );
      const asked = Float64Array.from({ length: 400 }, (_, i) => (i - 200) / 7);
      const p = applyIsotonic(calibrator, asked);
      expect(p.every((value, i) => i === 0 || value >= p[i - 1]!)).toBe(true);
      expect(p.every((value) => value > 0 && value < 1)).toBe(true);
      const { probability } = calibrator;
      expect(probability.every((x, i) => i === 0 || x > probability[i - 1]!)).toBe(true);
    }),
    { seed: 3 },
  );
});

test("by hand: two violators pool, a run of ups ends below certainty, between knots it is a straight line", () => {
  const logits = Float64Array.of(-2, -1, 0, 1, 2, 3);
  const calibrator = fitIsotonic(logits, [0, 1, 0, 1, 1, 1], { overlapBars: 1 });
  // The "up" below all joins the first 0; ½ = (1, 0) pools with that ½; the "down" above joins the three ups.
  expect(calibrator.calibrated).toEqual(Float64Array.of(0.5, 0.5, 0.75, 0.75));
  expect(calibrator.probability).toEqual(Float64Array.of(-2, 0, 1, 3).map(sigmoid));
  const halfWay = (sigmoid(0) + sigmoid(1)) / 2;
  const between = applyIsotonic(calibrator, Float64Array.of(Math.log(halfWay / (1 - halfWay))));
  expect(between[0]).toBeCloseTo(0.625, 12);
});

test("outside what was seen it stays where it ended; one class is Laplace's rule; no rows say ½", () => {
  const seen = fitIsotonic(Float64Array.of(-1, 1), [0, 1], { overlapBars: 0.1 });
  expect(applyIsotonic(seen, Float64Array.of(-50, 50))).toEqual(
    applyIsotonic(seen, Float64Array.of(-1, 1)),
  );
  const ups = fitIsotonic(new Float64Array(30).fill(0.3), new Uint8Array(30).fill(1), {
    overlapBars: 15,
  });
  expect(ups.calibrated[0]).toBeCloseTo(3 / 4, 12);
  const none = fitIsotonic(new Float64Array(0), [], { overlapBars: 15 });
  expect(applyIsotonic(none, Float64Array.of(-3, 3))).toEqual(Float64Array.of(0.5, 0.5));
  expect(applyIsotonic(seen, Float64Array.of(Number.NaN))[0]).toBeNaN();
});
