// Where did messages stop coming, judged by the instrument's own pace?
import { counted } from "../../core/counted.js";
import { secondsText } from "../../core/seconds-text.js";
import type { AuditedType } from "../../store/audited-types.js";
import { type CheckResult, CLEAN, type Span } from "../finding.js";
import type { Pace } from "../measuring/pace.js";
import { Stretches } from "../measuring/stretches.js";
import type { AuditSettings } from "../settings.js";

/**
 * Pauses far beyond the stream's own pace. Streams that show the book's best prices or levels are slower than the book, and so
 * is their pace: they have the book's gaps too where they were silent in them.
 *
 * @param covered - µs of each hour between the first and the last event, by start of the hour
 * @param bookGaps - where the changes of the same book stopped, in order of time
 */
export function gap(
  type: AuditedType,
  pace: Pace,
  covered: ReadonlyMap<number, number>,
  settings: AuditSettings["gap"],
  bookGaps: readonly Span[] = [],
): CheckResult {
  const shared = pace.silentIn(bookGaps);
  const gaps = new Stretches();
  for (const [startUs, endUs] of [...pace.gaps(), ...shared]) gaps.add(startUs, endUs);
  if (gaps.count === 0) return CLEAN;
  const limits = { usableAbove: 0, badAbove: settings.badAbove };
  const marks = gaps.marks(covered, limits, (s) => `${secondsText(s)} without messages`);
  const finding = {
    check: "gap",
    type,
    count: gaps.count,
    firstUs: gaps.firstUs,
    isFatal: false,
    value: gaps.totalUs / 1e6,
    unit: "s",
    detail:
      `longest ${(gaps.longestUs / 1e6).toFixed(1)} s where the median interval is ` +
      `${(pace.intervalUs(0.5) / 1e6).toFixed(3)} s and more than ` +
      `${(pace.gapUs() / 1e6).toFixed(1)} s counts as a gap` +
      (shared.length === 0 ? "" : `; ${counted(shared.length, "gap")} shared with the book`),
    spans: gaps.spans(),
  } as const;
  return { findings: [finding], marks };
}
