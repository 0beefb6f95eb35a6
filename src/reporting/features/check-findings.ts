// What did the checks of stored features find?
import { counted } from "../../core/counted.js";
import type { FeatureChecks } from "../../features/check/check-features.js";
import type { Table } from "../table.js";

/** Findings of the checks: faults, which are wrong for certain, before what a person has to look at. */
export function checkFindingsTable({ findings }: FeatureChecks): Table {
  return {
    caption: "What the checks found",
    columns: [
      { name: "symbol" },
      { name: "feature", kind: "code" },
      { name: "check", kind: "short" },
      { name: "it is a" },
      { name: "finding", kind: "long" },
    ],
    rows: findings.map(({ symbol, feature, check, severity, message }) => [
      symbol,
      feature,
      check,
      severity === "fault" ? "fault" : "question",
      message,
    ]),
  };
}

/** How many of each there are. */
export function checkFindingsWords({ findings, overall }: FeatureChecks): string {
  const faults = findings.filter(({ severity }) => severity === "fault").length;
  const asked = new Set(findings.map(({ feature }) => feature)).size;
  if (findings.length === 0) {
    return `**No check found anything** in ${overall.length} features.`;
  }
  return `**${counted(faults, "fault")}, ${counted(findings.length - faults, "question")}** to ${asked} of ${overall.length} features.`;
}
