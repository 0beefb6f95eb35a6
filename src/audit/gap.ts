// Where did messages stop coming, judged by the instrument's own pace?
import { type AuditedType, type CheckResult, CLEAN, timeByHour } from "./finding.js";
import type { Pace } from "./pace.js";
import type { AuditSettings } from "./settings.js";

/**
 * Pauses far beyond the stream's own pace.
 *
 * @param covered - µs of each hour between the first and the last event, by start of the hour
 */
export function gap(
  type: AuditedType,
  pace: Pace,
  covered: ReadonlyMap<number, number>,
  { hour }: AuditSettings,
): CheckResult {
  const gaps = pace.gaps();
  if (gaps.length === 0) return CLEAN;
  const seconds = gaps.map(([startUs, endUs]) => (endUs - startUs) / 1e6);
  const total = seconds.reduce((sum, value) => sum + value, 0);
  const marks = [...timeByHour(gaps)].map(([hourUs, missingUs]) => {
    const share = missingUs / (covered.get(hourUs) ?? 3_600e6);
    const reason = `${(missingUs / 1e6).toFixed(0)} s without messages`;
    return { hourUs, verdict: share > hour.missingBad ? "bad" : "usable", reason } as const;
  });
  const finding = {
    check: "gap",
    type,
    count: gaps.length,
    firstUs: gaps[0]![0],
    isFatal: false,
    value: total,
    unit: "s",
    detail:
      `longest ${Math.max(...seconds).toFixed(1)} s where the median interval is ` +
      `${(pace.intervalUs(0.5) / 1e6).toFixed(3)} s and more than ` +
      `${(pace.gapUs() / 1e6).toFixed(1)} s counts as a gap`,
    spans: gaps.slice(0, 100),
  } as const;
  return { findings: [finding], marks };
}
