import type { Random } from "../core/random.js";
import { clusteredOffsets } from "./event-times.js";
import { SYMBOL_COUNT } from "./settings.js";

/** Mean number of a symbol's moves in a minute, the share of them that all symbols make at once, mean of K². */
const MOVES_PER_MINUTE = 22;
const COMMON_SHARE = 0.4;
const SQUARE_MEAN = 14;
const LARGEST = 30;

/**
 * Moves of the mids within one minute, in order of time. Move j changes the mid of symbol s by sign[j] ·
 * magnitude[3j + s] half ticks; the magnitude is 0 for a symbol that does not take part.
 */
export interface MinuteMoves {
  readonly offsetUs: readonly number[];
  readonly magnitude: readonly number[];
}

/**
 * Times and magnitudes of a minute's moves. They depend on the volatility and on nothing else: no sign is drawn here.
 *
 * @param volatility - ratio of each symbol in this minute
 * @param scale - price of each symbol a day or more ago beside its first price, so that returns keep their size
 */
export function drawMoves(
  random: Random,
  volatility: readonly number[],
  scale: readonly number[],
): MinuteMoves {
  const drawOffset = clusteredOffsets(random);
  const common = volatility.reduce((sum, ratio) => sum + ratio, 0) / SYMBOL_COUNT;
  const logFailure = volatility.map((ratio, s) => logGeometricFailure(ratio * scale[s]! ** 2));
  const offsets: number[] = [];
  const magnitudes: number[] = [];
  const commonCount = random.poisson(MOVES_PER_MINUTE * COMMON_SHARE * common);
  for (let i = 0; i < commonCount; i++) {
    // One uniform for all symbols: a large move is large for each of them.
    const level = random.uniform();
    offsets.push(drawOffset());
    for (const log of logFailure) magnitudes.push(geometric(level, log));
  }
  for (let s = 0; s < SYMBOL_COUNT; s++) {
    // Two moves of its own at least, so that every symbol can follow its own pressure in every minute.
    const own = 2 + random.poisson(MOVES_PER_MINUTE * (1 - COMMON_SHARE) * volatility[s]! - 2);
    for (let i = 0; i < own; i++) {
      const size = geometric(random.uniform(), logFailure[s]!);
      offsets.push(drawOffset());
      for (let other = 0; other < SYMBOL_COUNT; other++) magnitudes.push(other === s ? size : 0);
    }
  }
  return inOrder(offsets, magnitudes);
}

function inOrder(offsets: readonly number[], magnitudes: readonly number[]): MinuteMoves {
  // Place in the lower digits: one sort of plain numbers orders times and finds the magnitudes.
  const keys = Float64Array.from(offsets, (offset, j) => offset * offsets.length + j).sort();
  const magnitude: number[] = [];
  const offsetUs = Array.from(keys, (key) => {
    const j = key % offsets.length;
    for (let s = 0; s < SYMBOL_COUNT; s++) magnitude.push(magnitudes[SYMBOL_COUNT * j + s]!);
    return offsets[j]!;
  });
  return { offsetUs, magnitude };
}

/** ln(1 − p) of the geometric law on 1, 2, … whose mean square (2 − p)/p² is the given one. */
function logGeometricFailure(ratio: number): number {
  const square = Math.max(1.02, SQUARE_MEAN * ratio);
  const p = (Math.sqrt(1 + 8 * square) - 1) / (2 * square);
  return Math.log(1 - p);
}

function geometric(level: number, logFailure: number): number {
  return Math.min(LARGEST, 1 + Math.floor(Math.log(1 - level) / logFailure));
}
