// Small made-up audits for tests of figures and tables; every number is drawn from a seed.

import type { AuditResult, LocatedFinding, LocatedHour } from "../audit/audit.js";
import { CHECK_NAMES, type CheckName } from "../audit/finding.js";
import { seededRandom } from "../core/random.js";
import { isShortfall } from "../core/shortfall.js";
import { HOUR_US, SECOND_US } from "../core/time.js";
import { symbolHours } from "./audit-report.js";
import type { Figure } from "./figure.js";
import { auditCalendarFigure } from "./figures/audit-calendar.js";
import { findingTimelineFigure } from "./figures/finding-timeline.js";
import { quoteAgreementFigure } from "./figures/quote-agreement.js";
import { findingTimeline } from "./finding-timeline.js";
import { quoteAgreement } from "./quote-agreement.js";
import { START_US } from "./test-market-samples.js";

const DATE = "2024-03-01";

/** A finding of a check, with two stretches. */
export function sampleFinding(
  check: CheckName,
  more: Partial<LocatedFinding> = {},
): LocatedFinding {
  const firstUs = START_US + 5 * HOUR_US;
  return {
    symbol: "BTCUSDT",
    date: DATE,
    first: new Date(firstUs / 1000).toISOString(),
    check,
    type: "trades",
    count: 2,
    firstUs,
    isFatal: false,
    detail: `${check} was found`,
    value: 30,
    unit: "s",
    spans: [
      [firstUs, firstUs + 10 * SECOND_US],
      [firstUs + HOUR_US, firstUs + HOUR_US + 20 * SECOND_US],
    ],
    ...more,
  };
}

/** An hour of trades; a good one unless it is said otherwise. */
export function sampleHour(hour: number, more: Partial<LocatedHour> = {}): LocatedHour {
  return {
    symbol: "BTCUSDT",
    date: DATE,
    type: "trades",
    hourUs: START_US + hour * HOUR_US,
    verdict: "good",
    reasons: [],
    messages: 1000,
    quotes: undefined,
    ...more,
  };
}

/** A day of two symbols with a finding of every check. */
export function sampleAudit(): AuditResult {
  const random = seededRandom(11, "audit");
  const hours = ["BTCUSDT", "ETHUSDT"].flatMap((symbol) =>
    (["trades", "incremental_book_L2"] as const).flatMap((type) =>
      Array.from({ length: 24 }, (_, hour) => {
        const verdict = hour === 5 ? "bad" : hour % 7 === 3 ? "usable" : "good";
        const compared = 4000 + random.below(500);
        const counts = { compared, pricesEqual: compared - random.below(9), allEqual: 3900 };
        return sampleHour(hour, {
          ...{ symbol, type, verdict },
          reasons: verdict === "good" ? [] : [`${30 + hour} s without messages`],
          quotes: type === "trades" || hour === 9 ? undefined : counts,
        });
      }),
    ),
  );
  return {
    exchange: "binance",
    symbols: ["BTCUSDT", "ETHUSDT"],
    days: [DATE],
    verdict: "usable",
    findings: CHECK_NAMES.map((check, i) =>
      sampleFinding(check, { symbol: i % 2 === 0 ? "BTCUSDT" : "ETHUSDT" }),
    ),
    hours,
  };
}

/** The figures of an audit. */
export function auditFigures(): readonly Figure[] {
  const result = sampleAudit();
  const agreement = quoteAgreement(result);
  if (isShortfall(agreement)) throw new Error(agreement.what);
  return [
    auditCalendarFigure(symbolHours(result)),
    findingTimelineFigure(findingTimeline(result)),
    quoteAgreementFigure(agreement),
  ];
}
