import { expect, test } from "vitest";
import { FEATURES } from "../../features/catalogue.js";
import { featureAnswer, featureTotals } from "../feature-report.js";
import { catalogueFacts, catalogueFindings, catalogueTable } from "./catalogue-table.js";
import { checkFindingsTable, checkFindingsWords } from "./check-findings.js";
import { missingFindings, missingTable } from "./missing-values.js";
import { checksOf, coefficientOf, runOf } from "./test-checks.js";

const checks = (options: NonNullable<Parameters<typeof checksOf>[2]> = {}) =>
  checksOf(["BTCUSDT"], () => coefficientOf(0, 0.5), options);

test("features that miss values are listed with the shares of each cause", () => {
  const missing = { cvd_z: { "warm-up": 734, "no trade": 16 }, obi_l1: { "no book": 100 } };
  const { columns, rows } = missingTable(checks({ missing }));
  const at = (name: string): number => columns.findIndex((column) => column.name === name);
  expect(rows.map(([name]) => name)).toEqual(["obi_l1", "cvd_z"]);
  expect(rows[1]![at("warm-up")]).toBeCloseTo(73.4, 9);
  expect(rows[1]![at("no trade")]).toBeCloseTo(1.6, 9);
  expect(rows[1]![at("in all")]).toBeCloseTo(75, 9);
  expect(rows[1]![at("warms up")]).toBe(734);
  expect(missingTable(checks()).rows).toEqual([]);
});

test("what cannot warm up in so short a stretch is told apart from what has no book", () => {
  const missing = {
    cvd_z: { "warm-up": 1000 },
    obi_l1: { source: 1000 },
    log_ret_5: { "warm-up": 10 },
  };
  const run = runOf([
    [400, false],
    [300, true],
    [700, false],
  ]);
  const words = missingFindings({ run, checks: checks({ missing }) });
  expect(words).toContain(
    `${FEATURES.length - 3} of ${FEATURES.length} features have a value in every bar`,
  );
  expect(words).toContain("has 700 bars, too short for `cvd_z` (734): they cannot have a value");
  expect(words).toContain("other reasons: `obi_l1` (source)");
  // A day more, and cvd_z is no longer excused.
  const longer = runOf([
    [400, false],
    [700, true],
  ]);
  expect(missingFindings({ run: longer, checks: checks({ missing }) })).toMatch(
    /1,100 bars, which is long enough.*`cvd_z` \(warm-up\)/,
  );
});

test("the answer counts what is there, and fails for faults and failed days alone", () => {
  const run = runOf([[1000, false]]);
  const half = Object.fromEntries(FEATURES.map(({ name }) => [name, { "warm-up": 500 }]));
  expect(featureAnswer(run, checks({ missing: half }))).toMatchObject({
    verdict: "pass",
    answer: `${FEATURES.length} numbers for each of 1,000 minutes: 50.0 % of all values are there, the rest is missing for a known cause.`,
  });
  const finding = { feature: "tfi", symbol: "BTCUSDT", check: "range", message: "is 2" } as const;
  const asked = checks({ findings: [{ ...finding, severity: "review" }] });
  const wrong = checks({ findings: [{ ...finding, severity: "fault" }] });
  expect(featureAnswer(run, asked).verdict).toBe("pass");
  expect(featureAnswer(run, wrong).verdict).toBe("fail");
  expect(featureTotals(run, wrong).faults).toBe(1);
  const failed = { ...run, partitions: [{ ...run.partitions[0]!, status: "failed" as const }] };
  expect(featureAnswer(failed, checks()).verdict).toBe("fail");
});

test("findings are told as they are, and counted as faults and questions", () => {
  const finding = { feature: "tfi", symbol: "BTCUSDT", check: "drift", message: "moved" } as const;
  const found = checks({
    findings: [
      { ...finding, severity: "fault" },
      { ...finding, severity: "review" },
    ],
  });
  expect(checkFindingsTable(found).rows).toEqual([
    ["BTCUSDT", "tfi", "drift", "fault", "moved"],
    ["BTCUSDT", "tfi", "drift", "question", "moved"],
  ]);
  expect(checkFindingsWords(found)).toBe(
    `**1 fault, 1 question** to 1 of ${FEATURES.length} features.`,
  );
  expect(checkFindingsWords(checks())).toMatch(/^\*\*No check found anything/);
});

test("the catalogue's table tells every field of every feature, and its hash", () => {
  const { rows, columns } = catalogueTable(FEATURES);
  expect(columns).toHaveLength(10);
  expect(rows.map(([name]) => name)).toEqual(FEATURES.map(({ name }) => name));
  const row = rows.find(([name]) => name === "vwap_dev_session")!;
  const entry = FEATURES.find(({ name }) => name === "vwap_dev_session")!;
  expect(row).toEqual([
    entry.name,
    entry.family,
    entry.formula,
    entry.unit,
    "trades",
    "1,440",
    entry.warmUpBars,
    entry.nullRule,
    "any",
    entry.source,
  ]);
  const ranges = new Set(rows.map((cells) => cells[8]));
  expect(ranges).toContain("[−1, 1]");
  expect(ranges).toContain("≥ 0");
  const hash = catalogueFacts().figures!["catalogue"];
  expect(hash).toMatch(/^[0-9a-f]{64}$/);
  expect(catalogueFindings(FEATURES)).toContain(String(hash));
});
