import { expect, test } from "vitest";
import { findingSentence } from "./finding-sentence.js";
import { sampleFinding } from "./test-audit-samples.js";

test("messages without an exchange time have no offset to tell", () => {
  const some = { count: 1200, value: 1200, unit: "messages" } as const;
  expect(findingSentence(sampleFinding("clock-offset", some))).toMatch(
    /: 1,200 messages of trades have no exchange time$/,
  );
});

test("coverage says whether nothing is stored, it cannot be read, an end is missing, or rows are another day's", () => {
  const said = (more: Parameters<typeof sampleFinding>[1]): string =>
    findingSentence(sampleFinding("coverage", more)).replace(/^.*?: /, "");
  expect(said({ value: 86_400 })).toBe("nothing of trades is stored");
  expect(said({ value: 86_400, isFatal: true })).toBe("what is stored of trades cannot be read");
  expect(said({ value: 600 })).toBe("trades are missing for 10 min at the ends of the day");
  expect(said({ value: 90_000, count: 90_000, unit: "rows" })).toBe(
    "90,000 rows of trades arrived outside the day",
  );
});
