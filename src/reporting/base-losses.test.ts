import { expect, test } from "vitest";
import { brierLoss } from "../evaluation/brier.js";
import { logLoss } from "../evaluation/log-loss.js";
import { baseBrierLoss, baseLogLoss } from "./base-losses.js";

test.each([0, 0.3, 0.5, 1])(
  "at a base rate of %d they are what always stating it loses",
  (rate) => {
    const outcome = Float64Array.from({ length: 10 }, (_, i) => Number(i < 10 * rate));
    const stated = new Float64Array(10).fill(rate);
    expect(baseBrierLoss(rate)).toBeCloseTo(brierLoss(stated, outcome), 12);
    expect(baseLogLoss(rate)).toBeCloseTo(logLoss(stated, outcome), 12);
  },
);
