import { counted } from "../../core/counted.js";
import { secondsText } from "../../core/seconds-text.js";
import { SECOND_US } from "../../core/time.js";
import type { Agreement } from "../../market/agreement.js";
import { type CheckName, type CheckResult, CLEAN } from "../finding.js";
import type { MismatchRule } from "../settings.js";
import type { BookType } from "./book-state.js";
import { HourlyCount } from "./hours.js";
import { Stretches, united } from "./stretches.js";

/** How a book compares with another telling of it, hour by hour. */
export interface AgreementCounts {
  readonly compared: number;
  readonly pricesEqual: number;
  readonly allEqual: number;
}

/** Fewer states that differ may have come between two messages, unless they and what they differ from stood for as long as a run. */
const RUN_STATES = 3;

/**
 * Agreement that is shorter than this does not end a run: what differs may by chance be what the other shows within the
 * window around it. So great a share of the run's states differs at least.
 */
const CHANCE_US = 0.5 * SECOND_US;
const RUN_SHARE = 2 / 3;

/** What is compared with what. */
export interface MismatchName {
  readonly check: CheckName;
  readonly type: BookType;
  /** The other telling, as a type and in words. */
  readonly otherType: BookType;
  readonly other: string;
}

/** States that differ, from one on. */
interface Run {
  fromUs: number;
  differing: number;
  /** Those of them whose prices differ. */
  unequal: number;
  /** States between them that agree; those after the last of them, and since when. */
  agreeing: number;
  lastAgreeing: number;
  agreesSinceUs: number;
  /** How long states differed while neither telling changed, µs. */
  stoodUs: number;
}

const NO_RUN: Run = {
  fromUs: Number.NaN,
  differing: 0,
  unequal: 0,
  agreeing: 0,
  lastAgreeing: 0,
  agreesSinceUs: Number.NaN,
  stoodUs: 0,
};

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
  private firstDifferentUs = Number.NaN;
  private readonly run: Run = { ...NO_RUN };
  private lastUs = Number.NaN;

  constructor(name: MismatchName, law: MismatchRule) {
    this.name = name;
    this.law = law;
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
    if (agreement !== "all" && Number.isNaN(this.firstDifferentUs)) this.firstDifferentUs = localUs;
    if (agreement === "all") this.all.add(localUs);
    this.follow(localUs, agreement, sinceUs);
    this.lastUs = localUs;
  }

  /** Says for how long the last state that was taken and the other telling both stood unchanged, µs. */
  stand(stoodUs: number): void {
    if (this.run.differing > 0 && this.run.lastAgreeing === 0) this.run.stoodUs += stoodUs;
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
    const { agreesSinceUs } = this.run;
    this.endRun(Number.isNaN(agreesSinceUs) ? this.lastUs : agreesSinceUs);
    const [compared, pricesEqual, allEqual] = [this.compared, this.prices, this.all].map(sum);
    const prices = pricesEqual! / compared!;
    const all = allEqual! / compared!;
    const { pricesShare, allShare, fatalShare, runSeconds } = this.law;
    const isLawful = prices >= pricesShare && all >= allShare;
    const runs = united([...this.runs.spans(), ...this.amountRuns.spans()]);
    if (compared === 0 || (isLawful && runs.length === 0)) return CLEAN;
    const { check, type, other } = this.name;
    const seconds = (this.runs.totalUs + this.amountRuns.totalUs) / 1e6;
    const isFatal = prices < fatalShare && this.runs.count > 0;
    const finding = {
      check,
      type,
      count:
        compared! - (prices >= pricesShare && this.runs.count === 0 ? allEqual! : pricesEqual!),
      firstUs: runs[0]?.[0] ?? this.firstDifferentUs,
      isFatal,
      value: prices,
      unit: "share",
      detail:
        `of ${counted(compared!, isRebuilt(type) ? "book state" : "snapshot")} ${percent(prices)} have the ${other}' prices and ` +
        `${percent(all)} prices and amounts; they differ for ${secondsText(seconds)} in runs of ${runSeconds} s or more`,
      spans: runs,
    } as const;
    return { findings: [finding], marks: this.marks(covered) };
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

  /** Begins, lengthens or ends the run of states that differ. */
  private follow(localUs: number, agreement: Agreement, sinceUs: number): void {
    const { run } = this;
    if (localUs - run.agreesSinceUs >= CHANCE_US) this.endRun(run.agreesSinceUs);
    if (agreement === "all") {
      if (run.differing === 0) return;
      if (run.lastAgreeing++ === 0) run.agreesSinceUs = localUs;
      return;
    }
    run.agreeing += run.lastAgreeing;
    run.lastAgreeing = 0;
    run.agreesSinceUs = Number.NaN;
    if (run.differing++ === 0) run.fromUs = sinceUs;
    if (agreement === "unequal") run.unequal++;
  }

  private endRun(nowUs: number): void {
    const { fromUs, differing, agreeing, unequal, stoodUs } = this.run;
    const leastUs = this.law.runSeconds * SECOND_US;
    const isShown = differing >= RUN_STATES || (differing > 0 && stoodUs >= leastUs);
    const isRun = isShown && differing >= RUN_SHARE * (differing + agreeing);
    if (isRun && nowUs - fromUs >= leastUs) {
      const runs = 2 * unequal >= differing ? this.runs : this.amountRuns;
      runs.add(fromUs, nowUs);
    }
    Object.assign(this.run, NO_RUN);
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
