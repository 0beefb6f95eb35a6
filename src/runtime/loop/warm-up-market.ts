import type { Random } from "../../core/random.js";
import type { BookChanges, Trades } from "../../store/tables.js";

/** Events of a market that never was. */
export interface WarmUpMarket {
  readonly trades: Trades;
  readonly bookChanges: BookChanges;
}

const DEPTH = 25;
const FIRST_TICK = 100_000;
const TICK = 0.01;
/** Of a bar, each with the best prices anew, some levels behind them and every other time a trade. */
const MESSAGES = 8;
/** From an event to its arrival. */
const DELAY_US = 5000;

interface Row {
  readonly timeUs: number;
  readonly isSnapshot: boolean;
  readonly side: 1 | -1;
  readonly price: number;
  readonly amount: number;
}

/** A book whose mid walks at random, and trades at its best prices. */
export function warmUpMarket(
  random: Random,
  { fromUs, bars, barUs }: Readonly<Record<"fromUs" | "bars" | "barUs", number>>,
): WarmUpMarket {
  const changes: Row[] = [];
  const trades: Row[] = [];
  let bidTick = FIRST_TICK;
  const level = (timeUs: number, side: 1 | -1, depth: number, isSnapshot = false): Row => {
    const price = TICK * (side === 1 ? bidTick - depth : bidTick + 1 + depth);
    return { timeUs, isSnapshot, side, price, amount: 0.1 + random.exponential() };
  };
  for (let depth = 0; depth < DEPTH; depth++) {
    changes.push(level(fromUs, 1, depth, true), level(fromUs, -1, depth, true));
  }
  for (let i = 1; i < bars * MESSAGES; i++) {
    const timeUs = Math.floor(fromUs + ((i + 0.5 * random.uniform()) * barUs) / MESSAGES);
    // What a move leaves on the wrong side goes first.
    const move = random.below(3) - 1;
    const wrong = move === 0 ? [] : [level(timeUs, move === 1 ? -1 : 1, 0)];
    changes.push(...wrong.map((row) => ({ ...row, amount: 0 })));
    bidTick += move;
    for (const depth of [0, 1 + random.below(DEPTH - 1)]) {
      changes.push(level(timeUs, 1, depth), level(timeUs, -1, depth));
    }
    if (i % 2 === 0) trades.push(level(timeUs, random.below(2) === 0 ? 1 : -1, 0));
  }
  return {
    trades: columns(trades),
    bookChanges: {
      ...columns(changes),
      isSnapshot: Uint8Array.from(changes, ({ isSnapshot }) => (isSnapshot ? 1 : 0)),
    },
  };
}

function columns(rows: readonly Row[]): Trades {
  return {
    localTimestampUs: Float64Array.from(rows, ({ timeUs }) => timeUs),
    timestampUs: Float64Array.from(rows, ({ timeUs }) => timeUs - DELAY_US),
    side: Int8Array.from(rows, ({ side }) => side),
    price: Float64Array.from(rows, ({ price }) => price),
    amount: Float64Array.from(rows, ({ amount }) => amount),
  };
}
