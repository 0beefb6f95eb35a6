import type { Random } from "../core/random.js";
import { IMBALANCE_SCALE } from "./settings.js";

/** Deviation of ln(amount) of a market order, unless it is told otherwise. */
const ORDER_SPREAD = 1.15;
/** Chance that an order is filled in one more piece. */
const MORE_FILLS = 0.4;

/** One market order: all its fills come at one moment and price. */
export interface MarketOrder {
  /** 1 buys, −1 sells. */
  readonly side: 1 | -1;
  /** Amount of each fill, whole lots. */
  readonly fillLots: readonly number[];
}

/**
 * Market orders of one minute, in order of time: (bought − sold)/(bought + sold) is tanh(c·flow) up to the rounding of
 * lots. Sizes are fat-tailed and drawn before any side; the sides are dealt to a shuffled hand until the bought volume
 * stands nearest to its share, then each side is scaled to it.
 *
 * @param options.flow - the minute's flow of trades
 * @param options.fills - number of trades, at least 3
 * @param options.medianLots - median amount of an order
 * @param options.spread - deviation of ln(amount) of an order
 */
export function marketOrders(
  random: Random,
  { flow, fills, medianLots, spread = ORDER_SPREAD }: MarketOrderOptions,
): readonly MarketOrder[] {
  const counts = fillCounts(random, fills);
  const sizes = counts.map(() => medianLots * Math.exp(spread * random.normal()));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const boughtShare = (1 + Math.tanh(IMBALANCE_SCALE * flow)) / 2;

  const buys = new Set<number>();
  let bought = 0;
  const hand = shuffled(random, counts.length);
  for (const order of hand) {
    if (bought + sizes[order]! / 2 > boughtShare * total) continue;
    bought += sizes[order]!;
    buys.add(order);
  }
  if (buys.size === 0) buys.add(hand[0]!);
  if (buys.size === hand.length) buys.delete(hand[0]!);

  const totalLots = Math.round(total);
  const boughtLots = Math.round(boughtShare * totalLots);
  const lots = new Array<number>(counts.length);
  for (const [isBuy, sideLots] of [
    [true, boughtLots],
    [false, totalLots - boughtLots],
  ] as const) {
    const members = hand.filter((order) => buys.has(order) === isBuy);
    scaleTo(sideLots, members, sizes, counts, lots);
  }
  return counts.map((count, order) => ({
    side: buys.has(order) ? 1 : -1,
    fillLots: split(random, lots[order]!, count),
  }));
}

interface MarketOrderOptions {
  readonly flow: number;
  readonly fills: number;
  readonly medianLots: number;
  readonly spread?: number;
}

/** How many fills each order has: two orders at least, and the given number of fills in all. */
function fillCounts(random: Random, fills: number): readonly number[] {
  const counts: number[] = [];
  let left = fills;
  while (left > 0) {
    const most = counts.length === 0 ? left - 1 : left;
    let count = 1;
    while (count < most && random.uniform() < MORE_FILLS) count++;
    counts.push(count);
    left -= count;
  }
  return counts;
}

/** Whole lots in proportion to the sizes that add up to `sideLots`, a lot per fill at least. */
function scaleTo(
  sideLots: number,
  members: readonly number[],
  sizes: readonly number[],
  counts: readonly number[],
  lots: number[],
): void {
  const sum = members.reduce((all, order) => all + sizes[order]!, 0);
  let left = sideLots;
  let largest = members[0]!;
  for (const order of members) {
    lots[order] = Math.max(counts[order]!, Math.round((sizes[order]! / sum) * sideLots));
    left -= lots[order]!;
    if (lots[order]! > lots[largest]!) largest = order;
  }
  lots[largest] = Math.max(counts[largest]!, lots[largest]! + left);
}

function split(random: Random, lots: number, pieces: number): readonly number[] {
  const fills: number[] = [];
  let left = lots;
  for (let rest = pieces - 1; rest > 0; rest--) {
    const fill = 1 + Math.floor((left - rest) * random.uniform() * 0.8);
    fills.push(Math.min(fill, left - rest));
    left -= fills.at(-1)!;
  }
  fills.push(left);
  return fills;
}

function shuffled(random: Random, length: number): readonly number[] {
  const order = Array.from({ length }, (_, i) => i);
  for (let i = length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}
