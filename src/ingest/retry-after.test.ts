import { expect, test } from "vitest";
import { retryAfterMs } from "./retry-after.js";

const DATE = "Thu, 08 Aug 2024 00:00:00 GMT";
const LATER = "Thu, 08 Aug 2024 00:01:30 GMT";
const NOW_MS = Date.parse(LATER) - 10_000;

test.each([
  ["seconds", "120", undefined, 120_000],
  ["seconds with spaces", " 5 ", DATE, 5000],
  ["a date, against the answer's own", LATER, DATE, 90_000],
  ["a date, against this machine's", LATER, undefined, 10_000],
  ["a date, where the answer's own cannot be read", LATER, "yesterday", 10_000],
  ["a date that is past", DATE, LATER, 0],
  ["nothing", undefined, DATE, 0],
  ["words", "soon", DATE, 0],
  ["less than nothing", "-5", undefined, 0],
])("%s", (_, header, date, expected) => {
  expect(retryAfterMs(header, date, NOW_MS)).toBe(expected);
});
