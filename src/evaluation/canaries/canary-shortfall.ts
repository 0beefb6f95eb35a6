// Which canaries could not be run, why, and what would let them?
import { isShortfall, type Shortfall, shortfallText } from "../../core/shortfall.js";
import type { Canary } from "./canary.js";

/** What canaries lacked that were to be run. */
export interface CanaryShortfall extends Shortfall {
  /** Names of those that were not run. */
  readonly canaries: readonly string[];
  /** What to do, as a sentence; left out where what is missing says it. */
  readonly remedy?: string;
}

/** A shortfall of canaries, by their names. */
export function notRun(lack: Shortfall, ...canaries: readonly string[]): CanaryShortfall {
  return { ...lack, canaries };
}

/** The same, where the test or what is fitted on is too short. */
export function tooShort(lack: Shortfall, ...canaries: readonly string[]): CanaryShortfall {
  const remedy = "Give more days, or labels of a shorter horizon.";
  return { ...notRun(lack, ...canaries), remedy };
}

/** Canaries that were to be run. */
export interface CanaryRuns {
  /** Those that were, in the order they are printed. */
  readonly canaries: readonly Canary[];
  /** Why others were not: each reason once, with the names of all that it kept from it. */
  readonly canaryShortfalls: readonly CanaryShortfall[];
}

/** Tells the canaries that were run from those that were not. */
export function canaryRuns(asked: readonly (Canary | CanaryShortfall)[]): CanaryRuns {
  const canaries: Canary[] = [];
  const reasons = new Map<string, CanaryShortfall>();
  for (const one of asked) {
    if (!isNotRun(one)) {
      canaries.push(one);
      continue;
    }
    const reason = reasonText(one);
    const before = reasons.get(reason)?.canaries ?? [];
    reasons.set(reason, { ...one, canaries: [...before, ...one.canaries] });
  }
  return { canaries, canaryShortfalls: [...reasons.values()] };
}

function isNotRun(one: Canary | CanaryShortfall): one is CanaryShortfall {
  return isShortfall(one);
}

/** Names of the canaries that were not run; some have a comma. */
export function namesText({ canaries }: Pick<CanaryShortfall, "canaries">): string {
  return canaries.join("; ");
}

/** Which canaries were not run, why, and what to do. */
export function notRunText(lack: CanaryShortfall): string {
  const noun = lack.canaries.length === 1 ? "canary" : "canaries";
  return `${noun} ${namesText(lack)}: ${reasonText(lack)}`;
}

function reasonText({ remedy, ...lack }: CanaryShortfall): string {
  return remedy === undefined ? shortfallText(lack) : `${shortfallText(lack)} ${remedy}`;
}
