// Which information coefficients are too good to be true?
import { type Complaint, FEWEST_VALUES, RARE, signedText } from "./finding.js";
import type { InformationCoefficient } from "./information-coefficient.js";
import type { LaggedCoefficients } from "./lagged-coefficients.js";

/** Honest features of minutes reach a tenth; one that reaches this far has probably seen what it predicts. */
const TOO_GOOD = 0.3;

/**
 * Two things are to be looked at, each told once, at the horizon where it is largest.
 * - `information`: a coefficient beyond 0.3 in size, of a hundred rows at least. Of few independent rows chance may explain
 *   it, which is said.
 * - `latency`: a coefficient that chance does not explain and that one latency takes away: so much later it has
 *   changed its sign, or is less than half as large and its interval holds 0. What it knows is over before anyone can act.
 *
 * @param coefficients - of one feature, a horizon each
 * @param latencyMs - for the sentence
 */
export function coefficientComplaints(
  coefficients: readonly LaggedCoefficients[],
  latencyMs: number,
): readonly Complaint[] {
  const real = coefficients
    .filter(({ now }) => now.chance < RARE)
    .sort((a, b) => Math.abs(b.now.value) - Math.abs(a.now.value));
  const good = coefficients
    .filter(({ now }) => now.rows >= FEWEST_VALUES && Math.abs(now.value) > TOO_GOOD)
    .sort((a, b) => Math.abs(b.now.value) - Math.abs(a.now.value))[0];
  const gone = real.find(({ now, afterLatency }) => vanishes(now, afterLatency));
  const complaints: Complaint[] = [];
  if (good !== undefined) {
    complaints.push({
      check: "information",
      severity: "review",
      message: `has a rank correlation of ${interval(good.now)} with the return of ${barsText(good)}: ${doubt(good.now)}`,
    });
  }
  if (gone !== undefined) {
    const before = `loses its rank correlation with the return of ${barsText(gone)}, ${interval(gone.now)}`;
    const after = `${interval(gone.afterLatency!)} is left when it is ${latencyMs} ms late`;
    complaints.push({ check: "latency", severity: "review", message: `${before}: ${after}` });
  }
  return complaints;
}

function doubt({ chance, effectiveRows }: InformationCoefficient): string {
  if (chance < RARE) return "does it know the future?";
  const worth = effectiveRows > 0 ? `${Math.round(effectiveRows)}` : "too few";
  return `does it know the future, or is it chance? The rows are worth ${worth} independent ones`;
}

function vanishes(now: InformationCoefficient, later: InformationCoefficient | null): boolean {
  if (later === null || Number.isNaN(later.low)) return false;
  const hasTurned = Math.sign(later.value) !== Math.sign(now.value);
  const holdsZero = later.low <= 0 && later.high >= 0;
  return hasTurned || (holdsZero && Math.abs(later.value) < Math.abs(now.value) / 2);
}

function interval({ value, low, high }: InformationCoefficient): string {
  return `${signedText(value)} (${signedText(low)} to ${signedText(high)})`;
}

function barsText({ horizonBars }: LaggedCoefficients): string {
  return horizonBars === 1 ? "the next bar" : `the next ${horizonBars} bars`;
}
