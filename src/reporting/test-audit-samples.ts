// Small made-up audits for tests of figures and tables; every number is drawn from a seed.

import type { AuditResult, LocatedFinding, LocatedHour } from "../audit/audit.js";
import { CHECK_NAMES, type CheckName } from "../audit/finding.js";
import { LIGHT } from "../core/palette.js";
import { seededRandom } from "../core/random.js";
import { isShortfall } from "../core/shortfall.js";
import { HOUR_US, MINUTE_US, SECOND_US } from "../core/time.js";
import { symbolHours } from "./audit-report.js";
import type { Figure } from "./figure.js";
import { auditCalendarFigure } from "./figures/audit-calendar.js";
import { findingTicksFigure } from "./figures/finding-ticks.js";
import { findingTimelineFigure } from "./figures/finding-timeline.js";
import { quoteAgreementFigure } from "./figures/quote-agreement.js";
import { findingTimeline } from "./finding-timeline.js";
import type { FindingPicture, PicturePanel, Series } from "./pictures/picture.js";
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

/** The figures of an audit; one of the ticks for every check. */
export function auditFigures(): readonly Figure[] {
  const result = sampleAudit();
  const agreement = quoteAgreement(result);
  if (isShortfall(agreement)) throw new Error(agreement.what);
  return [
    auditCalendarFigure(symbolHours(result)),
    findingTimelineFigure(findingTimeline(result)),
    quoteAgreementFigure(agreement),
    ...result.findings.map((finding, i) => findingTicksFigure(samplePicture(finding, i + 1))),
  ];
}

/** Made-up ticks around a finding: prices, a logarithmic level, candles or nothing at all, in turn. */
export function samplePicture(finding: LocatedFinding, rank = 1): FindingPicture {
  const place = finding.spans[0] ?? [finding.firstUs, finding.firstUs];
  const window = { fromUs: place[0] - MINUTE_US, toUs: place[1] + MINUTE_US };
  const kinds = [
    [pricePanel(window.fromUs)],
    [levelPanel(window.fromUs)],
    candlePanels(window.fromUs),
    [EMPTY],
  ];
  const panels = kinds[(rank - 1) % kinds.length]!;
  return { rank, finding, place, window, panels, what: "what is drawn", n: "7000 states" };
}

const EMPTY: PicturePanel = { name: "price", axis: "price (quote currency)", series: [] };

/** More points than are drawn; the one beyond all others must be seen all the same. */
function pricePanel(fromUs: number): PicturePanel {
  const random = seededRandom(12, "prices");
  const timesUs = Float64Array.from({ length: 7000 }, (_, i) => fromUs + i * 18_000);
  const bid = timesUs.map((_, i) => (i === 3000 ? Number.NaN : 100 + random.normal()));
  const steps = { draw: "steps", timesUs } as const;
  const trades: Series = {
    ...{ name: "buy", draw: "dots", colour: LIGHT.bid, timesUs, values: bid },
    amounts: timesUs.map(() => random.exponential()),
  };
  return {
    name: "price",
    axis: "price (quote currency)",
    series: [
      { ...steps, name: "bid", colour: LIGHT.bid, values: bid },
      {
        ...steps,
        name: "ask",
        colour: LIGHT.ask,
        values: bid.map((value) => value + 1),
        isDashed: true,
      },
      trades,
    ],
    circled: { timesUs: timesUs.slice(0, 1), values: bid.slice(0, 1) },
  };
}

function levelPanel(fromUs: number): PicturePanel {
  const timesUs = Float64Array.from({ length: 50 }, (_, i) => fromUs + i * SECOND_US);
  const values = timesUs.map((_, i) => (i < 25 ? 1 : 9));
  const series: Series = { name: "spread", draw: "line", colour: LIGHT.model, timesUs, values };
  return { name: "spread", axis: "spread (bps)", isLog: true, series: [series], range: [0, 1] };
}

function candlePanels(fromUs: number): readonly PicturePanel[] {
  const barStartUs = Float64Array.of(fromUs, fromUs + MINUTE_US);
  const flat = Float64Array.of(100, 101);
  const volume: Series = {
    ...{ name: "volume", draw: "bars", colour: LIGHT.muted },
    ...{ timesUs: barStartUs, values: Float64Array.of(3, 0) },
  };
  const candles = {
    ...{ barStartUs, barEndUs: barStartUs.map((time) => time + MINUTE_US), volume: volume.values },
    ...{ open: flat, high: flat, low: flat, close: flat },
  };
  return [
    { name: "price", axis: "price (quote currency)", series: [], candles },
    { name: "volume", axis: "volume (base coin)", series: [volume] },
  ];
}
