// What does a run make of a bar? A probability, and a side or the reason why there is none.
import { LEFT_OUT_CAUSES } from "../../features/row-rule.js";

/**
 * Why nothing is staked on a bar, besides the causes for which no model may be asked at all. The first that holds is told.
 * - `feed`: the symbol's book has not been heard of for too long.
 * - `short window`: fewer whole rows in a run than the model looks at.
 * - `bad data`: in too many bars of the last hour the book was missing, crossed or stale.
 * - `wide spread`: the quoted spread is beyond what may be paid.
 * - `foreign inputs`: the row lies farther from the training rows than they did from their own mean.
 * - `drift`: the last day's inputs are others than those of any training day.
 * - `miscalibrated`: the last day's statements came true less often than they said.
 * - `unsure`: too close to ½.
 * - `cooldown`: too soon after the last stake.
 */
export type Abstention = (typeof LEFT_OUT_CAUSES)[number] | (typeof OWN)[number];

const OWN = [
  "feed",
  "short window",
  "bad data",
  "wide spread",
  "foreign inputs",
  "drift",
  "miscalibrated",
  "unsure",
  "cooldown",
] as const;

/** All of them. */
export const ABSTENTIONS: readonly Abstention[] = [...LEFT_OUT_CAUSES, ...OWN];

/** What was made of a bar. */
export interface Signal {
  /** Calibrated, of "up"; NaN where the model may not be asked. */
  readonly probability: number;
  /** 1 long, −1 short, 0 nothing. */
  readonly side: 1 | 0 | -1;
  /** "" where a side is taken. */
  readonly reason: Abstention | "";
}

/** When a run keeps out of the market. */
export interface SignalSettings {
  /** Quoted spread beyond which nothing is staked, bps. */
  readonly maxSpreadBps: number;
  /** Share of the last hour's bars without a valid book beyond which its data is bad, ratio. */
  readonly maxBookless: number;
  /** Standard errors by which confidence may be above what comes true. */
  readonly maxExcess: number;
  /** Bars after a stake in which no other is made. */
  readonly cooldownBars: number;
}

/** Settings unless others are asked for. */
export const SIGNAL_SETTINGS: SignalSettings = {
  maxSpreadBps: 20,
  maxBookless: 0.05,
  maxExcess: 4,
  cooldownBars: 0,
};
