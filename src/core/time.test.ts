import { expect, test } from "vitest";
import { OptionError } from "./errors.js";
import { DAY_US, dateOf, dayStartUs, daysBetween, formatUtc } from "./time.js";

test("a day's start and its date are each other's inverse over leap years", () => {
  for (const date of ["1970-01-01", "2000-02-29", "2024-02-29", "2024-12-31", "2026-11-23"]) {
    expect(dateOf(dayStartUs(date))).toBe(date);
    expect(dateOf(dayStartUs(date) + DAY_US - 1)).toBe(date);
  }
});

test("days are from inclusive, to exclusive, one day by default", () => {
  expect(daysBetween("2024-02-28", "2024-03-02")).toEqual([
    "2024-02-28",
    "2024-02-29",
    "2024-03-01",
  ]);
  expect(daysBetween("2024-08-08")).toEqual(["2024-08-08"]);
});

test("what is no calendar day, and a reversed range, are refused with the option's name", () => {
  for (const date of ["2024-02-30", "2024-13-01", "24-01-01", "yesterday", "2024-1-1", ""]) {
    expect(() => daysBetween(date)).toThrow(OptionError);
  }
  expect(() => daysBetween("2024-01-02", "2024-01-02")).toThrow(/--to: was "2024-01-02"/);
});

test("times are written in UTC to the second", () => {
  expect(formatUtc(dayStartUs("2024-08-08") + 86_399_999_999)).toBe("2024-08-08 23:59:59");
});
