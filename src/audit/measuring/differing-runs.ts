import { SECOND_US } from "../../core/time.js";
import type { Agreement } from "../../market/agreement.js";
import type { Span } from "../finding.js";

/** Fewer states that differ may have come between two messages, unless they and what they differ from stood long enough. */
const RUN_STATES = 3;

/**
 * Agreement that is shorter than this does not end a run: what differs may by chance be what the other shows within the
 * window around it. So great a share of the run's states differs at least.
 */
const CHANCE_US = 0.5 * SECOND_US;
const RUN_SHARE = 2 / 3;

/** Is told a stretch of states that differ; `isRun` where so long a one is no matter of chance or timing. */
type OnStretch = (
  span: Span,
  is: { readonly isRun: boolean; readonly isOfPrices: boolean },
) => void;

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

/** Follows the states of two tellings through stretches in which they differ. */
export class DifferingRuns {
  private readonly leastUs: number;
  private readonly onStretch: OnStretch;
  private readonly run: Run = { ...NO_RUN };
  private lastUs = Number.NaN;

  /**
   * @param leastUs - a shorter stretch is no run
   * @param onStretch - told every stretch once it has ended
   */
  constructor(leastUs: number, onStretch: OnStretch) {
    this.leastUs = leastUs;
    this.onStretch = onStretch;
  }

  /**
   * Takes how a state agrees, in order of time: begins, lengthens or ends a stretch.
   *
   * @param sinceUs - from when on what the state differs from stands
   */
  add(localUs: number, agreement: Agreement, sinceUs: number): void {
    const { run } = this;
    this.lastUs = localUs;
    if (localUs - run.agreesSinceUs >= CHANCE_US) this.end(run.agreesSinceUs);
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

  /** Says for how long the last state and the other telling both stood unchanged, µs. */
  stand(stoodUs: number): void {
    if (this.run.differing > 0 && this.run.lastAgreeing === 0) this.run.stoodUs += stoodUs;
  }

  /** Ends the last stretch. */
  finish(): void {
    const { agreesSinceUs } = this.run;
    this.end(Number.isNaN(agreesSinceUs) ? this.lastUs : agreesSinceUs);
  }

  private end(nowUs: number): void {
    const { fromUs, differing, agreeing, unequal, stoodUs } = this.run;
    if (differing === 0) return;
    const isShown = differing >= RUN_STATES || stoodUs >= this.leastUs;
    const isMostly = differing >= RUN_SHARE * (differing + agreeing);
    const isRun = isShown && isMostly && nowUs - fromUs >= this.leastUs;
    this.onStretch([fromUs, nowUs], { isRun, isOfPrices: 2 * unequal >= differing });
    Object.assign(this.run, NO_RUN);
  }
}
