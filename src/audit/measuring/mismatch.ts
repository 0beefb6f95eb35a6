import { counted } from "../../core/counted.js";
import { secondsText } from "../../core/seconds-text.js";
import { SECOND_US } from "../../core/time.js";
import type { Agreement } from "../../market/agreement.js";
import { type CheckName, type CheckResult, CLEAN, type Span } from "../finding.js";
import type { MismatchRule } from "../settings.js";
import type { BookType } from "./book-state.js";
import { DifferingRuns } from "./differing-runs.js";
import { addByHour, HourlyCount, hourOf } from "./hours.js";
import { Stretches, united } from "./stretches.js";

/** How a book compares with another telling of it, hour by hour. */
export interface AgreementCounts {
  readonly compared: number;
  readonly pricesEqual: number;
  readonly allEqual: number;
}

/** What is compared with what. */
export interface MismatchName {
  readonly check: CheckName;
  readonly type: BookType;
  /** The other telling, as a type and in words. */
  readonly otherType: BookType;
  readonly other: string;
}

/**
 * Judges how often a book agrees with another telling of it: by the shares of the day, and by runs of states that differ for
 * some seconds in a row, which a day's share would hide.
 */
export class Mismatch {
  private readonly name: MismatchName;
  private readonly law: MismatchRule;
  private readonly compared = new HourlyCount();
  private readonly prices = new HourlyCount();
  private readonly all = new HourlyCount();
  /** Runs of states that differ in their prices mostly, and of those that differ in amounts. */
  private readonly runs = new Stretches();
  private readonly amountRuns = new Stretches();
  /** The longest of the shorter ones that begin in an hour, by its start in µs. */
  private readonly shortRuns = new Map<number, Span>();
  private readonly differing: DifferingRuns;

  constructor(name: MismatchName, law: MismatchRule) {
    this.name = name;
    this.law = law;
    this.differing = new DifferingRuns(
      law.runSeconds * SECOND_US,
      (span, { isRun, isOfPrices }) => {
        if (isRun) (isOfPrices ? this.runs : this.amountRuns).add(...span);
        else this.keepShort(span);
      },
    );
  }

  /**
   * Takes the comparison of one state, in order of time.
   *
   * @param sinceUs - from when on what the state differs from stands, where that is earlier
   */
  add(localUs: number, agreement: Agreement, sinceUs: number = localUs): void {
    if (agreement === "none") return;
    this.compared.add(localUs);
    if (agreement !== "unequal") this.prices.add(localUs);
    if (agreement === "all") this.all.add(localUs);
    this.differing.add(localUs, agreement, sinceUs);
  }

  /** Says for how long the last state that was taken and the other telling both stood unchanged, µs. */
  stand(stoodUs: number): void {
    this.differing.stand(stoodUs);
  }

  /** Takes a stretch in which the book and the other telling stood unchanged and differed, whatever came before them. */
  standApart(sinceUs: number, untilUs: number, isOfPrices: boolean): void {
    this.differing.add(sinceUs, isOfPrices ? "unequal" : "prices", sinceUs);
    this.differing.stand(untilUs - sinceUs);
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
    this.differing.finish();
    const [compared, pricesEqual, allEqual] = [this.compared, this.prices, this.all].map(sum);
    const prices = pricesEqual! / compared!;
    const all = allEqual! / compared!;
    const { pricesShare, allShare, fatalShare, runSeconds } = this.law;
    const isLawful = prices >= pricesShare && all >= allShare;
    const isRun = this.runs.count + this.amountRuns.count > 0;
    if (compared === 0 || (isLawful && !isRun)) return CLEAN;
    const places = this.places();
    const { check, type, other } = this.name;
    const isQuotes = check === "quote-mismatch";
    const what = isQuotes
      ? counted(compared!, isRebuilt(type) ? "book state" : "snapshot")
      : `${compared!.toLocaleString("en")} ${other}`;
    const seconds = (this.runs.totalUs + this.amountRuns.totalUs) / 1e6;
    const isFatal = prices < fatalShare && this.runs.count > 0;
    const finding = {
      check,
      type,
      count: Math.max(
        1,
        compared! - (prices >= pricesShare && this.runs.count === 0 ? allEqual! : pricesEqual!),
      ),
      firstUs: places[0]![0],
      isFatal,
      value: prices,
      unit: "share",
      detail:
        `of ${what} ${percent(prices)} have the ${isQuotes ? "quotes'" : "book's"} prices and ` +
        `${percent(all)} prices and amounts; they differ for ${secondsText(seconds)} in runs of ${runSeconds} s or more`,
      spans: places,
    } as const;
    return { findings: [finding], marks: this.marks(covered) };
  }

