import { candleSink } from "./candle-files.js";
import { type UpProbabilities, upProbabilities } from "./ceilings.js";
import { playDay } from "./day-events.js";
import { dayFiles, type EventType, type WrittenFile } from "./day-files.js";
import { faultKindNames, hasCandleFault, kindsOfDay } from "./faults/choose-kinds.js";
import { faultyDay } from "./faults/faulty-sink.js";
import type { PlantedFault } from "./faults/planted-fault.js";
import { type HiddenDay, hiddenDays } from "./hidden-days.js";
import { edgeSymbol, type MarketSettings, SYMBOL_SETTINGS, symbolIndex } from "./settings.js";
import { writeThinDay } from "./thin-files.js";
import { thinDay } from "./thin-market.js";
import { writeTruthFile } from "./truth-file.js";

/** One symbol's day to be written; plain data, so that it can be sent to a worker. */
export interface DayJob {
  readonly root: string;
  readonly market: MarketSettings;
  readonly symbol: string;
  /** Day of the market, counted from 0. */
  readonly day: number;
  readonly types: readonly EventType[];
  readonly hasTruth: boolean;
  /** Candles too, as a free source would have them. */
  readonly hasCandles?: boolean;
  /** Of few events, as `thinDay` makes them; then there are no faults. */
  readonly isThin?: boolean;
  readonly hasFaults: boolean;
  /** Kinds of faults to plant; all of them where it is not given. */
  readonly faultKinds?: readonly string[];
}

/** What a written day holds. */
export interface DayRecord {
  readonly symbol: string;
  readonly date: string;
  readonly files: readonly WrittenFile[];
  /** By horizon: mean true probability of the side that the oracle and the best filter take, over the day's bars. */
  readonly oracle: readonly number[];
  readonly attainable: readonly number[];
  readonly faults: readonly PlantedFault[];
}

/**
 * Simulates one symbol's day and writes its files. Run by a worker, or in the calling thread.
 *
 * @throws {OptionError} the symbol is not in the market
 */
export async function simulateDay(job: DayJob): Promise<DayRecord> {
  const { root, market, types } = job;
  const symbol = symbolIndex(job.symbol);
  const settings = edgeSymbol(SYMBOL_SETTINGS[symbol]!, market.edge);
  const { day, tomorrow } = dayAt(market, job.day);
  const up = upProbabilities(day, tomorrow, symbol, market.edge);
  const files = dayFiles(root, { settings, date: day.date, types });
  const asked = job.hasFaults ? (job.faultKinds ?? faultKindNames()) : [];
  const kinds = kindsOfDay(asked, { day: job.day, symbol });
  const { sink, planted } = faultyDay(files, {
    seed: market.seed,
    symbol: job.symbol,
    date: day.date,
    startUs: day.startUs,
    kinds,
    types,
    settings,
  });
  const { seed } = market;
  const whole = job.hasFaults ? sink : files;
  const isFaulty = hasCandleFault(asked);
  const { date, startUs } = day;
  const candles = candleSink(whole, { settings, seed, date, startUs, isFaulty });
  try {
    const trades = job.hasCandles ? candles.sink : whole;
    if (job.isThin) {
      const thin = thinDay(day, symbol, market);
      const firstId = day.symbols[symbol]!.startTrades;
      await writeThinDay(thin, { trades, files }, { settings, firstId });
    } else await playDay({ day, tomorrow, symbol, seed }, trades);
    const written = [...(await files.close())];
    if (job.hasTruth) written.push(await writeTruthFile(root, day, symbol, up));
    const candleDay = job.hasCandles ? candles.write(root) : undefined;
    if (candleDay !== undefined) written.push(candleDay.file);
    const { oracle, attainable } = trueAccuracies(up);
    return {
      symbol: job.symbol,
      date: day.date,
      files: written,
      oracle,
      attainable,
      faults: [...planted(), ...(candleDay?.planted ?? [])],
    };
  } catch (error) {
    files.discard();
    throw error;
  }
}

/**
 * Mean true probability of the chosen side, by horizon: far less noisy than counting hits.
 *
 * @param up - probabilities of a rise
 * @returns what the oracle and the best filter reach
 */
export function trueAccuracies({ oracle, attainable }: UpProbabilities): {
  readonly oracle: readonly number[];
  readonly attainable: readonly number[];
} {
  const score = (chooser: Float64Array, truth: Float64Array): number => {
    let sum = 0;
    truth.forEach((up, i) => {
      sum += chooser[i]! >= 0.5 ? up : 1 - up;
    });
    return sum / truth.length;
  };
  return {
    oracle: oracle.map((truth) => score(truth, truth)),
    attainable: attainable.map((chooser, h) => score(chooser, oracle[h]!)),
  };
}

interface DayPair {
  readonly index: number;
  readonly day: HiddenDay;
  readonly tomorrow: HiddenDay;
}

/** The market unrolls day by day; a worker keeps its place, because jobs come in order. */
let place: { key: string; days: Iterator<HiddenDay, never>; pair: DayPair } | undefined;

function dayAt(market: MarketSettings, index: number): DayPair {
  const key = JSON.stringify(market);
  if (place === undefined || place.key !== key || place.pair.index > index) {
    const days = hiddenDays(market);
    place = { key, days, pair: { index: 0, day: days.next().value, tomorrow: days.next().value } };
  }
  while (place.pair.index < index) {
    const { tomorrow } = place.pair;
    const next = place.days.next().value;
    place.pair = { index: place.pair.index + 1, day: tomorrow, tomorrow: next };
  }
  return place.pair;
}
