import { expect, test } from "vitest";
import { hasStood } from "./result-table.js";
import { StoreTally } from "./store-tally.js";

const SAME = { isSame: true, isSilent: false, lost: 0, duplicated: 0, what: "" };

test("a fault that could not be planted is a try that stood nothing, and is named", () => {
  const tally = new StoreTally("kills");
  tally.add("step 1", SAME);
  expect(hasStood(tally.result())).toBe(true);
  tally.miss("step 2", "not met in 6 runs");
  const result = tally.result("a whole run has 2");
  expect(result).toMatchObject({ tries: 2, detected: 1, lost: 0, duplicated: 0, silent: 0 });
  expect(result.note).toBe("a whole run has 2; step 2: not met in 6 runs");
  expect(hasStood(result)).toBe(false);
});
