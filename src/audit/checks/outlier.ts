// Which prices and amounts cannot be?
import { counted } from "../../core/counted.js";
import type { AuditedType } from "../../store/audited-types.js";
import { type CheckResult, CLEAN } from "../finding.js";
import { amountLimit } from "../measuring/amount-limit.js";
import { HourlyCount } from "../measuring/hours.js";
import { PlacesBySize, type SizedPlaces } from "../measuring/places-by-size.js";
import { PriceRuns } from "../measuring/price-runs.js";
import { Stretches } from "../measuring/stretches.js";
import type { AuditSettings } from "../settings.js";

/**
 * Prices that leave the level of those around them and come back to it: a market that moves goes on from its new price.
 * Amounts far beyond those of the day.
 */
export class Outliers {
  private readonly type: AuditedType;
  private readonly settings: AuditSettings["outlier"];
  private readonly runs: PriceRuns;
  /** Wrong prices by their logarithm's distance in bps, until the steps of the whole day are known. */
  private readonly far = new PlacesBySize();
  private readonly amounts = new PlacesBySize();
  private readonly rows = new HourlyCount();

  constructor(type: AuditedType, settings: AuditSettings["outlier"]) {
    this.type = type;
    this.settings = settings;
    this.runs = new PriceRuns(settings, (timeUs, logBps, bps) => this.far.add(timeUs, logBps, bps));
  }

  /** Takes a price in order of time. */
  addPrice(localUs: number, price: number): void {
    this.rows.add(localUs);
    this.runs.add(localUs, price);
  }

  /** Takes an amount in order of time; one that is not above zero, as an empty side's, is none. */
  addAmount(localUs: number, amount: number): void {
    if (amount > 0 && amount < Number.POSITIVE_INFINITY) this.amounts.add(localUs, amount);
  }

  /** What was found. */
  finish(): CheckResult {
    const limit = amountLimit(this.amounts.sizes(), this.settings);
    const odd = {
      prices: this.far.from(Math.log(this.runs.finish()) - 0.02),
      amounts: this.amounts.from(limit),
      limit,
    };
    return outlierResult(this.type, odd, (hourUs) => this.rows.of(hourUs), this.settings);
  }
}

/** Prices and amounts that cannot be. */
export interface OddRows {
  readonly prices?: SizedPlaces;
  readonly amounts: SizedPlaces;
  /** Logarithm from which on an amount is odd. */
  readonly limit: number;
}

/**
 * Tells of odd rows, and what they mean for their hours.
 *
 * @param rowsOf - rows of an hour, by its start in µs
 */
export function outlierResult(
  type: AuditedType,
  { prices = NONE, amounts, limit }: OddRows,
  rowsOf: (hourUs: number) => number,
  { badAbove }: Pick<AuditSettings["outlier"], "badAbove">,
): CheckResult {
  const count = prices.count + amounts.count;
  if (count === 0) return CLEAN;
  const tell = (priced: Counted, sized: Counted): string =>
    [
      ...(priced.count === 0 ? [] : [pricesText(priced)]),
      ...(sized.count === 0 ? [] : [amountsText(sized, limit)]),
    ].join(" and ");
  const places = new Stretches();
  const timesUs = [...prices.timesUs, ...amounts.timesUs].sort((a, b) => a - b);
  for (const timeUs of timesUs) places.add(timeUs, timeUs);
  const finding = {
    check: "outlier",
    type,
    count,
    firstUs: places.firstUs,
    isFatal: false,
    value: count,
    unit: "rows",
    detail: tell(prices, amounts),
    spans: places.spans(),
  } as const;
  const hours = new Set([...prices.hours.keys(), ...amounts.hours.keys()]);
  const marks = [...hours].map((hourUs) => {
    const priced = prices.hours.get(hourUs) ?? NONE;
    const sized = amounts.hours.get(hourUs) ?? NONE;
    const isBad = priced.count + sized.count > badAbove * rowsOf(hourUs);
    return { hourUs, verdict: isBad ? "bad" : "usable", reason: tell(priced, sized) } as const;
  });
  return { findings: [finding], marks };
}

type Counted = Pick<SizedPlaces, "count" | "largest">;

const NONE: SizedPlaces = { count: 0, largest: 0, timesUs: [], hours: new Map() };

function pricesText({ count, largest }: Counted): string {
  return `${counted(count, "price")} up to ${largest.toFixed(0)} bps from those around`;
}

function amountsText({ count, largest }: Counted, limit: number): string {
  return `${counted(count, "amount")} up to ${largest} where none should be above ${Number(Math.exp(limit).toPrecision(3))}`;
}
