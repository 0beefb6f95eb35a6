import { OptionError } from "../core/errors.js";
import { seededRandom } from "../core/random.js";
import { DAY_US, dateOf, dayStartUs, MINUTE_US } from "../core/time.js";
import { type DayMoves, GrowingMoves } from "./day-moves.js";
import { invert3, multiply3 } from "./matrix3.js";
import { type MinuteMoves, moveDrawer } from "./moves.js";
import { pressureFilter } from "./pressure-filter.js";
import {
  DAY_MINUTES,
  EDGES,
  edgeSymbol,
  LATENCY_US,
  LEAST_TICKS,
  type MarketSettings,
  PRESSURE_CORRELATION,
  SYMBOL_COUNT,
  SYMBOL_SETTINGS,
} from "./settings.js";
import { volatilityPath } from "./volatility.js";

/** One symbol's minutes of one day; every column has 1,440 rows. */
export interface SymbolMinutes {
  /** Hidden pressure in the minute. */
  readonly pressure: Float64Array;
  /** Flow of trades and of the book, unit noise. */
  readonly tradeFlow: Float64Array;
  readonly bookFlow: Float64Array;
  /** Volatility ratio that set the minute's activity. */
  readonly volatility: Float64Array;
  /** Sum of squared moves in the minute, in half ticks², and the part of it within the latency of its start. */
  readonly variation: Float64Array;
  readonly headVariation: Float64Array;
  /** Net move in the minute and within the latency of its start, half ticks. */
  readonly move: Float64Array;
  readonly headMove: Float64Array;
  /** Estimate of the pressure from public events up to the minute's end, and its variance. */
  readonly filtered: Float64Array;
  readonly filteredVariance: Float64Array;
  /** Number of trades in the minute. */
  readonly tradeCount: Int32Array;
  /** State at 00:00: mid in half ticks, number of trades since the market began, flow of the book. */
  readonly startHalfTicks: number;
  readonly startTrades: number;
  readonly startBookFlow: number;
}

/** Everything about a day but its order book: what is hidden, and when the mids move. */
export interface HiddenDay extends DayMoves {
  readonly date: string;
  readonly startUs: number;
  readonly symbols: readonly SymbolMinutes[];
}

/**
 * Days of the market, one after the other, without end.
 *
 * Per symbol a pressure x (Ornstein–Uhlenbeck by minute, unit variance). Flows of the same minute: √½·g·x + noise. Moves
 * of the mids: times and magnitudes K come from the volatility alone; the sign of move j is a coin with
 * P(+) = ½(1 + tanh(θ·K_j)), θ = β·Q⁻¹·σ·x per minute, Q = Σ K·Kᵀ, σ² its diagonal, so that the mean net move is β·x·σ.
 * With β = 0 every sign is a fair coin, independent of all that came before.
 *
 * @throws {OptionError} a price has fallen so far, after months or years, that its ticks are too coarse
 */
export function* hiddenDays({ seed, edge, from }: MarketSettings): Generator<HiddenDay, never> {
  const { drift, flow, halfLifeMinutes } = EDGES[edge];
  const keep = 2 ** (-1 / halfLifeMinutes);
  const fresh = Math.sqrt(1 - keep * keep);
  const stream = (name: string) => seededRandom(seed, name);
  const pressureRandom = stream("pressure");
  const flowRandom = stream("flow");
  const drawMoves = moveDrawer(stream("moves"));
  const coin = stream("coins");
  const countRandom = stream("trade-counts");
  const nextVolatility = volatilityPath(seed);
  const filter = pressureFilter(EDGES[edge]);

  const drawPressures = (into: Float64Array): Float64Array => {
    const common = Math.sqrt(PRESSURE_CORRELATION) * pressureRandom.normal();
    const own = Math.sqrt(1 - PRESSURE_CORRELATION);
    for (let s = 0; s < SYMBOL_COUNT; s++) into[s] = common + own * pressureRandom.normal();
    return into;
  };
  const pressure = drawPressures(new Float64Array(SYMBOL_COUNT));
  const shock = new Float64Array(SYMBOL_COUNT);
  const firstHalfTicks = SYMBOL_SETTINGS.map((one) => 2 * edgeSymbol(one, edge).startTicks);
  const halfTicks = firstHalfTicks.slice();
  const trades = SYMBOL_SETTINGS.map(() => 0);
  const lastBookFlow = SYMBOL_SETTINGS.map(() => 0);
  // Sizes of moves follow the price of a day ago: nothing about a label's window can be read off them.
  let scaleOfNextDay = SYMBOL_SETTINGS.map(() => 1);

  const minuteOf = momentsOfMinute(drift);
  const made = new GrowingMoves();
  for (let startUs = dayStartUs(from, "--from"); ; startUs += DAY_US) {
    const scale = scaleOfNextDay;
    scaleOfNextDay = halfTicks.map((mid, s) => mid / firstHalfTicks[s]!);
    requirePrices(halfTicks, dateOf(startUs));
    const volatility = nextVolatility();
    const symbols = SYMBOL_SETTINGS.map((_, s) =>
      emptyMinutes(volatility[s]!, halfTicks[s]!, trades[s]!, lastBookFlow[s]!),
    );
    for (let minute = 0; minute < DAY_MINUTES; minute++) {
      drawPressures(shock);
      const ratios = volatility.map((column) => column[minute]!);
      for (let s = 0; s < SYMBOL_COUNT; s++) {
        const row = symbols[s]!;
        pressure[s] = keep * pressure[s]! + fresh * shock[s]!;
        row.pressure[minute] = pressure[s]!;
        const signal = (flow / Math.SQRT2) * pressure[s]!;
        row.tradeFlow[minute] = signal + flowRandom.normal();
        row.bookFlow[minute] = signal + flowRandom.normal();
        row.tradeCount[minute] = 3 + countRandom.poisson(13.5 * ratios[s]! ** 0.6);
        trades[s] = trades[s]! + row.tradeCount[minute]!;
        lastBookFlow[s] = row.bookFlow[minute]!;
      }
      const moves = drawMoves(ratios, scale);
      const tilt = minuteOf.tilt(moves, pressure);
      for (let j = 0; j < moves.count; j++) {
        const offsetUs = moves.offsetUs[j]!;
        let lean = 0;
        for (let s = 0; s < SYMBOL_COUNT; s++) {
          lean += tilt[s]! * moves.magnitude[SYMBOL_COUNT * j + s]!;
        }
        const sign = 2 * coin.uniform() < 1 + Math.tanh(lean) ? 1 : -1;
        made.add(minute * MINUTE_US + offsetUs, sign, moves.magnitude, SYMBOL_COUNT * j);
        for (let s = 0; s < SYMBOL_COUNT; s++) {
          const size = moves.magnitude[SYMBOL_COUNT * j + s]!;
          const row = symbols[s]!;
          halfTicks[s] = halfTicks[s]! + sign * size;
          row.move[minute] = row.move[minute]! + sign * size;
          row.variation[minute] = row.variation[minute]! + size * size;
          if (offsetUs > LATENCY_US) continue;
          row.headMove[minute] = row.headMove[minute]! + sign * size;
          row.headVariation[minute] = row.headVariation[minute]! + size * size;
        }
      }
      filter.update(minuteOf.observation(symbols, minute));
      for (let s = 0; s < SYMBOL_COUNT; s++) {
        symbols[s]!.filtered[minute] = filter.mean[s]!;
        symbols[s]!.filteredVariance[minute] = filter.covariance[s * (SYMBOL_COUNT + 1)]!;
      }
    }
    yield {
      date: dateOf(startUs),
      startUs,
      symbols,
      ...made.take(),
    };
  }
}

