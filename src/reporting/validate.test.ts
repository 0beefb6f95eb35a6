import { afterEach, expect, test } from "vitest";
import { CHECKS_MIME, checkRecords, validate } from "./validate.js";

const sent: Record<string, unknown>[] = [];
const slot = globalThis as { tickbookDisplay?: unknown };

afterEach(() => {
  sent.length = 0;
  delete slot.tickbookDisplay;
});

test("a check holds, fails, or is undecided when there was nothing to check", () => {
  const verdicts = checkRecords({
    equal: [3, "=", 3],
    "not below": [3, "<", 3],
    "at most": [3, "<=", 3],
    "not above": [3, ">", 3],
    "at least": [2, ">=", 3],
    "not a number": [Number.NaN, ">=", 3],
    nothing: [null, ">=", 3],
  }).map(({ verdict }) => verdict);
  expect(verdicts).toEqual(["pass", "fail", "pass", "fail", "fail", "fail", "undecided"]);
});

test("a failed check is recorded before the cell fails, and the error names it", () => {
  slot.tickbookDisplay = (data: Record<string, unknown>) => sent.push(data);
  expect(() => validate({ "rows stored": [9, "=", 10], other: [1, "=", 1] })).toThrow(
    "rows stored: was 9, expected = 10 (1 of 2 checks failed)",
  );
  expect(sent[0]?.[CHECKS_MIME]).toHaveLength(2);
});

test("undecided checks fail nothing", () => {
  slot.tickbookDisplay = (data: Record<string, unknown>) => sent.push(data);
  validate({ attainable: [null, ">", 0.5] });
  expect(sent).toHaveLength(1);
});
