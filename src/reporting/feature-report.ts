// Did the computation of features come out right?
import type { FeatureChecks } from "../features/check/check-features.js";
import type { OverallCheck } from "../features/check/over-symbols.js";
import type { FeatureRun } from "../features/compute-features.js";
import type { ReportFacts } from "./facts.js";

/** Days of a computation whose features are in the store. */
export function storedDays(run: FeatureRun): FeatureRun["partitions"] {
  return run.partitions.filter(({ status }) => status === "written" || status === "kept");
}

/** Values outside their range, wrong mask bits and failed days, for the validation cell. */
export function featureTotals(
  run: FeatureRun,
  checks: FeatureChecks,
): {
  readonly outside: number;
  readonly wrongBits: number;
  readonly faults: number;
  readonly failedDays: number;
  readonly missingShare: number;
} {
  const sum = (value: (check: OverallCheck) => number): number =>
    checks.overall.reduce((total, check) => total + value(check), 0);
  const cells = sum(({ rows }) => rows);
  return {
    outside: sum(({ outside }) => outside),
    wrongBits: sum(({ wrongBits }) => wrongBits),
    faults: checks.findings.filter(({ severity }) => severity === "fault").length,
    failedDays: run.partitions.filter(({ status }) => status === "failed").length,
    missingShare: cells === 0 ? 1 : 1 - sum(({ values }) => values) / cells,
  };
}

/** The notebook's answer: how many bars there are and how much of them is known. */
export function featureAnswer(run: FeatureRun, checks: FeatureChecks): ReportFacts {
  const { outside, wrongBits, faults, failedDays, missingShare } = featureTotals(run, checks);
  const isWrong = faults + failedDays > 0;
  const known = `${(100 * (1 - missingShare)).toFixed(1)} % of all values`;
  const bars = run.rows.toLocaleString("en-US");
  return {
    verdict: isWrong ? "fail" : "pass",
    answer: isWrong
      ? `Not yet: ${outside} values leave their range, ${wrongBits} mask bits are wrong, the checks found ${faults} faults and ${failedDays} days failed.`
      : `${run.columns} numbers for each of ${bars} minutes: ${known} are there, the rest is missing for a known cause.`,
    figures: { bars: run.rows, features: run.columns },
  };
}
