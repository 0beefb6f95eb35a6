import { quantile } from "../../core/statistics.js";

/** When prices that leave their level and come back to it are errors. */
export interface PriceRunRule {
  /** They must be this far from the level, … */
  readonly priceBps: number;
  /** … so many times the scatter of the prices before, … */
  readonly priceScatters: number;
  /** … so many times the market's usual step, … */
  readonly priceSteps: number;
  /** … and this far where the run is longer than half of the neighbours. */
  readonly longRunBps: number;
  /** A longer run is where the market has gone. */
  readonly longRunSeconds: number;
  /** Prices before whose median is the level. */
  readonly neighbours: number;
}

/** Fewer prices beside it say nothing of one. */
const LEAST_NEIGHBOURS = 10;

/** Steps between prices are counted by the bps; a longer one is no market's usual. */
const MOST_STEP_BPS = 10_000;
/** Steps before their greater ones are the market's own; of fewer, but not of one error's two, the least is. */
const USUAL_STEPS = 20;
const LEAST_STEPS = 4;

const MAD_TO_DEVIATION = 1.4826;

/** Share of the way to a far price, and from it, that an error makes at once. */
const ONE_STEP = 0.75;

/** A longer run is not kept. */
const MOST_ROWS = 100_000;

/**
 * Follows the level of prices, and tells of those that leave it at one step and come back at one step. A market that moves stays,
 * or goes back as it came: in steps. A row's work does not grow with the prices before.
 */
export class PriceRuns {
  private readonly rule: PriceRunRule;
  private readonly report: (timeUs: number, distanceBps: number) => void;
  /** Logarithms of the latest prices of the level, the oldest overwritten. */
  private readonly level: Float64Array;
  private taken = 0;
  private last = Number.NaN;
  /** The first prices of all, until there are enough for a level. */
  private first: [number, number][] | undefined = [];
  private run: [number, number][] = [];
  private centre = Number.NaN;
  private limit = Number.NaN;
  private nearest = Number.POSITIVE_INFINITY;
  private readonly steps = new Float64Array(MOST_STEP_BPS + 1);
  private stepCount = 0;
  private nextLook = LEAST_STEPS;
  private usualBps = 0;
  private before = Number.NaN;

  /** @param report - is told of every price that is an error, in order of time, once it is known */
  constructor(rule: PriceRunRule, report: (timeUs: number, distanceBps: number) => void) {
    this.rule = rule;
    this.report = report;
    this.level = new Float64Array(rule.neighbours);
  }

  /** Takes a price in order of time; one that is none is left out. */
  add(timeUs: number, price: number): void {
    if (!(price > 0 && price < Number.POSITIVE_INFINITY)) return;
    const log = Math.log(price);
    if (log !== this.before) this.countStep(1e4 * Math.abs(log - this.before));
    this.before = log;
    if (this.first === undefined) this.judge(timeUs, log);
    else if (this.first.push([timeUs, log]) > 2 * this.rule.neighbours) this.begin();
  }

  /** The least distance that is an error's by the steps of all prices. */
  finish(): number {
    if (this.first !== undefined && this.first.length > LEAST_NEIGHBOURS) this.begin();
    // The last price of all has neighbours on one side alone, and so may be an error; several may be where the market goes.
    if (this.run.length === 1) this.tell();
    this.usualBps = this.usualStepBps();
    return Math.max(this.rule.priceBps, this.rule.priceSteps * this.usualBps);
  }

  /** Takes the first prices' median for the level, without those far from it. */
  private begin(): void {
    const first = this.first!;
    this.first = undefined;
    const logs = first.map(([, log]) => log);
    this.look(logs);
    for (const log of logs) if (this.isNear(log)) this.accept(log);
    // Several at the start that are elsewhere may be where the market came from.
    const from = logs.findIndex((log) => this.isNear(log));
    for (const [timeUs, log] of from > 1 ? first.slice(from) : first) this.judge(timeUs, log);
  }

  private judge(timeUs: number, log: number): void {
    if (this.run.length === 0) {
      if (this.isUsual(log)) this.accept(log);
      else this.leave(timeUs, log);
    } else if (this.isBack(log)) {
      const [, latest] = this.run.at(-1)!;
      if (this.isOneStep(log, latest)) this.tell();
      else this.move();
      this.accept(log);
    } else this.leave(timeUs, log);
  }

  /** Near the price before, as nearly all are, or near the level. */
  private isUsual(log: number): boolean {
    const { priceBps, priceSteps, neighbours } = this.rule;
    const nearBps = Math.max(priceBps, priceSteps * this.usualBps) / 2;
    if (Math.abs(log - this.last) * 1e4 <= nearBps) return true;
    this.look(this.level.subarray(0, Math.min(this.taken, neighbours)));
    return this.isNear(log) || !this.isOneStep(this.last, log);
  }

  /** Most of the way between the level and a far price is made at once. */
  private isOneStep(near: number, far: number): boolean {
    return Math.abs(far - near) >= ONE_STEP * Math.abs(far - this.centre);
  }

  /** Adds a price to the run of those that left the level, which may become too long for one that comes back. */
  private leave(timeUs: number, log: number): void {
    const { rule, run } = this;
    run.push([timeUs, log]);
    this.nearest = Math.min(this.nearest, Math.abs(log - this.centre));
    if (2 * run.length <= rule.neighbours) return;
    const isFar = 1e4 * this.nearest >= rule.longRunBps;
    const isBrief = timeUs - run[0]![0] <= 1e6 * rule.longRunSeconds && run.length < MOST_ROWS;
    if (!(isFar && isBrief)) this.move();
  }

  /** Level and limit by some prices. */
  private look(logs: ArrayLike<number>): void {
    const { priceBps, priceScatters, priceSteps } = this.rule;
    this.centre = quantile(logs, 0.5);
    const distances = Array.from(logs, (log) => Math.abs(log - this.centre));
    const scatter = MAD_TO_DEVIATION * quantile(distances, 0.5);
    this.limit = Math.max(
      priceBps / 1e4,
      priceScatters * scatter,
      (priceSteps * this.usualBps) / 1e4,
    );
  }

  private isNear(log: number): boolean {
    return Math.abs(log - this.centre) <= this.limit;
  }

  /** A far run may last so long that the level moves a little meanwhile. */
  private isBack(log: number): boolean {
    return Math.abs(log - this.centre) <= Math.max(this.limit, this.nearest / 4);
  }

  private accept(log: number): void {
    this.level[this.taken++ % this.level.length] = log;
    this.last = log;
  }

  /** The run was an error. */
  private tell(): void {
    for (const [timeUs, log] of this.run) this.report(timeUs, 1e4 * Math.abs(log - this.centre));
    this.forget();
  }

  /** The run is where the market has gone. */
  private move(): void {
    for (const [, log] of this.run.slice(-this.level.length)) this.accept(log);
    this.forget();
  }

  private forget(): void {
    this.run = [];
    this.nearest = Number.POSITIVE_INFINITY;
  }

  private countStep(bps: number): void {
    if (!(bps <= MOST_STEP_BPS)) return;
    this.steps[Math.ceil(bps)]!++;
    if (++this.stepCount < this.nextLook) return;
    this.nextLook = 2 * this.stepCount;
    this.usualBps = this.usualStepBps();
  }

  /** Nine in ten steps to another price are no longer. */
  private usualStepBps(): number {
    if (this.stepCount < LEAST_STEPS) return 0;
    let left = this.stepCount < USUAL_STEPS ? 1 : 0.9 * this.stepCount;
    let bps = 0;
    while (left > 0) left -= this.steps[bps++]!;
    return bps - 1;
  }
}
