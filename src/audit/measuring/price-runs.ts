import { PriceLevel, type PriceLevelRule } from "./price-level.js";

/** When prices that leave their level and come back to it are errors. */
export interface PriceRunRule extends PriceLevelRule {
  /** They must be this far where the run is longer than half of the neighbours. */
  readonly longRunBps: number;
  /** A longer run is where the market has gone. */
  readonly longRunSeconds: number;
}

/**
 * Is told of a wrong price: its distance from the level as a logarithm, by which limits go, and as a ratio to the level less
 * one, both in bps and without sign.
 */
export type WrongPrice = (timeUs: number, logBps: number, distanceBps: number) => void;

/** Fewer prices beside it say nothing of one. */
const LEAST_NEIGHBOURS = 10;

/** A longer run is not kept. */
const MOST_ROWS = 100_000;

/** So many prices at a day's edge may be errors together if they are far enough. */
const EDGE_ROWS = 3;

/** Where a larger share of the prices are far from the others there is no right one to be wrong by: the market has two prices. */
const MOST_WRONG = 0.25;

type TimedPrice = readonly [timeUs: number, log: number];

/**
 * Follows the level of prices, and tells of those that leave it at one step and come back at one step. A market that moves stays,
 * or goes back as it came: in steps. A row's work does not grow with the prices before.
 */
export class PriceRuns {
  private readonly rule: PriceRunRule;
  private readonly report: WrongPrice;
  private readonly level: PriceLevel;
  /** The first prices of all, until there are enough for a level. */
  private first: TimedPrice[] | undefined = [];
  /** What came since a price left the level: far prices, and single ones near it that may be another error. */
  private run: TimedPrice[] = [];
  private farCount = 0;
  private latestFar = Number.NaN;
  private nearest = Number.POSITIVE_INFINITY;
  /** The run's latest price where it came back; the next one says whether the market did. */
  private back: number | undefined;
  private before = Number.NaN;
  private prices = 0;
  private told = 0;

  /** @param report - is told of every price that is an error, in order of time, once it is known */
  constructor(rule: PriceRunRule, report: WrongPrice) {
    this.rule = rule;
    this.report = report;
    this.level = new PriceLevel(rule);
  }

  /** Takes a price in order of time; one that is none is left out. */
  add(timeUs: number, price: number): void {
    if (!(price > 0 && price < Number.POSITIVE_INFINITY)) return;
    const log = Math.log(price);
    if (log !== this.before) this.level.step.add(1e4 * Math.abs(log - this.before));
    this.before = log;
    this.prices++;
    if (this.first === undefined) this.judge(timeUs, log);
    else if (this.first.push([timeUs, log]) > 2 * this.rule.neighbours) this.begin();
  }

  /** The least distance that is an error's by the steps of all prices, as a logarithm in bps. */
  finish(): number {
    if (this.first !== undefined && this.first.length > LEAST_NEIGHBOURS) this.begin();
    const isEnd = this.isEdge(this.run.filter(([, log]) => !this.level.isNear(log)));
    if (this.back !== undefined || isEnd) this.tell();
    const { step } = this.level;
    step.look();
    return this.level.leastBps(this.told > MOST_WRONG * this.prices ? step.longBps() : step.bps);
  }

  /** Takes the first prices' median for the level, without those far from it. */
  private begin(): void {
    const { level } = this;
    const first = this.first!;
    this.first = undefined;
    const logs = first.map(([, log]) => log);
    level.look(logs);
    for (const log of logs) if (level.isNear(log)) level.accept(log);
    const from = logs.findIndex((log) => level.isNear(log));
    const judged = this.isEdge(first.slice(0, from)) ? first : first.slice(from);
    for (const [timeUs, log] of judged) this.judge(timeUs, log);
  }

  /**
   * Whether far prices before the level, or after it, are errors: on their other side there is no price that says so. One alone
   * may be. Several may be where the market came from, or goes, unless they are few and so far off at one step that hardly any
   * market goes there between two prices.
   */
  private isEdge(far: readonly TimedPrice[]): boolean {
    if (far.length <= 1) return far.length === 1;
    const leastLog = this.rule.longRunBps / 1e4;
    const { centre } = this.level;
    return far.length <= EDGE_ROWS && far.every(([, log]) => Math.abs(log - centre) >= leastLog);
  }

  private judge(timeUs: number, log: number): void {
    const { level } = this;
    if (this.run.length === 0 && level.isUsual(log)) level.accept(log);
    else if (this.run.length === 0 || !this.isBack(log)) this.leave(timeUs, log);
    else if (this.back !== undefined && this.agrees(this.back, log)) {
      this.tell();
      level.accept(log);
    } else this.comeBack(timeUs, log);
  }

  /** Adds a price to the run of those that left the level, which may become too long for one that comes back. */
  private leave(timeUs: number, log: number): void {
    const { rule, run } = this;
    this.back = undefined;
    run.push([timeUs, log]);
    this.countFar(log);
    if (2 * this.farCount <= rule.neighbours) return;
    const isFar = 1e4 * this.nearest >= rule.longRunBps;
    const isBrief = timeUs - run[0]![0] <= 1e6 * rule.longRunSeconds && run.length < MOST_ROWS;
    if (!(isFar && isBrief)) this.move();
  }

  private countFar(log: number): void {
    this.farCount++;
    this.latestFar = log;
    this.nearest = Math.min(this.nearest, Math.abs(log - this.level.centre));
  }

  /** A price is back: an error's run is over when the next one is too. An error may come to the level by chance. */
  private comeBack(timeUs: number, log: number): void {
    if (this.back !== undefined && !this.level.isNear(this.back)) this.countFar(this.back);
    if (this.level.isOneStep(log, this.latestFar)) {
      this.run.push([timeUs, log]);
      this.back = log;
    } else {
      this.move();
      this.level.accept(log);
    }
  }

  /** A far run may last so long that the level moves a little meanwhile. */
  private isBack(log: number): boolean {
    return Math.abs(log - this.level.centre) <= Math.max(this.level.limit, this.nearest / 4);
  }

  private agrees(one: number, other: number): boolean {
    const { level } = this;
    return (level.isNear(one) && level.isNear(other)) || Math.abs(other - one) <= level.limit;
  }

  /** The run was an error, but for the prices that were back. */
  private tell(): void {
    const { level, back = level.centre } = this;
    for (const [timeUs, log] of this.run) {
      const fromLevel = log - level.centre;
      if (this.agrees(back, log)) level.accept(log);
      else {
        this.told++;
        this.report(timeUs, 1e4 * Math.abs(fromLevel), 1e4 * Math.abs(Math.expm1(fromLevel)));
      }
    }
    this.forget();
  }

  /** The run is where the market has gone; of a long one, the level that it left says nothing more. */
  private move(): void {
    if (2 * this.farCount > this.rule.neighbours) this.level.restart();
    for (const [, log] of this.run.slice(-this.rule.neighbours)) this.level.accept(log);
    this.forget();
  }

  private forget(): void {
    this.run = [];
    this.farCount = 0;
    this.nearest = Number.POSITIVE_INFINITY;
    this.back = undefined;
  }
}
