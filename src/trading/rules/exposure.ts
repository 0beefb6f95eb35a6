import { coinOf } from "../../core/symbols.js";

/** What is held of a symbol, and what it is worth. */
export interface Position {
  readonly symbol: string;
  /** Base currency, below 0 when short. */
  readonly amount: number;
  /** NaN where there is none; then nothing that needs it is known. */
  readonly price: number;
}

/**
 * Moves that must be survived, ratios of the price, by symbol or by coin: what may come between two looks at the market, and what
 * it costs to get out then. `other` is for what is not named.
 */
export interface StressMoves {
  readonly other: number;
  readonly bySymbol: Readonly<Record<string, number>>;
}

/** Coins of the symbols that were asked for: looking one up in all exchanges' names takes longer than all else at a price. */
const COINS = new Map<string, string>();

/** The move of a symbol that must be survived. */
export function stressRatio({ other, bySymbol }: StressMoves, symbol: string): number {
  let coin = COINS.get(symbol);
  if (coin === undefined) {
    coin = coinOf(symbol);
    COINS.set(symbol, coin);
  }
  return bySymbol[symbol] ?? bySymbol[coin] ?? other;
}

/** Value of all positions, long and short, USD; NaN where a price is missing. */
export function exposureUsd(positions: readonly Position[]): number {
  return positions.reduce((sum, { amount, price }) => sum + value(amount, price), 0);
}

/** Loss if every position is hit by its move at once, whichever its side, USD; NaN where a price is missing. */
export function stressLossUsd(positions: readonly Position[], moves: StressMoves): number {
  return positions.reduce(
    (sum, { symbol, amount, price }) => sum + stressRatio(moves, symbol) * value(amount, price),
    0,
  );
}

/** Each position with or without what orders may still trade of it, whichever is larger: nobody knows which of them are filled. */
export function withAhead(
  positions: readonly Position[],
  ahead: readonly Position[],
): readonly Position[] {
  return positions.map((held) =>
    ahead.reduce((most, { symbol, amount, price }) => {
      const after = most.amount + amount;
      if (symbol !== held.symbol || Math.abs(after) <= Math.abs(most.amount)) return most;
      return { symbol, amount: after, price };
    }, held),
  );
}

/** Nothing held is worth nothing, also where it has no price. */
function value(amount: number, price: number): number {
  return amount === 0 ? 0 : Math.abs(amount) * price;
}
