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
    const prices = this.far.from(Math.log(this.runs.finish()) - 0.02);
    const limit = amountLimit(this.amounts.sizes(), this.settings);
    const amounts = this.amounts.from(limit);
    const count = prices.count + amounts.count;
    if (count === 0) return CLEAN;
    const tell = (
      priced: Pick<SizedPlaces, "count" | "largest"> | undefined,
      sized: Pick<SizedPlaces, "count" | "largest"> | undefined,
    ): string =>
      [
        ...(priced === undefined || priced.count === 0 ? [] : [pricesText(priced)]),
        ...(sized === undefined || sized.count === 0 ? [] : [amountsText(sized, limit)]),
      ].join(" and ");
    const places = new Stretches();
    const timesUs = [...prices.timesUs, ...amounts.timesUs].sort((a, b) => a - b);
    for (const timeUs of timesUs) places.add(timeUs, timeUs);
    const finding = {
      check: "outlier",
      type: this.type,
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
      const priced = prices.hours.get(hourUs);
      const sized = amounts.hours.get(hourUs);
      const wrong = (priced?.count ?? 0) + (sized?.count ?? 0);
      const isBad = wrong > this.settings.badAbove * this.rows.of(hourUs);
      return { hourUs, verdict: isBad ? "bad" : "usable", reason: tell(priced, sized) } as const;
    });
    return { findings: [finding], marks };
  }
}

function pricesText({ count, largest }: Pick<SizedPlaces, "count" | "largest">): string {
  return `${counted(count, "price")} up to ${largest.toFixed(0)} bps from those around`;
}

function amountsText(
  { count, largest }: Pick<SizedPlaces, "count" | "largest">,
  limit: number,
): string {
  return `${counted(count, "amount")} up to ${largest} where none should be above ${Number(Math.exp(limit).toPrecision(3))}`;
}
