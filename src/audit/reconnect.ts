// How often did the book have to begin anew?
import type { BookChanges } from "../store/tables.js";
import { CLEAN, hourOf, type RowCheck } from "./finding.js";
import type { AuditSettings } from "./settings.js";

/**
 * Snapshots after the day's first one: the connection was lost and nobody knows what happened in between. A venue that
 * sends mostly snapshots has none.
 */
export function reconnect({ snapshotFeedShare }: AuditSettings): RowCheck<BookChanges> {
  let lastUs = Number.NaN;
  let wasSnapshot = false;
  let snapshotMessages = 0;
  let messages = 0;
  let snapshots = 0;
  const spans: (readonly [number, number])[] = [];
  return {
    update: ({ localTimestampUs, isSnapshot }) => {
      for (let i = 0; i < localTimestampUs.length; i++) {
        const localUs = localTimestampUs[i]!;
        const isNow = isSnapshot[i] === 1;
        if (isNow && !wasSnapshot) {
          snapshots++;
          if (snapshots > 1) spans.push([lastUs, localUs]);
        }
        wasSnapshot = isNow;
        if (localUs === lastUs) continue;
        lastUs = localUs;
        messages++;
        if (isNow) snapshotMessages++;
      }
    },
    finish: () => {
      if (spans.length === 0 || snapshotMessages > snapshotFeedShare * messages) return CLEAN;
      const unknown = spans.reduce((sum, [from, to]) => sum + (to - from) / 1e6, 0);
      const finding = {
        check: "reconnect",
        type: "incremental_book_L2",
        count: spans.length,
        firstUs: spans[0]![1],
        isFatal: false,
        value: unknown,
        unit: "s",
        detail: `${spans.length} snapshots after the first; the book was unknown for ${unknown.toFixed(1)} s`,
        spans: spans.slice(0, 100),
      } as const;
      const marks = [...new Set(spans.map(([, to]) => hourOf(to)))].map(
        (hourUs) => ({ hourUs, verdict: "usable", reason: "the book began anew" }) as const,
      );
      return { findings: [finding], marks };
    },
  };
}
