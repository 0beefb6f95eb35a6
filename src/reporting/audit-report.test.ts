import { expect, test } from "vitest";
import type { AuditResult } from "../audit/audit.js";
import { HOUR_US } from "../core/time.js";
import { doubtfulHoursTable, verdictTable } from "./audit-hours.js";
import { auditAnswer, auditFindings, auditTotals, symbolHours } from "./audit-report.js";
import { findingTimeline } from "./finding-timeline.js";
import { findingsTable, worstFindingsTable } from "./findings-table.js";
import { sampleAudit, sampleFinding, sampleHour } from "./test-audit-samples.js";
import { START_US } from "./test-market-samples.js";

const result: AuditResult = {
  exchange: "binance",
  symbols: ["BTCUSDT"],
  days: ["2024-03-01"],
  verdict: "usable",
  findings: [sampleFinding("gap"), sampleFinding("order", { isFatal: true })],
  hours: [
    sampleHour(0),
    sampleHour(0, { type: "quotes", verdict: "bad", reasons: ["900 s without messages"] }),
    sampleHour(5, { verdict: "usable", reasons: ["30 s without messages", "1 row is odd"] }),
    sampleHour(5, { type: "quotes", verdict: "usable", reasons: ["30 s without messages"] }),
    sampleHour(6),
  ],
};

test("an hour is as bad as its worst stream, and tells a reason once with all types that have it", () => {
  const at = (hour: number): object => ({
    symbol: "BTCUSDT",
    date: "2024-03-01",
    hourUs: START_US + hour * HOUR_US,
  });
  expect(symbolHours(result)).toEqual([
    { ...at(0), verdict: "bad", reasons: ["quotes: 900 s without messages"] },
    {
      ...at(5),
      verdict: "usable",
      reasons: ["trades, quotes: 30 s without messages", "trades: 1 row is odd"],
    },
    { ...at(6), verdict: "good", reasons: [] },
  ]);
  expect(auditTotals(result)).toEqual({
    hours: 3,
    goodHours: 1,
    usableHours: 1,
    badHours: 1,
    findings: 2,
    fatalFindings: 1,
  });
});

test("the answer follows the verdict, tells of each symbol, and counts with the right plurals", () => {
  expect(auditAnswer(result)).toMatchObject({ verdict: "usable" });
  const words = "BTCUSDT 1 of 3 hours good, 1 bad; 2 findings, 1 of them fatal";
  expect(auditAnswer({ ...result, verdict: "bad" }).answer).toContain(`No: ${words}`);
  const two = { ...result, symbols: ["BTCUSDT", "ETHUSDT"] };
  expect(auditAnswer(two).answer).toContain("; ETHUSDT has no hour with data;");
  const clean = { ...result, verdict: "good", findings: [], hours: [sampleHour(0)] } as const;
  expect(auditAnswer(clean).answer).toBe(
    "Yes: BTCUSDT 1 of 1 hour good, 0 bad; no check found anything.",
  );
  expect(auditFindings(clean)).toBe("Nothing was found in **1 hour**: every check held.");
  expect(auditFindings(result)).toContain("order (1), gap (1)");
});

test("a bad answer names the types that are bad as a whole, and no more of them than can be read", () => {
  const bad = { ...result, verdict: "bad" } as const;
  expect(auditAnswer(bad).answer).toContain(
    "; at least half of their hours are bad: BTCUSDT quotes (1 of 2 hours).",
  );
  const hours = Array.from({ length: 8 }, (_, i) =>
    sampleHour(0, { symbol: `COIN${i}`, verdict: "bad" }),
  );
  expect(auditAnswer({ ...bad, hours }).answer).toContain("COIN4 trades (1 of 1 hour), 3 more.");
});

test("one finding is told as one", () => {
  const [fatal] = result.findings.filter(({ isFatal }) => isFatal);
  const one = { ...result, verdict: "bad", findings: [fatal!] } as const;
  expect(auditAnswer(one).answer).toContain("; 1 finding, fatal: nothing");
  expect(findingsTable(one).caption).toBe("The one finding");
  expect(worstFindingsTable(one.findings).caption).toBe("The worst finding, its picture below");
});

test("of like reasons the largest is told, also beyond a thousand", () => {
  const hours = [900, 1200, 1000].map((rows, hour) =>
    sampleHour(hour, {
      verdict: "bad",
      reasons: [`${rows.toLocaleString("en-US")} rows could not be read`],
    }),
  );
  expect(verdictTable({ ...result, hours }).rows[0]![6]).toBe(
    "1,200 rows could not be read (3 hours)",
  );
});

test("the verdict table counts each type's hours, and tells like reasons once by their largest", () => {
  const { rows } = verdictTable(sampleAudit());
  expect(rows.map((row) => row.slice(0, 6))).toEqual([
    ["BTCUSDT", "trades", "bad", 20, 3, 1],
    ["BTCUSDT", "incremental_book_L2", "bad", 20, 3, 1],
    ["ETHUSDT", "trades", "bad", 20, 3, 1],
    ["ETHUSDT", "incremental_book_L2", "bad", 20, 3, 1],
  ]);
  expect(rows[0]![6]).toBe("47 s without messages (4 hours)");
});

test("the hours that are not good stand with the worst first, and are cut off where they are many", () => {
  const { rows, caption } = doubtfulHoursTable(result);
  expect(caption).toBe("2 hours are not good");
  expect(rows).toEqual([
    ["BTCUSDT", "2024-03-01 00:00", "bad", "quotes: 900 s without messages"],
    [
      "BTCUSDT",
      "2024-03-01 05:00",
      "usable",
      "trades, quotes: 30 s without messages · trades: 1 row is odd",
    ],
  ]);
  const many = Array.from({ length: 90 }, (_, hour) => sampleHour(hour, { verdict: "bad" }));
  const cut = doubtfulHoursTable({ ...result, hours: many });
  expect(cut.caption).toBe(`The worst ${cut.rows.length} of 90 hours that are not good`);
  expect(doubtfulHoursTable({ ...result, hours: [] }).caption).toBe(
    "Hours that are not good: none",
  );
});

test("the timeline has every stretch of every finding, and streams without one", () => {
  const { spans, streams, fromUs, toUs } = findingTimeline(result);
  expect(spans).toHaveLength(4);
  expect(spans.map(({ span }) => span[0])).toEqual(spans.map(({ span }) => span[0]).sort());
  expect(streams).toEqual(["BTCUSDT trades", "BTCUSDT quotes"]);
  expect(toUs - fromUs).toBe(24 * HOUR_US);
});

test("fatal findings stand first; the worst are numbered as their pictures are", () => {
  const { rows, caption } = findingsTable(result);
  expect(caption).toBe("All 2 findings, the worst first");
  expect(rows.map((row) => [row[3], row[5], row[6]])).toEqual([
    ["order", "30 s", "yes"],
    ["gap", "30 s", "no"],
  ]);
  expect(worstFindingsTable(result.findings).rows.map(([number]) => number)).toEqual([1, 2]);
  expect(worstFindingsTable([]).caption).toBe("The worst findings: there is none");
});
