// Runs the tests and counts them.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { ROOT } from "./places.mjs";

const VITEST = path.join(ROOT, "node_modules", "vitest", "vitest.mjs");

/**
 * Runs vitest; a file that crashed counts as one failed test, and so does a run that ends badly with no test failed.
 *
 * @param args - passed to vitest: names of files, `-t PATTERN`
 * @returns `{ passed, failed }`
 */
export function runTests(args) {
  const folder = mkdtempSync(path.join(tmpdir(), "tickbook-tests-"));
  const report = path.join(folder, "report.json");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  try {
    const { status } = spawnSync(process.execPath, [VITEST, "run", ...reporters, ...args], {
      cwd: ROOT,
      stdio: "inherit",
    });
    return count(readReport(report), status === 0);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Counts of a vitest JSON report; undefined stands for a run that wrote none. */
export function count(report, hasEndedWell) {
  const files = report?.testResults ?? [];
  const crashed = files.filter(
    ({ status, assertionResults }) =>
      status === "failed" && !assertionResults.some((test) => test.status === "failed"),
  );
  const passed = report?.numPassedTests ?? 0;
  const failed = (report?.numFailedTests ?? 0) + crashed.length;
  const isSound = hasEndedWell && passed > 0;
  return { passed, failed: failed === 0 && !isSound ? 1 : failed };
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    // No report: vitest itself broke down and said so above.
    return undefined;
  }
}
