// What does a finding say in one sentence, and how large is it?
import type { LocatedFinding } from "../audit/audit.js";
import type { CheckName } from "../audit/finding.js";
import { counted } from "../core/counted.js";
import { durationText } from "./duration-text.js";

type Sentence = (finding: LocatedFinding) => string;

/** The finding as a sentence with its market and day, without a full stop. */
export function findingSentence(finding: LocatedFinding): string {
  const { symbol, date, check } = finding;
  const sentence = (finding.type === "candles" ? CANDLES[check] : undefined) ?? SENTENCES[check];
  return `${symbol}, ${date}: ${sentence(finding)}`;
}

/** A finding's size with its unit: "81.2 s", "99.92 %", "12 rows". */
export function sizeText({ value, unit }: Pick<LocatedFinding, "value" | "unit">): string {
  if (unit === "share") return `${(100 * value).toFixed(2)} %`;
  const isExact = unit === "s" || unit === "s a day";
  const digits = isExact && Math.abs(value) < 10 ? 3 : 1;
  const number = value.toLocaleString("en-US", { maximumFractionDigits: digits });
  const isOne = Math.abs(value) === 1;
  return `${number} ${isOne ? unit.replace(/^(row|message|minute|id|time)s$/, "$1") : unit}`;
}

const SENTENCES: Readonly<Record<CheckName, Sentence>> = {
  gap: ({ type, count, value }) =>
    count === 1
      ? `${type} fell silent for ${durationText(1e6 * value)}`
      : `${type} fell silent ${count.toLocaleString("en-US")} times, for ${durationText(1e6 * value)} in all`,
  coverage: ({ type, value, unit, count, isFatal }) => {
    if (unit === "rows") return `${counted(count, "row")} of ${type} arrived outside the day`;
    if (isFatal) return `what is stored of ${type} cannot be read`;
    if (value >= 86_400) return `nothing of ${type} is stored`;
    return `${type} ${isMany(type) ? "are" : "is"} missing for ${durationText(1e6 * value)} at the ends of the day`;
  },
  reconnect: ({ count, value }) =>
    `the book began anew${count === 1 ? "" : ` ${count.toLocaleString("en-US")} times`} and was unknown for ${durationText(1e6 * value)}`,
  duplicate: ({ type, count, unit }) =>
    `${counted(count, unit === "messages" ? "message" : "row")} of ${type} came twice`,
  order: ({ type, count, value }) =>
    `${counted(count, "message")} of ${type} ${count === 1 ? "steps" : "step"} back in time, by up to ${durationText(1e6 * value)}`,
  "clock-offset": ({ type, count, value, unit }) =>
    unit === "messages"
      ? `${counted(count, "message")} of ${type} ${count === 1 ? "has" : "have"} no exchange time`
      : `${type} ${isMany(type) ? "arrive" : "arrives"} ${durationText(1e6 * Math.abs(value))} ${value < 0 ? "before" : "after"} the exchange's time`,
  "clock-drift": ({ type, value }) =>
    `the clocks of ${type} run apart by ${durationText(1e6 * Math.abs(value))} a day`,
  "sequence-jump": ({ count, value }) =>
    `${counted(value, "trade id")} ${value === 1 ? "is" : "are"} missing at ${counted(count, "place")}`,
  "crossed-book": stateSentence("the best bid lies above the best ask"),
  "locked-book": stateSentence("the best bid equals the best ask"),
  "one-sided": stateSentence("one side of the book is empty"),
  "quote-mismatch": ({ type, value }) =>
    type === "incremental_book_L2"
      ? `the rebuilt book leaves the quotes; its best prices are quoted in ${(100 * value).toFixed(2)} % of its states`
      : `the snapshots leave the quotes; ${(100 * value).toFixed(2)} % of their best prices are quoted`,
  "snapshot-mismatch": ({ value }) =>
    `the rebuilt book leaves the snapshots, of which ${(100 * value).toFixed(2)} % have its prices`,
  "frozen-level": ({ value }) =>
    `a best level stands still under trades that hit it, for ${durationText(1e6 * value)}`,
  "stale-book": ({ value }) =>
    `trades go on and the book is silent, for ${durationText(1e6 * value)}`,
  "trade-outside-book": ({ count, value }) =>
    `${counted(count, "trade")} up to ${value.toFixed(1)} bps outside the book around ${count === 1 ? "it" : "them"}`,
  outlier: ({ type, count }) =>
    `${counted(count, OUTLIERS[type] ?? "price")} ${count === 1 ? "stands" : "stand"} far from all that is around ${count === 1 ? "it" : "them"}`,
  "regime-break": ({ detail }) => detail,
  "zero-volume": ({ value }) =>
    `no trade for ${counted(value, "minute")} while the best prices kept changing`,
  "rejected-row": ({ type, count }) => `${counted(count, "row")} of ${type} could not be read`,
  "source-mismatch": detailOf,
};

/** What has an odd price or amount. */
const OUTLIERS: Readonly<Partial<Record<LocatedFinding["type"], string>>> = {
  trades: "trade",
  quotes: "quote",
  incremental_book_L2: "change",
};

/** Where a check means something else for candles. */
const CANDLES: Readonly<Partial<Record<CheckName, Sentence>>> = {
  gap: ({ count }) => `${counted(count, "minute")} ${count === 1 ? "has" : "have"} no candle`,
  coverage: () => "no candles are stored",
  "zero-volume": ({ count }) => `the candles of ${counted(count, "minute")} have no volume`,
  outlier: detailOf,
  "source-mismatch": ({ count, value }) =>
    `${counted(count, "candle")} ${count === 1 ? "differs" : "differ"} from the trades (${(100 * value).toFixed(1)} % of those compared)`,
};

function stateSentence(what: string): Sentence {
  return ({ type, count, value, unit }) =>
    `${what} in ${counted(count, "state")} of ${type}${unit === "s" ? `, for ${durationText(1e6 * value)}` : ""}`;
}

function isMany(type: string): boolean {
  return type.endsWith("s");
}

function detailOf({ detail }: LocatedFinding): string {
  return detail;
}
