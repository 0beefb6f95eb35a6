// Did trading pay, and more than luck would have paid the best of so many tries?

import type { Uncertainty } from "../core/block-bootstrap.js";
import { counted } from "../core/counted.js";
import { FEWEST_SHARPE_DAYS } from "../core/daily-sharpe.js";
import { type Gate, measured } from "../core/gate.js";
import { LEAST_EVIDENCE } from "../registry/pass-evidence.js";
import { leftOpenText } from "./late-closes-text.js";

/** What the gates on the backtest look at. */
export interface SharpeGateInput {
  readonly sharpe: Uncertainty;
  /** Of the same rung: what no book took at the end, a share of the capital. */
  readonly leftOpen: number;
  readonly days: number;
  /** Why the backtest is not of the whole test on its books; then no gate on it passes. */
  readonly untraded?: string;
  /** Probability that the Sharpe ratio is more than the best of all trials without skill; NaN when unknown. */
  readonly deflatedSharpe: number;
  /** Tries in the ledger: trials, each once for every way of executing it. The deflated Sharpe ratio is held against them. */
  readonly trials: number;
}

const REQUIRED_SHARPE = 1;
const REQUIRED_DEFLATED_SHARPE = 0.95;
const NO_BLOCKS = "too few days differ from the others for an interval by blocks of days";

/** More than one after costs, on days enough to tell. */
export function sharpeGate({ sharpe, leftOpen, days, untraded }: SharpeGateInput): Gate {
  const rule = `Sharpe after costs > 1 on at least ${LEAST_EVIDENCE.days} daily returns; interval by blocks of days, never narrower than for independent ones`;
  const margin = sharpe.estimate - REQUIRED_SHARPE;
  const found = measured("sharpe", rule, sharpe, margin, () => {
    if (!(days >= LEAST_EVIDENCE.days) || untraded !== undefined) return "undecided";
    return margin > 0 ? "pass" : "fail";
  });
  const beside = leftOpenText(leftOpen);
  const gate = beside === undefined ? found : { ...found, beside };
  if (untraded !== undefined) return { ...gate, reason: untraded };
  if (days < LEAST_EVIDENCE.days) return { ...gate, reason: counted(days, "daily return") };
  return Number.isNaN(sharpe.lower) ? { ...gate, reason: NO_BLOCKS } : gate;
}

/** Surely above the best of all that was tried. */
export function deflatedSharpeGate({
  sharpe,
  deflatedSharpe,
  days,
  trials,
  untraded,
}: SharpeGateInput): Gate {
  const rule = "deflated Sharpe, over all tries in the ledger, ≥ 0.95";
  const margin = deflatedSharpe - REQUIRED_DEFLATED_SHARPE;
  const figure = { estimate: deflatedSharpe, lower: deflatedSharpe, upper: deflatedSharpe };
  const found = measured("deflated-sharpe", rule, figure, margin, () => {
    if (!(days >= LEAST_EVIDENCE.days) || !(trials >= 1) || untraded !== undefined)
      return "undecided";
    return margin >= 0 ? "pass" : "fail";
  });
  const gate = {
    ...found,
    beside: `${counted(trials, "try", "tries")}, a probability, which has no interval of its own`,
  };
  if (untraded !== undefined) return { ...gate, reason: untraded };
  if (days >= LEAST_EVIDENCE.days && Number.isNaN(deflatedSharpe)) {
    const reason = Number.isNaN(sharpe.lower)
      ? NO_BLOCKS
      : `fewer than two trials of this horizon have a Sharpe ratio, which takes ${FEWEST_SHARPE_DAYS} days that differ, so how far these scatter is not known; train and evaluate another on such days, --columns base for one`;
    return { ...gate, reason };
  }
  return days >= LEAST_EVIDENCE.days ? gate : { ...gate, reason: counted(days, "daily return") };
}
