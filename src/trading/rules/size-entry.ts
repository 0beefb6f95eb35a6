import { coinOf } from "../../core/symbols.js";
import { type AccountRules, lotRule } from "./account-rules.js";
import {
  exposureUsd,
  type Position,
  type StressMoves,
  stressLossUsd,
  stressRatio,
} from "./exposure.js";
import { splitOrder } from "./split-order.js";

/** An order that is to be sized, and all that bounds it. */
export interface EntryRequest {
  readonly rules: Pick<AccountRules, "leverage" | "lots">;
  readonly symbol: string;
  /** Wanted, base currency, above 0 to buy. */
  readonly amount: number;
  readonly price: number;
  /** All that is held, of this symbol too. */
  readonly positions: readonly Position[];
  readonly equityUsd: number;
  /** Equity less the higher floor, now or after midnight: `entryHeadroomUsd`. */
  readonly headroomUsd: number;
  /** Of the headroom, what is not to be used. */
  readonly bufferUsd: number;
  readonly stress: StressMoves;
  /** What the order itself costs: fee and half the spread, a ratio of its value. */
  readonly costRatio: number;
}

/** What is left of an order. */
export interface SizedEntry {
  /** The reducing part, which is never changed, and what may be opened. */
  readonly amount: number;
  /** What made the opening part smaller; "" where nothing did. */
  readonly limit: "" | "headroom" | "leverage" | "lot-cap" | "lot-step" | "price";
}

/**
 * The largest part of an order that may be opened: after it a stress move against all positions at once leaves the equity at the
 * floor and its buffer, all positions are worth at most leverage × equity, and the symbol's position keeps its lots. The cap
 * holds for the whole position, which is stricter than for each trade. What reduces a position is never touched, not by lots
 * either.
 */
export function sizeEntry(request: EntryRequest): SizedEntry {
  const { symbol, amount, positions, rules } = request;
  const held = positions.reduce((sum, one) => sum + (one.symbol === symbol ? one.amount : 0), 0);
  const { reducing, opening } = splitOrder(held, amount);
  if (opening === 0) return { amount, limit: "" };
  const bounds = entryBounds(request, held, reducing);
  // What nobody knows allows nothing.
  if (!(request.price > 0) || bounds.some(([, bound]) => Number.isNaN(bound))) {
    return { amount: reducing, limit: "price" };
  }
  const wanted = Math.abs(opening);
  const [tightest, bound] = bounds.reduce((least, one) => (one[1] < least[1] ? one : least));
  const size = Math.max(0, Math.min(wanted, bound));
  const opened = wholeLots(size, lotRule(rules, symbol, coinOf(symbol)));
  const limit = opened === wanted ? "" : size < wanted ? tightest : "lot-step";
  return { amount: opened === 0 ? reducing : reducing + Math.sign(opening) * opened, limit };
}

/** Most that may be opened by each bound, base currency. */
function entryBounds(
  {
    rules,
    symbol,
    price,
    positions,
    equityUsd,
    headroomUsd,
    bufferUsd,
    stress,
    costRatio,
  }: EntryRequest,
  held: number,
  reducing: number,
): readonly (readonly ["headroom" | "leverage" | "lot-cap", number])[] {
  const rest = positions.filter((one) => one.symbol !== symbol);
  const kept = { symbol, amount: held + reducing, price };
  const after = kept.amount === 0 ? rest : [...rest, kept];
  // Getting out of the reduced part is paid before anything is opened.
  const paidUsd = costRatio * Math.abs(reducing) * price;
  const move = stressRatio(stress, symbol);
  const { leverage } = rules;
  // stress(after) + move·x ≤ headroom − buffer − paid − cost·x
  const roomUsd = headroomUsd - bufferUsd - paidUsd - stressLossUsd(after, stress);
  // value(after) + x ≤ leverage·(equity − paid − cost·x)
  const valueUsd = leverage * (equityUsd - paidUsd) - exposureUsd(after);
  return [
    ["headroom", roomUsd / (move + costRatio) / price],
    ["leverage", valueUsd / (1 + leverage * costRatio) / price],
    ["lot-cap", lotRule(rules, symbol, coinOf(symbol)).most - Math.abs(kept.amount)],
  ];
}

/** The most whole lots in an amount; none where that is below the least. */
function wholeLots(size: number, { least, step }: { least: number; step: number }): number {
  if (step === 0) return size < least ? 0 : size;
  // Five steps of 0.1 are five, though 0.5 / 0.1 may be a little less.
  const steps = Math.floor(size / step + 1e-9);
  const lots = Math.min(size, steps * step);
  return lots < least * (1 - 1e-9) ? 0 : lots;
}
