// Which prices and amounts cannot be?
import { quantile } from "../../core/statistics.js";
import type { AuditedType } from "../../store/audited-types.js";
import { type CheckResult, CLEAN } from "../finding.js";
import { Stretches } from "../measuring/stretches.js";
import { TailAmounts } from "../measuring/tail-amounts.js";
import type { AuditSettings } from "../settings.js";

/**
 * Prices far from those on both sides of them, by the scatter of these and by an absolute limit: a market that moves goes on
 * from its new price, an error comes back. Amounts far beyond the tail of the day's.
 */
export class Outliers {
  private readonly type: AuditedType;
  private readonly settings: AuditSettings["outlier"];
  /** Prices in order of time, the neighbours of the next to be judged on both sides. */
  private readonly timesUs: number[] = [];
  private readonly logs: number[] = [];
  private readonly places = new Stretches();
  private readonly amounts = new TailAmounts();
  /** How many of the prices that are held have been judged. */
  private judged = 0;
  private worstBps = 0;

  constructor(type: AuditedType, settings: AuditSettings["outlier"]) {
    this.type = type;
    this.settings = settings;
  }

  /** Takes a price in order of time. */
  addPrice(localUs: number, price: number): void {
    if (!(price > 0)) return;
    this.timesUs.push(localUs);
    this.logs.push(Math.log(price));
    const { neighbours } = this.settings;
    if (this.logs.length <= 2 * neighbours) return;
    while (this.judged <= neighbours) this.judge(this.judged++);
    this.timesUs.shift();
    this.logs.shift();
    this.judged--;
  }

  /** Takes an amount. */
  addAmount(localUs: number, amount: number): void {
    this.amounts.add(localUs, amount);
  }

  /** What was found. */
  finish(): CheckResult {
    while (this.judged < this.logs.length) this.judge(this.judged++);
    const { amountTails } = this.settings;
    const amounts = this.amounts.beyond(amountTails);
    for (const timeUs of amounts.timesUs) this.places.add(timeUs, timeUs);
    if (this.places.count === 0) return CLEAN;
    const priced = this.places.count - amounts.timesUs.length;
    const told = [
      ...(priced === 0
        ? []
        : [`${priced} prices up to ${this.worstBps.toFixed(0)} bps from those around them`]),
      ...(amounts.timesUs.length === 0
        ? []
        : [
            `${amounts.timesUs.length} amounts up to ${amounts.largest} where one in a thousand is above ${amounts.tail}`,
          ]),
    ];
    const finding = {
      check: "outlier",
      type: this.type,
      count: this.places.count,
      firstUs: this.places.spans()[0]![0],
      isFatal: false,
      value: this.places.count,
      unit: "rows",
      detail: told.join(" and "),
      spans: this.places.spans(),
    } as const;
    const reason = told.join(" and ");
    const marks = this.places
      .hours()
      .map((hourUs) => ({ hourUs, verdict: "usable", reason }) as const);
    return { findings: [finding], marks };
  }

  /** Judges one of the prices that are held by the others. */
  private judge(at: number): void {
    const log = this.logs[at]!;
    const { priceBps, priceScatters } = this.settings;
    const before = this.logs[at - 1] ?? log;
    const after = this.logs[at + 1] ?? log;
    const isNear = (other: number): boolean => Math.abs(log - other) * 1e4 <= priceBps / 2;
    // Nearly all prices lie near their neighbours, and need no median.
    if (isNear(before) && isNear(after)) return;
    const around = this.logs.filter((_, i) => i !== at);
    const centre = quantile(around, 0.5);
    const scatter =
      1.4826 *
      quantile(
        around.map((other) => Math.abs(other - centre)),
        0.5,
      );
    const distance = Math.abs(log - centre);
    if (1e4 * distance <= Math.max(priceBps, 1e4 * priceScatters * scatter)) return;
    this.worstBps = Math.max(this.worstBps, 1e4 * distance);
    this.places.add(this.timesUs[at]!, this.timesUs[at]!);
  }
}
