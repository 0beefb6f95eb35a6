import type { Random } from "../core/random.js";
import { MINUTE_US, SECOND_US } from "../core/time.js";
import { FLICKER, spreadFor, widened } from "./book-shape.js";
import type { HiddenDay } from "./hidden-days.js";
import { DAY_MINUTES, IMBALANCE_SCALE, LATENCY_US, SYMBOL_COUNT } from "./settings.js";

/** The last state of a minute arrives behind all of its moves, which keep 5 ms from its end. */
const LAST_STATE_US: number = MINUTE_US - 4_000;

/**
 * When the book shows itself within a minute: where the windows of labels begin and end, then every ten seconds, as
 * often as `kyle_lambda` looks at a minute's mid, and behind the last move.
 */
const STATE_OFFSETS_US: readonly number[] = [
  LATENCY_US,
  ...[10, 20, 30, 40, 50].map((second) => second * SECOND_US - 4_000),
  LAST_STATE_US,
];

/** Book states in a minute. */
export const STATES_PER_MINUTE: number = STATE_OFFSETS_US.length;

/** The states of a symbol's book in a day, without its levels; all columns have 7 × 1,440 rows. */
export interface ThinStates {
  /** µs since 00:00. */
  readonly offsetUs: Float64Array;
  /** Best prices, ticks. */
  readonly bidTick: Int32Array;
  readonly askTick: Int32Array;
  /** (bid − ask)/(bid + ask) of the best five levels. */
  readonly imbalance: Float64Array;
}

/**
 * Shows a hidden day at a few moments of each minute: every state has the mid that the moves so far have reached, so the
 * net moves over a label's window are those of the hidden market, and nothing is known earlier than there. Imbalances
 * carry the minute's flow of the book as `playDay` has it.
 *
 * @param symbol - index of the symbol
 * @param random - stream for spreads and fluctuations
 */
export function thinStates(day: HiddenDay, symbol: number, random: Random): ThinStates {
  const { startHalfTicks, bookFlow, volatility } = day.symbols[symbol]!;
  const { moveTimeUs, moveSign, moveMagnitude } = day;
  const rows = STATES_PER_MINUTE * DAY_MINUTES;
  const offsetUs = new Float64Array(rows);
  const bidTick = new Int32Array(rows);
  const askTick = new Int32Array(rows);
  const imbalance = new Float64Array(rows);
  let halfTicks = startHalfTicks;
  let extraSpread = 0;
  for (let row = 0, move = 0; row < rows; row++) {
    const minute = Math.floor(row / STATES_PER_MINUTE);
    const timeUs = minute * MINUTE_US + STATE_OFFSETS_US[row % STATES_PER_MINUTE]!;
    for (; move < moveTimeUs.length && moveTimeUs[move]! <= timeUs; move++) {
      halfTicks += moveSign[move]! * moveMagnitude[SYMBOL_COUNT * move + symbol]!;
    }
    const wider = widened(random, extraSpread, volatility[minute]!);
    extraSpread = wider > extraSpread ? wider : Math.max(0, extraSpread - 1);
    const spread = spreadFor(halfTicks, extraSpread);
    offsetUs[row] = timeUs;
    bidTick[row] = (halfTicks - spread) / 2;
    askTick[row] = (halfTicks + spread) / 2;
    const level = IMBALANCE_SCALE * bookFlow[minute]! + FLICKER.deviation * random.normal();
    imbalance[row] = Math.tanh(level);
  }
  return { offsetUs, bidTick, askTick, imbalance };
}
