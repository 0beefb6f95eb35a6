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
  readonly count: number;
  /** Times within the minute; only the first `count` mean anything, and of the magnitudes the first 3 · count. */
  readonly offsetUs: Float64Array;
  readonly magnitude: Int16Array;
}

/**
 * Draws the moves of one minute after the other: times and magnitudes. They depend on the volatility and on nothing
 * else: no sign is drawn here.
 *
 * @returns a function of each symbol's volatility ratio in the minute, and of its price a day or more ago beside its
 *   first price, so that returns keep their size; what it gives is filled anew by the next call
 */
export function moveDrawer(
  random: Random,
): (volatility: readonly number[], scale: readonly number[]) => MinuteMoves {
  const drawn = new DrawnMoves();
  const logFailure = new Float64Array(SYMBOL_COUNT);
  return (volatility, scale) => {
    drawn.begin();
    const drawOffset = clusteredOffsets(random);
    const common = volatility.reduce((sum, ratio) => sum + ratio, 0) / SYMBOL_COUNT;
    for (let s = 0; s < SYMBOL_COUNT; s++) {
      logFailure[s] = logGeometricFailure(volatility[s]! * scale[s]! ** 2);
    }
    const commonCount = random.poisson(MOVES_PER_MINUTE * COMMON_SHARE * common);
    for (let i = 0; i < commonCount; i++) {
      // One uniform for all symbols: a large move is large for each of them.
      const logLevel = Math.log(1 - random.uniform());
      const place = drawn.add(drawOffset());
      for (let s = 0; s < SYMBOL_COUNT; s++) {
        drawn.size[place + s] = geometric(logLevel, logFailure[s]!);
      }
    }
    for (let s = 0; s < SYMBOL_COUNT; s++) {
      // Two moves of its own at least, so that every symbol can follow its own pressure in every minute.
      const own = 2 + random.poisson(MOVES_PER_MINUTE * (1 - COMMON_SHARE) * volatility[s]! - 2);
      for (let i = 0; i < own; i++) {
        const size = geometric(Math.log(1 - random.uniform()), logFailure[s]!);
        const place = drawn.add(drawOffset());
        drawn.size[place + s] = size;
      }
    }
    return drawn.inOrder();
  };
}

/** A minute's moves while they are drawn, and then in order; room for them is kept from minute to minute. */
class DrawnMoves implements MinuteMoves {
  count = 0;
  offsetUs: Float64Array = new Float64Array(256);
  magnitude: Int16Array = new Int16Array(SYMBOL_COUNT * 256);
  /** As drawn: sizes by symbol, and offsets. */
  size: Int16Array = new Int16Array(SYMBOL_COUNT * 256);
  private drawnUs = new Float64Array(256);
  private keys = new Float64Array(256);

  begin(): void {
    this.size.fill(0, 0, SYMBOL_COUNT * this.count);
    this.count = 0;
  }

  /** Adds a move at a time; returns where its sizes go, which are 0 so far. */
  add(offsetUs: number): number {
    if (this.count === this.drawnUs.length) this.grow();
    this.drawnUs[this.count] = offsetUs;
    return SYMBOL_COUNT * this.count++;
  }

  inOrder(): MinuteMoves {
    const { count, drawnUs, keys, size, offsetUs, magnitude } = this;
    // Place in the lower digits: one sort of plain numbers orders times and finds the sizes.
    for (let j = 0; j < count; j++) keys[j] = drawnUs[j]! * count + j;
    keys.subarray(0, count).sort();
    for (let i = 0; i < count; i++) {
      offsetUs[i] = Math.floor(keys[i]! / count);
      const from = SYMBOL_COUNT * (keys[i]! - offsetUs[i]! * count);
      for (let s = 0; s < SYMBOL_COUNT; s++) magnitude[SYMBOL_COUNT * i + s] = size[from + s]!;
    }
    return this;
  }

  private grow(): void {
    const length = 2 * this.drawnUs.length;
    const longer = <Column extends Float64Array | Int16Array>(
      into: Column,
      from: Column,
    ): Column => {
      into.set(from);
      return into;
    };
    this.drawnUs = longer(new Float64Array(length), this.drawnUs);
    this.size = longer(new Int16Array(SYMBOL_COUNT * length), this.size);
    this.keys = new Float64Array(length);
    this.offsetUs = new Float64Array(length);
    this.magnitude = new Int16Array(SYMBOL_COUNT * length);
  }
}

/** ln(1 − p) of the geometric law on 1, 2, … whose mean square (2 − p)/p² is the given one. */
function logGeometricFailure(ratio: number): number {
  const square = Math.max(1.02, SQUARE_MEAN * ratio);
  const p = (Math.sqrt(1 + 8 * square) - 1) / (2 * square);
  return Math.log(1 - p);
}

/** A number of that law, from ln of a uniform number. */
function geometric(logLevel: number, logFailure: number): number {
  return Math.min(LARGEST, 1 + Math.floor(logLevel / logFailure));
}
