import fc from "fast-check";
import { expect, test } from "vitest";
import { reasonsOf, reasonsText } from "./reasons-text.js";

const odd = fc.oneof(
  fc.string({ minLength: 1, unit: "grapheme" }),
  fc
    .array(fc.constantFrom(";", " ", "; ", "\\", "\\;", "\n", '"', "spread"), { minLength: 1 })
    .map((parts) => parts.join("")),
);

test("reasons come back from their text as they were, whatever they hold", () => {
  fc.assert(
    fc.property(fc.array(odd, { maxLength: 5 }), (reasons) => {
      expect(reasonsOf(reasonsText(reasons))).toEqual(reasons);
    }),
    { seed: 1, numRuns: 2000 },
  );
});

test("plain reasons are read as they are said", () => {
  const reasons = ["81 s without messages", "book crossed for 3.0 s"];
  expect(reasonsText(reasons)).toBe("81 s without messages; book crossed for 3.0 s");
  expect(reasonsText(["spread 4 times as wide; depth as before"])).toBe(
    "spread 4 times as wide\\; depth as before",
  );
});
