import fc from "fast-check";
import { expect, test } from "vitest";
import { seededRandom } from "../core/random.js";
import { CALIBRATOR_KINDS, calibrate, calibratedLogits, fitCalibrator } from "./calibrator.js";
import { logLoss, sigmoid } from "./logistic.js";

const slices = fc.array(
  fc.tuple(fc.double({ min: -30, max: 30, noNaN: true }), fc.constantFrom(0, 0.5, 1)),
  { maxLength: 60 },
);

test.each(CALIBRATOR_KINDS)("%s keeps the order of a model, whatever the slice", (kind) => {
  fc.assert(
    fc.property(slices, (rows) => {
      const logits = Float64Array.from(rows, ([logit]) => logit);
      const outcome = rows.map(([, y]) => y);
      const calibrator = fitCalibrator(kind, logits, outcome, { overlapBars: 15 });
      const asked = Float64Array.from([...logits, -100, -1, 0, 1, 100]).sort();
      const p = calibrate(calibrator, asked);
      expect(p.every((value, i) => i === 0 || value >= p[i - 1]!)).toBe(true);
    }),
    { seed: 1 },
  );
});

test.each(CALIBRATOR_KINDS)(
  "%s lowers the log-loss of a model that is too sure of itself",
  (kind) => {
    const random = seededRandom(7, "calibrator test");
    const draw = (n: number) => {
      const truth = new Float64Array(n).map(() => random.normal());
      const outcome = truth.map((logit) => Number(random.uniform() < sigmoid(logit)));
      return { logits: truth.map((logit) => 3 * logit), outcome };
    };
    const slice = draw(5000);
    const test = draw(5000);
    const calibrator = fitCalibrator(kind, slice.logits, slice.outcome, { overlapBars: 1 });
    const odds = calibrate(calibrator, test.logits).map((p) => Math.log(p / (1 - p)));
    const loss = (logits: Float64Array): number =>
      logits.reduce((sum, logit, i) => sum + logLoss(logit, test.outcome[i]!), 0) / 5000;
    expect(loss(odds)).toBeLessThan(loss(test.logits) - 0.1);
  },
);

test.each(CALIBRATOR_KINDS)(
  "%s as log-odds says what its probabilities say, and no certainty",
  (kind) => {
    fc.assert(
      fc.property(slices, (rows) => {
        const logits = Float64Array.from(rows, ([logit]) => logit);
        const outcome = rows.map(([, y]) => y);
        const calibrator = fitCalibrator(kind, logits, outcome, { overlapBars: 1 });
        const asked = Float64Array.of(-1e4, -3, -0.1, 0, 2, 1e4);
        const odds = calibratedLogits(calibrator, asked);
        expect(odds.every(Number.isFinite)).toBe(true);
        const p = calibrate(calibrator, asked);
        for (const [i, logit] of odds.entries()) expect(sigmoid(logit)).toBeCloseTo(p[i]!, 12);
      }),
      { seed: 1 },
    );
  },
);