  /** The runs, and the longest stretch of each hour whose shares are unlawful without any. */
  private places(): readonly Span[] {
    const runs = [...this.runs.spans(), ...this.amountRuns.spans()];
    const inRuns = new Map<number, number>();
    for (const [startUs, endUs] of runs) addByHour(inRuns, startUs, endUs);
    const short = [...this.shortRuns].filter(
      ([hourUs]) => !inRuns.has(hourUs) && !this.isLawful(hourUs),
    );
    const all = [...runs, ...short.map(([, span]) => span)];
    // Shares may be unlawful for a stretch that began in the hour before.
    const told = new Stretches();
    for (const span of united(all.length > 0 ? all : [...this.shortRuns.values()])) {
      told.add(...span);
    }
    return told.spans();
  }

  private isLawful(hourUs: number): boolean {
    const { compared, pricesEqual, allEqual } = this.hour(hourUs);
    const { pricesShare, allShare } = this.law;
    return pricesEqual >= pricesShare * compared && allEqual >= allShare * compared;
  }

  private marks(covered: ReadonlyMap<number, number>): CheckResult["marks"] {
    const { pricesShare, allShare, fatalShare, badAbove } = this.law;
    const { type, other, otherType } = this.name;
    const limits = { usableAbove: 0, badAbove };
    const reason = (s: number): string => `book differs from ${other} for ${secondsText(s)}`;
    const shares = [...this.compared.entries()].flatMap(([hourUs, compared]) => {
      const prices = this.prices.of(hourUs) / compared;
      const all = this.all.of(hourUs) / compared;
      if (prices >= pricesShare && all >= allShare) return [];
      const what = `${percent(prices)} of states have the ${other}' prices, ${percent(all)} all`;
      return [{ hourUs, verdict: prices < fatalShare ? "bad" : "usable", reason: what } as const];
    });
    const inAmounts = (s: number): string =>
      `amounts differ from the ${other}' for ${secondsText(s)}`;
    const marks = [
      ...this.runs.marks(covered, limits, reason),
      ...this.amountRuns.marks(covered, { usableAbove: 0, badAbove: 1 }, inAmounts),
      ...shares,
    ];
    // Which of the two is wrong nobody knows: the other is usable at best.
    const hours = new Set(marks.map(({ hourUs }) => hourUs));
    const others = Array.from(hours, (hourUs) => ({
      ...{ hourUs, type: otherType, verdict: "usable" as const },
      reason: isRebuilt(type)
        ? "the book rebuilt from its changes differs"
        : "the book that the snapshots show differs",
    }));
    return [...marks, ...others];
  }

  private keepShort(span: Span): void {
    const hourUs = hourOf(span[0]);
    const other = this.shortRuns.get(hourUs);
    if (other === undefined || span[1] - span[0] > other[1] - other[0]) {
      this.shortRuns.set(hourUs, span);
    }
  }
}

function isRebuilt(type: BookType): boolean {
  return type === "incremental_book_L2";
}

function sum(count: HourlyCount): number {
  return [...count.entries().values()].reduce((all, one) => all + one, 0);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}
