import type { CardRung } from "./model-card.js";

/**
 * What the cost of a side at which nothing would be left says of a model, as a sentence. Below 0 it loses before any cost: what
 * it calls is wrong more in value than it is right.
 */
export function breakEvenSentence({
  breakEvenCostBps: even,
  sideCostBps: side,
}: Pick<CardRung, "breakEvenCostBps" | "sideCostBps">): string {
  if (!Number.isFinite(even)) return "It did not trade.";
  const text = Math.abs(even).toFixed(2);
  if (even < 0) {
    return `It loses ${text} bps a side before any cost, so no fee, however low, would make it pay.`;
  }
  if (even === 0) {
    return "It earns nothing before costs, so no fee, however low, would make it pay.";
  }
  if (!Number.isFinite(side)) return `It pays up to ${text} bps a side.`;
  const all = side >= even ? ": costs take all of it" : "";
  return `It pays up to ${text} bps a side, and a side cost ${side.toFixed(2)}${all}.`;
}
