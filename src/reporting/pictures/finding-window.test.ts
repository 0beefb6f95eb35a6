import fc from "fast-check";
import { expect, test } from "vitest";
import { CHECK_NAMES, type Span } from "../../audit/finding.js";
import { DAY_US, dayStartUs, HOUR_US, MINUTE_US, SECOND_US } from "../../core/time.js";
import { AUDITED_TYPES } from "../../store/audited-types.js";
import { sampleFinding } from "../test-audit-samples.js";
import { isMoment, pictureWindow, ROW_MARGINS_US, shownPlace } from "./finding-window.js";

const DATE = "2024-03-01";
const DAY = dayStartUs(DATE);
const NONE = ROW_MARGINS_US.map(() => 0);

const places = fc
  .tuple(fc.integer({ min: 0, max: DAY_US }), fc.integer({ min: 0, max: DAY_US }))
  .map(([a, b]): Span => [DAY + Math.min(a, b), DAY + Math.max(a, b)]);

test("a window has some length, shows its place, and stays within the day", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...CHECK_NAMES),
      fc.constantFrom(...AUDITED_TYPES),
      places,
      (check, type, place) => {
        const { fromUs, toUs } = pictureWindow({ check, type, date: DATE }, place, NONE);
        expect(toUs).toBeGreaterThan(fromUs);
        expect(fromUs).toBeGreaterThanOrEqual(DAY);
        expect(toUs).toBeLessThanOrEqual(DAY + DAY_US);
        expect(fromUs).toBeLessThanOrEqual(place[1]);
        expect(toUs).toBeGreaterThanOrEqual(place[0]);
        if (check === "coverage") return;
        expect(fromUs).toBeLessThanOrEqual(place[0]);
        expect(toUs).toBeGreaterThanOrEqual(place[1]);
      },
    ),
    { seed: 1 },
  );
});

test("a stretch takes a third of its window, where the day has room", () => {
  const place: Span = [DAY + 6 * HOUR_US, DAY + 6 * HOUR_US + 10 * MINUTE_US];
  const window = pictureWindow({ check: "gap", type: "trades", date: DATE }, place, NONE);
  expect(window).toEqual({ fromUs: place[0] - 10 * MINUTE_US, toUs: place[1] + 10 * MINUTE_US });
});

test("a single row has the narrowest window that holds enough rows, up to half a minute where these are many", () => {
  const place: Span = [DAY + HOUR_US, DAY + HOUR_US];
  const half = (rows: readonly number[]): number =>
    place[0] - pictureWindow({ check: "outlier", type: "trades", date: DATE }, place, rows).fromUs;
  expect(half(NONE.map(() => 1000))).toBe(SECOND_US);
  expect(half([1, 3, 9, 40, 90, 200, 900])).toBe(30 * SECOND_US);
  expect(half(NONE)).toBe(30 * MINUTE_US);
});

test("missing ends of a day are shown where the data begins or ends", () => {
  const at = (place: Span): object =>
    pictureWindow({ check: "coverage", type: "trades", date: DATE }, place, NONE);
  const edge = DAY + 6 * HOUR_US;
  const around = { fromUs: edge - 15 * MINUTE_US, toUs: edge + 15 * MINUTE_US };
  expect(at([DAY, edge])).toEqual(around);
  expect(at([edge, DAY + DAY_US])).toEqual(around);
  expect(at([DAY, DAY + DAY_US])).toEqual({ fromUs: DAY, toUs: DAY + DAY_US });
});

test("the longest stretch is shown, of equals the first; without any the first place", () => {
  const spans: readonly Span[] = [
    [DAY, DAY + 1],
    [DAY + 5, DAY + 9],
    [DAY + 20, DAY + 24],
  ];
  expect(shownPlace({ spans, firstUs: DAY })).toEqual([DAY + 5, DAY + 9]);
  expect(shownPlace(sampleFinding("gap", { spans: [], firstUs: DAY + 3 }))).toEqual([
    DAY + 3,
    DAY + 3,
  ]);
  expect([isMoment([0, 999_999]), isMoment([0, SECOND_US])]).toEqual([true, false]);
});
