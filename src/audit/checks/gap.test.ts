import { describe, expect, test } from "vitest";
import { seededRandom } from "../../core/random.js";
import { DAY_US, dayStartUs, SECOND_US } from "../../core/time.js";
import { captureBookChanges, captureQuotes, hasCaptures } from "../../market/test-captures.js";
import { type CheckResult, CLEAN, type Span } from "../finding.js";
import { Pace } from "../measuring/pace.js";
import { AUDIT_SETTINGS } from "../settings.js";
import type { TickType } from "../type-checks.js";
import { coveredTime } from "./coverage.js";
import { gap } from "./gap.js";

const DAY = dayStartUs("2024-03-01");

function paceOf(times: Iterable<number>, type: TickType): Pace {
  const pace = new Pace(AUDIT_SETTINGS.gap[type]);
  for (const time of times) pace.add(time);
  return pace;
}

function gapsOf(pace: Pace, type: TickType, bookGaps?: readonly Span[]): CheckResult {
  const covered = coveredTime(pace, DAY, AUDIT_SETTINGS.coverage);
  return gap(type, pace, covered, AUDIT_SETTINGS.gap, bookGaps);
}

describe("gaps of the book", () => {
  const random = seededRandom(1);
  const quotes: number[] = [];
  for (let time = DAY; time < DAY + DAY_US; time += 1 + Math.floor(10e6 * random.exponential())) {
    quotes.push(time);
  }
  const [fromUs, toUs] = [DAY + 7200e6, DAY + 7260e6] as const;

  test("are those of its quotes where these were silent too, for as long as both were", () => {
    const silent = paceOf(
      quotes.filter((time) => time < fromUs || time > toUs),
      "quotes",
    );
    expect(gapsOf(silent, "quotes").findings).toEqual([]);
    const { findings, marks } = gapsOf(silent, "quotes", [[fromUs, toUs]]);
    expect(findings).toMatchObject([{ count: 1, value: 60, spans: [[fromUs, toUs]] }]);
    expect(findings[0]!.detail).toMatch(/; 1 gap shared with the book$/);
    expect(marks).toMatchObject([{ verdict: "usable" }]);
  });

  test("are none of quotes that went on, and are told once where the quotes' pace tells of them too", () => {
    expect(gapsOf(paceOf(quotes, "quotes"), "quotes", [[fromUs, toUs]])).toEqual(CLEAN);
    const untilUs = fromUs + 3600e6;
    const long = paceOf(
      quotes.filter((time) => time < fromUs || time > untilUs),
      "quotes",
    );
    const { findings } = gapsOf(long, "quotes", [[fromUs + SECOND_US, untilUs - SECOND_US]]);
    expect(findings).toMatchObject([{ count: 1 }]);
  });
});

test.skipIf(!hasCaptures)(
  "Bitstamp's hole of 57 s is told of the book, its snapshots and its quotes",
  () => {
    const changes = captureBookChanges("bitstamp/incremental_book_L2/2015/05/01/BTCUSD");
    // A snapshot followed every change.
    for (const type of ["incremental_book_L2", "book_snapshot_5"] as const) {
      const gaps = paceOf(changes.localTimestampUs, type).gaps();
      expect(gaps.length).toBeLessThanOrEqual(3);
      const longest = Math.max(...gaps.map(([startUs, endUs]) => endUs - startUs));
      expect(longest / 1e6).toBeCloseTo(57.08, 2);
    }
    const book = paceOf(changes.localTimestampUs, "incremental_book_L2").gaps();
    const { localTimestampUs } = captureQuotes("bitstamp/quotes/2015/05/01/BTCUSD");
    const quotes = paceOf(localTimestampUs, "quotes");
    expect(gapsOf(quotes, "quotes").findings).toEqual([]);
    expect(gapsOf(quotes, "quotes", book).findings).toMatchObject([
      { count: book.length, spans: book },
    ]);
  },
);
