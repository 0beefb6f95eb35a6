import { expect, test } from "vitest";
import { localDay } from "./local-day.js";
import { seededRandom } from "./random.js";
import { DAY_US, dayStartUs, HOUR_US } from "./time.js";

const PRAGUE = "Europe/Prague";
const hours = (date: string): number => {
  const { startUs, endUs } = localDay(PRAGUE, dayStartUs(date) + 12 * HOUR_US);
  return (endUs - startUs) / HOUR_US;
};

test("by hand: Prague's midnight is 23:00 UTC in winter and 22:00 in summer", () => {
  expect(localDay(PRAGUE, dayStartUs("2024-01-15"))).toEqual({
    date: "2024-01-15",
    startUs: dayStartUs("2024-01-14") + 23 * HOUR_US,
    endUs: dayStartUs("2024-01-15") + 23 * HOUR_US,
  });
  expect(localDay(PRAGUE, dayStartUs("2024-07-15")).startUs).toBe(
    dayStartUs("2024-07-14") + 22 * HOUR_US,
  );
});

test("the days on which clocks change have 23 and 25 hours, their neighbours 24", () => {
  expect(["2024-03-30", "2024-03-31", "2024-04-01"].map(hours)).toEqual([24, 23, 24]);
  expect(["2024-10-26", "2024-10-27", "2024-10-28"].map(hours)).toEqual([24, 25, 24]);
});

test("a midnight belongs to the day that it begins, the microsecond before it to the one that it ends", () => {
  const { endUs } = localDay(PRAGUE, dayStartUs("2024-10-27"));
  expect(localDay(PRAGUE, endUs - 1).date).toBe("2024-10-27");
  expect(localDay(PRAGUE, endUs).date).toBe("2024-10-28");
});

test("days follow each other without gap for eight years, also where clocks change at midnight", () => {
  for (const zone of [PRAGUE, "UTC", "America/New_York", "America/Sao_Paulo", "Africa/Cairo"]) {
    let day = localDay(zone, dayStartUs("2007-01-05"));
    for (let i = 0; i < 365 * 8; i++) {
      const next = localDay(zone, day.endUs);
      if (next.startUs !== day.endUs) expect([zone, day, next]).toBe("days without a gap");
      expect(next.date > day.date).toBe(true);
      day = next;
    }
  }
});

test("a random time lies in the day whose date the platform's calendar gives it", () => {
  const calendar = new Intl.DateTimeFormat("sv-SE", { timeZone: PRAGUE, dateStyle: "short" });
  const random = seededRandom(5, "days");
  for (let i = 0; i < 2000; i++) {
    const timeUs = dayStartUs("2015-01-01") + random.below(20 * 365 * DAY_US);
    const { date, startUs, endUs } = localDay(PRAGUE, timeUs);
    expect(startUs <= timeUs && timeUs < endUs).toBe(true);
    expect(date).toBe(calendar.format(timeUs / 1000));
  }
});

test("what is no time zone, and what is no time, is refused", () => {
  expect(() => localDay("Europe/Nowhere", 0)).toThrow(
    'timeZone: was "Europe/Nowhere", expected the name of a time zone; write it as in Europe/Prague',
  );
  expect(() => localDay(PRAGUE, Number.NaN)).toThrow("time: was NaN, expected microseconds");
});
