import { expect, test } from "vitest";
import { areInForce } from "./present-audit.js";

// An audit by two defaults, and by one of them and another value.
const BY_DEFAULT = { settings: { gap: { seconds: 5, tails: 3 } }, changed: [] };
const BY_OTHERS = { settings: { gap: { seconds: 9, tails: 3 } }, changed: ["gap.seconds"] };

test.each([
  ["nothing in the file, nothing changed", BY_DEFAULT, undefined, true],
  ["the file names a default", BY_DEFAULT, { gap: { tails: 3 } }, true],
  ["the file was changed since", BY_DEFAULT, { gap: { seconds: 9 } }, false],
  ["the change still stands in the file", BY_OTHERS, { gap: { seconds: 9 } }, true],
  ["the change was taken out of the file", BY_OTHERS, undefined, false],
  ["the change is another one now", BY_OTHERS, { gap: { seconds: 8 } }, false],
  ["a second change came", BY_OTHERS, { gap: { seconds: 9, tails: 4 } }, false],
  ["the file names what is no threshold", BY_DEFAULT, { gaps: { seconds: 5 } }, false],
  ["the file has nothing that names thresholds", BY_DEFAULT, null, false],
  ["the audit did not say its thresholds", {}, { gap: { seconds: 5 } }, false],
] as const)("%s", (_, basis, audit, expected) => {
  expect(areInForce(basis, audit)).toBe(expected);
});
