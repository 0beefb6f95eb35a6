import { expect, test } from "vitest";
import { practice, practiceText } from "./practice.js";

test("the first loss is that of knowing nothing, and the same steps bring it down each time", async () => {
  const { steps, lossBefore, lossAfter, millisecondsAStep } = await practice();
  expect((await practice()).lossAfter).toBe(lossAfter);
  expect(lossBefore).toBeCloseTo(Math.LN2, 6);
  expect(lossAfter).toBeLessThan(0.9 * lossBefore);
  expect(steps).toBeGreaterThan(1);
  expect(millisecondsAStep).toBeGreaterThan(0);
});

test("it is told in a sentence", () => {
  const told = { steps: 20, lossBefore: 0.7, lossAfter: 0.51234, millisecondsAStep: 3.25 };
  expect(practiceText(told)).toBe(
    "In 20 steps of training the loss went from 0.700 to 0.512, 3.3 ms a step.",
  );
});
