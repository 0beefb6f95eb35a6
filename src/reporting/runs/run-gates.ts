// Is a run ready for a challenge, and what would that be worth? Gates, odds and words of its acceptance.

import type { Gate } from "../../core/gate.js";
import { type Shortfall, shortfall } from "../../core/shortfall.js";
import type { ChallengeGrid } from "../challenge-report.js";
import type { RunReport } from "./run-report.js";

/** A run's gates as tables and figures of gates take them. */
export function gatesOfRun({ acceptance }: RunReport): {
  readonly model: string;
  readonly gates: readonly Gate[];
} {
  const mark = acceptance.isUnpromoted ? "UNPROMOTED " : "";
  return { model: `${mark}${acceptance.run}`, gates: acceptance.gates };
}

/** Odds of a challenge at the run's own win rate and payoff; or that it has not both won and lost. */
export function challengeOfRun({ acceptance }: RunReport): ChallengeGrid | Shortfall {
  const { odds, figures } = acceptance;
  if (odds !== null) return odds;
  const what = "closed trades, won and lost, on days that the model has not seen";
  return shortfall({ step: "draw the odds of a challenge", what, has: figures.trades, needs: 2 });
}
