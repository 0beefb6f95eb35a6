import { expect, test } from "vitest";
import { RULES_PRESETS } from "./account-rules.js";
import { after, opened, prague, seen } from "./test-account.js";
import { wouldPass } from "./would-pass.js";

const TWO_STEP = RULES_PRESETS["ftmo-two-step"];

const days = (count: number) =>
  Array.from({ length: count }, (_, i) => opened(`2024-03-0${4 + i} 10:00`));

const at = (time: string, closingUsd: number) => ({ atUs: prague(time), closingUsd });

test("a gain that floats passes only where it is left after closing, and the days are reached", () => {
  const account = after(TWO_STEP, ...days(4), seen("2024-03-07 12:00", 100_000, 10_100));
  expect(wouldPass(TWO_STEP, account, at("2024-03-07 12:00", 100))).toBe(true);
  expect(wouldPass(TWO_STEP, account, at("2024-03-07 12:00", 100.01))).toBe(false);
  const early = after(TWO_STEP, ...days(3), seen("2024-03-06 12:00", 100_000, 30_000));
  expect(wouldPass(TWO_STEP, early, at("2024-03-06 12:00", 0))).toBe(false);
});

test("a best day that is too good delays it, as it delays passing", () => {
  const oneStep = RULES_PRESETS["ftmo-one-step"];
  const account = after(
    oneStep,
    opened("2024-03-04 10:00"),
    seen("2024-03-04 12:00", 100_000, 12_000),
  );
  expect(wouldPass(oneStep, account, at("2024-03-04 12:00", 0))).toBe(false);
});

test("a funded account has nothing to pass, and one that failed nothing more", () => {
  const account = after(TWO_STEP, ...days(4), seen("2024-03-07 12:00", 100_000, 20_000));
  expect(wouldPass(TWO_STEP, { ...account, phase: "funded" }, at("2024-03-07 12:00", 0))).toBe(
    false,
  );
  const failed = after(TWO_STEP, seen("2024-03-04 12:00", 80_000));
  expect(failed.status).toBe("failed");
  expect(wouldPass(TWO_STEP, failed, at("2024-03-04 13:00", 0))).toBe(false);
});
