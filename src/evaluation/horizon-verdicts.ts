// At which horizons does the edge pay, when none may be picked for its luck?

import { chanceOverBlocks, MISS_RATE } from "../core/few-blocks.js";
import { holdTogether } from "../core/holm.js";
import type { HorizonPoint } from "./horizon-map.js";

/** A horizon that nobody has judged. */
export type MeasuredHorizon = Omit<HorizonPoint, "pays">;

/**
 * Judges all horizons together by Holm's rule at 5 %: seven that are asked alone would show one that pays by luck, or does not,
 * in about three maps of ten. What is told apart from its cost must be so beyond its own interval too.
 */
export function withVerdicts(points: readonly MeasuredHorizon[]): readonly HorizonPoint[] {
  const chances = points.map(({ edgeBps, costBps, blocks }) =>
    chanceOverBlocks((edgeBps.estimate - costBps) / edgeBps.standardError, blocks),
  );
  const holds = holdTogether(chances, MISS_RATE);
  return points.map((point, i) => ({ ...point, pays: holds[i] ? paysAlone(point) : "undecided" }));
}

function paysAlone({ edgeBps, costBps }: MeasuredHorizon): HorizonPoint["pays"] {
  if (edgeBps.lower > costBps) return "yes";
  return edgeBps.upper < costBps ? "no" : "undecided";
}
