import { SECOND_US } from "../core/time.js";
import type { Agreement } from "../market/quote-comparison.js";
import type { BookType } from "./book-state.js";
import { type CheckName, type CheckResult, CLEAN } from "./finding.js";
import { HourlyCount } from "./hours.js";
import type { MismatchRule } from "./settings.js";
import { Stretches } from "./stretches.js";

/** How a book compares with another telling of it, hour by hour. */
export interface AgreementCounts {
  readonly compared: number;
  readonly pricesEqual: number;
  readonly allEqual: number;
}

/**
 * Judges how often a book agrees with another telling of it: by the shares of the day, and by runs of states that differ for
 * some seconds in a row, which a day's share would hide.
 */
export class Mismatch {
  private readonly name: {
    readonly check: CheckName;
    readonly type: BookType;
    readonly other: string;
  };
  private readonly law: MismatchRule;
  private readonly compared = new HourlyCount();
  private readonly prices = new HourlyCount();
  private readonly all = new HourlyCount();
  private readonly runs = new Stretches();
  private firstUnequalUs = Number.NaN;
  private runUs = Number.NaN;
  private lastUs = Number.NaN;

  /** @param name.other - what the book is compared with, for the detail */
  constructor(
    name: { readonly check: CheckName; readonly type: BookType; readonly other: string },
    law: MismatchRule,
  ) {
    this.name = name;
    this.law = law;
  }

  /** Takes the comparison of one state, in order of time. */
  add(localUs: number, agreement: Agreement): void {
    if (agreement === "none") return;
    this.compared.add(localUs);
    if (agreement === "unequal") {
      if (Number.isNaN(this.firstUnequalUs)) this.firstUnequalUs = localUs;
      if (Number.isNaN(this.runUs)) this.runUs = localUs;
    } else {
      this.prices.add(localUs);
      if (agreement === "all") this.all.add(localUs);
      this.endRun(localUs);
    }
    this.lastUs = localUs;
  }

  /** Counts of an hour. */
  hour(hourUs: number): AgreementCounts {
    return {
      compared: this.compared.of(hourUs),
      pricesEqual: this.prices.of(hourUs),
      allEqual: this.all.of(hourUs),
    };
  }

  /** What was found. */
  finish(covered: ReadonlyMap<number, number>): CheckResult {
    this.endRun(this.lastUs);
    const [compared, pricesEqual, allEqual] = [this.compared, this.prices, this.all].map(sum);
    const prices = pricesEqual! / compared!;
    const all = allEqual! / compared!;
    const { pricesShare, allShare, fatalShare } = this.law;
    const isLawful = prices >= pricesShare && all >= allShare;
    if (compared === 0 || (isLawful && this.runs.count === 0)) return CLEAN;
    const { check, type, other } = this.name;
    const seconds = this.runs.totalUs / 1e6;
    const isFatal = prices < fatalShare && this.runs.count > 0;
    const finding = {
      check,
      type,
      count: Math.max(1, compared! - pricesEqual!),
      firstUs: this.runs.count > 0 ? this.runs.firstUs : this.firstUnequalUs,
      isFatal,
      value: prices,
      unit: "share",
      detail:
        `of ${compared} book states ${percent(prices)} have the ${other}' prices and ` +
        `${percent(all)} prices and amounts; they differ for ${seconds.toFixed(1)} s in a row or more`,
      spans: this.runs.spans(),
    } as const;
    return { findings: [finding], marks: this.marks(covered) };
  }

  private marks(covered: ReadonlyMap<number, number>): CheckResult["marks"] {
    const { pricesShare, allShare, fatalShare, badAbove } = this.law;
    const { other } = this.name;
    const limits = { usableAbove: 0, badAbove };
    const reason = (s: number): string => `book differs from ${other} for ${s.toFixed(1)} s`;
    const shares = [...this.compared.entries()].flatMap(([hourUs, compared]) => {
      const prices = this.prices.of(hourUs) / compared;
      const all = this.all.of(hourUs) / compared;
      if (prices >= pricesShare && all >= allShare) return [];
      const what = `${percent(prices)} of states have the ${other}' prices, ${percent(all)} all`;
      return [{ hourUs, verdict: prices < fatalShare ? "bad" : "usable", reason: what } as const];
    });
    return [...this.runs.marks(covered, limits, reason), ...shares];
  }

  private endRun(nowUs: number): void {
    if (nowUs - this.runUs >= this.law.runSeconds * SECOND_US) this.runs.add(this.runUs, nowUs);
    this.runUs = Number.NaN;
  }
}

function sum(count: HourlyCount): number {
  return [...count.entries().values()].reduce((all, one) => all + one, 0);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}
