import type { RunReport } from "./run-report.js";

/** What can make every figure of a run mean less than it seems to. */
export function runMark({ acceptance }: Pick<RunReport, "acceptance">): string {
  return acceptance.isUnpromoted ? "UNPROMOTED: " : "";
}
