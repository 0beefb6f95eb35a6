import { expect, test } from "vitest";
import { AUDIT_SETTINGS } from "../audit/settings.js";
import { changedThresholds, thresholdsTable } from "./thresholds-table.js";

const stricter = {
  ...AUDIT_SETTINGS,
  staleBook: { ...AUDIT_SETTINGS.staleBook, leastSeconds: 30 },
  gap: { ...AUDIT_SETTINGS.gap, trades: { ...AUDIT_SETTINGS.gap.trades, medians: 50 } },
};

/** How many numbers there are in settings and their groups. */
function count(settings: object): number {
  return Object.values(settings).reduce<number>(
    (sum, value) => sum + (typeof value === "number" ? 1 : count(value as object)),
    0,
  );
}

test("every threshold is told, and defaults differ from nothing", () => {
  const { rows, caption } = thresholdsTable(AUDIT_SETTINGS);
  const told = rows.flatMap((row) => String(row[1]).split(", "));
  expect(told).toHaveLength(count(AUDIT_SETTINGS));
  expect(told).toContain("snapshotFeedShare 0.5");
  expect(caption).toBe("Thresholds in force; all are the defaults");
  expect(rows.every((row) => row[2] === null)).toBe(true);
  expect(changedThresholds(AUDIT_SETTINGS)).toBeUndefined();
});

test("what differs is marked, told with its default, and kept by name", () => {
  const { rows, caption } = thresholdsTable(stricter);
  expect(caption).toContain("▲ marks the 2 that differ");
  const stale = rows.find(([check]) => check === "staleBook")!;
  expect(stale[1]).toContain("▲ leastSeconds 30, medians 10");
  expect(stale[2]).toBe("leastSeconds 10");
  expect(rows.filter((row) => row[2] !== null)).toHaveLength(2);
  expect(changedThresholds(stricter)).toEqual({
    staleBook: { leastSeconds: 30 },
    gap: { trades: { medians: 50 } },
  });
});