function requirePrices(halfTicks: readonly number[], date: string): void {
  const low = halfTicks.findIndex((mid) => mid < 2 * LEAST_TICKS);
  if (low < 0) return;
  throw new OptionError({
    column: "--to",
    message: `lies after ${date}, when the simulated ${SYMBOL_SETTINGS[low]!.symbol} has all but lost its value`,
    fix: "end before that day or choose another --seed",
  });
}

/** The two steps of a minute that need its second moments Q = Σ K·Kᵀ. */
function momentsOfMinute(drift: number): {
  readonly tilt: (moves: MinuteMoves, pressure: Float64Array) => Float64Array;
  readonly observation: (
    symbols: readonly SymbolMinutes[],
    minute: number,
  ) => Parameters<ReturnType<typeof pressureFilter>["update"]>[0];
} {
  const n = SYMBOL_COUNT;
  const second = new Float64Array(n * n);
  const inverse = new Float64Array(n * n);
  const target = new Float64Array(n);
  const tilt = new Float64Array(n);
  const observation = {
    tradeFlow: new Float64Array(n),
    bookFlow: new Float64Array(n),
    normalizedReturn: new Float64Array(n),
    returnCorrelation: new Float64Array(n * n),
  };
  return {
    tilt: ({ count, magnitude }, pressure) => {
      second.fill(0);
      for (let j = 0; j < n * count; j += n) {
        for (let row = 0; row < n; row++) {
          const size = magnitude[j + row]!;
          if (size === 0) continue;
          for (let column = 0; column < n; column++) {
            second[n * row + column] = second[n * row + column]! + size * magnitude[j + column]!;
          }
        }
      }
      for (let s = 0; s < n; s++)
        target[s] = drift * pressure[s]! * Math.sqrt(second[s * (n + 1)]!);
      invert3(second, inverse);
      multiply3(inverse, target, tilt);
      return tilt;
    },
    observation: (symbols, minute) => {
      const { tradeFlow, bookFlow, normalizedReturn, returnCorrelation } = observation;
      for (let row = 0; row < n; row++) {
        const minutes = symbols[row]!;
        tradeFlow[row] = minutes.tradeFlow[minute]!;
        bookFlow[row] = minutes.bookFlow[minute]!;
        normalizedReturn[row] = minutes.move[minute]! / Math.sqrt(minutes.variation[minute]!);
        for (let column = 0; column < n; column++) {
          returnCorrelation[n * row + column] =
            second[n * row + column]! /
            Math.sqrt(second[row * (n + 1)]! * second[column * (n + 1)]!);
        }
      }
      return observation;
    },
  };
}

function emptyMinutes(
  volatility: Float64Array,
  startHalfTicks: number,
  startTrades: number,
  startBookFlow: number,
): SymbolMinutes {
  const column = (): Float64Array => new Float64Array(DAY_MINUTES);
  return {
    pressure: column(),
    tradeFlow: column(),
    bookFlow: column(),
    volatility,
    variation: column(),
    headVariation: column(),
    move: column(),
    headMove: column(),
    filtered: column(),
    filteredVariance: column(),
    tradeCount: new Int32Array(DAY_MINUTES),
    startHalfTicks,
    startTrades,
    startBookFlow,
  };
}
