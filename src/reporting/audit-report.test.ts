import { expect, test } from "vitest";
import type { AuditResult } from "../audit/audit.js";
import { HOUR_US } from "../core/time.js";
import {
  auditAnswer,
  auditTotals,
  findingsTable,
  gapTimeline,
  hourCalendar,
} from "./audit-report.js";

const DAY = Date.UTC(2024, 2, 1) * 1000;

const hour = (
  type: "trades" | "quotes",
  index: number,
  verdict: "good" | "usable" | "bad",
): AuditResult["hours"][number] => ({
  symbol: "BTCUSDT",
  date: "2024-03-01",
  type,
  hourUs: DAY + index * HOUR_US,
  verdict,
  reasons: [],
  messages: 1,
  quotes: undefined,
});

const finding: AuditResult["findings"][number] = {
  symbol: "BTCUSDT",
  date: "2024-03-01",
  type: "trades",
  check: "gap",
  count: 2,
  first: "2024-03-01T05:00:00.000Z",
  firstUs: DAY + 5 * HOUR_US,
  isFatal: false,
  detail: "silent for 30 s",
  value: 30,
  unit: "s",
  spans: [
    [DAY + 1, DAY + 2],
    [DAY + 3, DAY + 4],
  ],
};

const result: AuditResult = {
  exchange: "binance",
  symbols: ["BTCUSDT"],
  days: ["2024-03-01"],
  verdict: "usable",
  findings: [finding, { ...finding, check: "order", isFatal: true }],
  hours: [
    hour("trades", 0, "good"),
    hour("quotes", 0, "bad"),
    hour("trades", 5, "usable"),
    hour("quotes", 5, "good"),
  ],
};

test("an hour is as bad as its worst stream", () => {
  expect(hourCalendar(result)).toEqual([
    { symbol: "BTCUSDT", date: "2024-03-01", hour: 0, verdict: "bad" },
    { symbol: "BTCUSDT", date: "2024-03-01", hour: 5, verdict: "usable" },
  ]);
  expect(auditTotals(result)).toEqual({
    hours: 2,
    goodHours: 0,
    badHours: 1,
    findings: 2,
    fatalFindings: 1,
  });
});

test("the timeline has every span of every gap, and streams without one", () => {
  const { gaps, streams, fromUs, toUs } = gapTimeline(result);
  expect(gaps.map(({ startUs, endUs }) => endUs - startUs)).toEqual([1, 1]);
  expect(streams).toEqual(["BTCUSDT trades", "BTCUSDT quotes"]);
  expect(toUs - fromUs).toBe(24 * HOUR_US);
});

test("fatal findings stand first, and the answer follows the verdict", () => {
  expect(findingsTable(result).rows[0]).toContain("yes");
  expect(auditAnswer(result)).toMatchObject({ verdict: "usable" });
  expect(auditAnswer({ ...result, verdict: "bad" }).answer).toMatch(/^No: .*1 findings are fatal/);
});
