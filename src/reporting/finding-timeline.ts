// When did each stream have which trouble?
import type { AuditResult } from "../audit/audit.js";
import type { CheckName, Span } from "../audit/finding.js";
import { DAY_US, dayStartUs } from "../core/time.js";
import { AUDITED_TYPES } from "../store/audited-types.js";

/** A stretch of time in which a check struck. */
export interface TroubledSpan {
  /** `symbol type` */
  readonly stream: string;
  readonly check: CheckName;
  readonly span: Span;
}

/** The stretches of all findings over the days that were looked at. */
export interface FindingTimeline {
  /** All streams that were looked at, also those without a finding. */
  readonly streams: readonly string[];
  readonly spans: readonly TroubledSpan[];
  readonly fromUs: number;
  readonly toUs: number;
}

/** The stretches of every finding of every stream, in order of time. */
export function findingTimeline({ findings, hours, days }: AuditResult): FindingTimeline {
  const streams = new Map<string, readonly [string, number]>();
  for (const { symbol, type } of [...hours, ...findings]) {
    streams.set(`${symbol} ${type}`, [symbol, AUDITED_TYPES.indexOf(type)]);
  }
  const ordered = [...streams].sort(
    ([, [symbol, type]], [, [other, otherType]]) =>
      Number(symbol > other) - Number(symbol < other) || type - otherType,
  );
  return {
    streams: ordered.map(([name]) => name),
    spans: findings
      .flatMap(({ symbol, type, check, spans }) =>
        spans.map((span): TroubledSpan => ({ stream: `${symbol} ${type}`, check, span })),
      )
      .sort((a, b) => a.span[0] - b.span[0]),
    fromUs: dayStartUs(days[0]!),
    toUs: dayStartUs(days.at(-1)!) + DAY_US,
  };
}
