import { quantile } from "../../core/statistics.js";
import { UsualStep } from "./usual-step.js";

/** How far from their level prices must be to be errors. */
export interface PriceLevelRule {
  /** This far, … */
  readonly priceBps: number;
  /** … so many times the scatter of the prices before, … */
  readonly priceScatters: number;
  /** … and so many times the market's usual step. */
  readonly priceSteps: number;
  /** Prices before whose median is the level. */
  readonly neighbours: number;
}

const MAD_TO_DEVIATION = 1.4826;

/** Share of the way to a far price, and from it, that an error makes at once. */
const ONE_STEP = 0.75;

/** The level of a market's latest prices, by their logarithms. Where it is and how far is far is looked at only when asked for. */
export class PriceLevel {
  /** Where the level was, and how far from it was near, when it was last looked at. */
  centre: number = Number.NaN;
  limit: number = Number.NaN;
  readonly step: UsualStep = new UsualStep();
  private readonly rule: PriceLevelRule;
  /** The oldest is overwritten. */
  private readonly prices: Float64Array;
  private taken = 0;
  private last = Number.NaN;

  constructor(rule: PriceLevelRule) {
    this.rule = rule;
    this.prices = new Float64Array(rule.neighbours);
  }

  /** Takes a price of the level. */
  accept(log: number): void {
    this.prices[this.taken++ % this.prices.length] = log;
    this.last = log;
  }

  /** Forgets the prices so far. */
  restart(): void {
    this.taken = 0;
  }

  /** Looks at some prices in place of the level's own. */
  look(logs: ArrayLike<number>): void {
    this.centre = quantile(logs, 0.5);
    const distances = Array.from(logs, (log) => Math.abs(log - this.centre));
    const scatter = MAD_TO_DEVIATION * quantile(distances, 0.5);
    this.limit = Math.max(this.leastBps() / 1e4, this.rule.priceScatters * scatter);
  }

  /** The least distance that is an error's whatever the scatter, as a logarithm in bps. */
  leastBps(stepBps: number = this.step.bps): number {
    return Math.max(this.rule.priceBps, this.rule.priceSteps * stepBps);
  }

  /** Near the price before, as nearly all are, or near the level, or where several steps led from it. */
  isUsual(log: number): boolean {
    if (Math.abs(log - this.last) * 1e4 <= this.leastBps() / 2) return true;
    this.look(this.prices.subarray(0, Math.min(this.taken, this.prices.length)));
    return this.isNear(log) || !this.isOneStep(this.last, log);
  }

  /** Near the level as it was looked at. */
  isNear(log: number): boolean {
    return Math.abs(log - this.centre) <= this.limit;
  }

  /** Most of the way between the level and a far price is made at once. */
  isOneStep(near: number, far: number): boolean {
    return Math.abs(far - near) >= ONE_STEP * Math.abs(far - this.centre);
  }
}
