// What a poor free source would know of the simulated market: one-minute candles, some of them missing.
import { appendFileSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { seededRandom } from "../core/random.js";
import { MINUTE_US, SECOND_US } from "../core/time.js";
import { ExchangeMinutes } from "../market/exchange-minutes.js";
import { ByteWriter } from "./byte-writer.js";
import type { WrittenFile } from "./day-files.js";
import type { DayRecord } from "./day-job.js";
import type { DaySink } from "./day-sink.js";
import { CANDLE_KIND, type Candle, wrongCandle } from "./faults/candles.js";
import type { PlantedFault } from "./faults/planted-fault.js";
import { DAY_MINUTES, type SymbolSettings } from "./settings.js";

/** Columns in Coinbase's order, times in seconds. */
const HEADER = "time,low,high,open,close,volume\n";

/** A minute in 250 begins a stretch without candles, of three minutes on average: somewhat above 1 % in all. */
const OUTAGE_SHARE = 1 / 250;
const OUTAGE_MINUTES = 3;

/** A day's file of candles. */
export interface WrittenCandles {
  readonly file: WrittenFile;
  /** The minute that was made wrong on purpose. */
  readonly planted: readonly PlantedFault[];
}

/** Which day of which symbol. */
interface CandleDay {
  readonly settings: SymbolSettings;
  readonly seed: number;
  readonly date: string;
  /** 00:00 of the day, µs since the epoch. */
  readonly startUs: number;
  /** Whether a minute is to be made wrong. */
  readonly isFaulty: boolean;
}

/**
 * Gathers the candles of a day's true trades by the exchange's time, whatever faults its other files get.
 *
 * @param sink - where the day goes on
 * @returns the sink to play the day into, and what writes the candles below a mirror's root when the day is over
 */
export function candleSink(
  sink: DaySink,
  day: CandleDay,
): { readonly sink: DaySink; readonly write: (root: string) => WrittenCandles } {
  const minutes = new ExchangeMinutes(day.startUs, DAY_MINUTES);
  const trade: DaySink["trade"] = (localUs, exchangeUs, made) => {
    minutes.add(exchangeUs, made.ticks, made.lots);
    sink.trade(localUs, exchangeUs, made);
  };
  return { sink: { ...sink, trade }, write: (root) => writeDay(root, minutes, day) };
}

/**
 * Joins the days of each symbol, oldest first, to `candles/{SYMBOL}.csv`, which `tickbook candles --source` reads.
 *
 * @param root - root of the mirror
 * @param days - all that the mirror has, in any order
 */
export function joinCandleFiles(root: string, days: readonly DayRecord[]): void {
  for (const symbol of new Set(days.map((day) => day.symbol))) {
    const own = days.filter((day) => day.symbol === symbol);
    const parts = own.flatMap(({ files }) => files.filter(isCandleFile).map((file) => file.path));
    parts.sort();
    if (parts.length === 0) continue;
    const whole = path.join(root, "candles", `${symbol}.csv`);
    writeFileSync(`${whole}.partial`, HEADER);
    for (const part of parts) {
      const text = readFileSync(path.join(root, part));
      appendFileSync(`${whole}.partial`, text.subarray(HEADER.length));
    }
    renameSync(`${whole}.partial`, whole);
  }
}

/** Whether a written file holds a day's candles. */
export function isCandleFile({ path: name }: Pick<WrittenFile, "path">): boolean {
  return name.startsWith("candles/");
}

function writeDay(root: string, minutes: ExchangeMinutes, day: CandleDay): WrittenCandles {
  const { settings, seed, date, isFaulty } = day;
  const { symbol, tickUnits, priceDecimals, lotDecimals } = settings;
  const right = candlesOf(minutes, day);
  const random = seededRandom(seed, `faults/candles/${symbol}/${date}`);
  const wrong = isFaulty && right.length > 2 ? wrongCandle(right, random) : undefined;
  const candles = wrong?.candles ?? right;
  const writer = new ByteWriter(1 << 17);
  writer.text(HEADER);
  for (const { startUs, low, high, open, close, volume } of candles) {
    writer.whole(startUs / SECOND_US);
    for (const ticks of [low, high, open, close]) {
      writer.text(",");
      writer.decimal(Math.round(ticks * tickUnits), priceDecimals);
    }
    writer.text(",");
    writer.decimal(Math.ceil(volume), lotDecimals);
    writer.text("\n");
  }
  const name = `candles/${symbol}/${date}.csv`;
  const file = path.join(root, name);
  mkdirSync(path.dirname(file), { recursive: true });
  const bytes = writer.length;
  writeFileSync(`${file}.partial`, writer.take());
  renameSync(`${file}.partial`, file);
  return {
    file: { path: name, rows: candles.length, bytes },
    planted: wrong === undefined ? [] : [plantedCandle(wrong, { symbol, date })],
  };
}

/** What the source knows of the day: prices in ticks, volumes in lots. */
function candlesOf(
  { open, high, low, close, volume, trades }: ExchangeMinutes,
  { settings, seed, date, startUs }: CandleDay,
): readonly Candle[] {
  const isMissing = outages(seed, `candles/${settings.symbol}/${date}`);
  const known = Array.from({ length: DAY_MINUTES }, (_, minute) => minute).filter(
    (minute) => trades[minute] !== 0 && isMissing[minute] === 0,
  );
  return known.map((minute) => ({
    startUs: startUs + minute * MINUTE_US,
    low: low[minute]!,
    high: high[minute]!,
    open: open[minute]!,
    close: close[minute]!,
    volume: volume[minute]!,
  }));
}

function plantedCandle(
  { fromUs, toUs }: Pick<PlantedFault, "fromUs" | "toUs">,
  { symbol, date }: Pick<PlantedFault, "symbol" | "date">,
): PlantedFault {
  const { name, check, size } = CANDLE_KIND;
  const place = { type: "candles", symbol, date, fromUs, toUs, rows: 1, missing: 0 } as const;
  return { kind: name, check, size, ...place, mayAlsoFind: [] };
}

/** 1 for each minute of a day that the source has lost. */
function outages(seed: number, name: string): Uint8Array {
  const random = seededRandom(seed, name);
  const isMissing = new Uint8Array(DAY_MINUTES);
  for (let minute = 0; minute < DAY_MINUTES; minute++) {
    if (random.uniform() >= OUTAGE_SHARE) continue;
    const length = 1 + Math.floor((OUTAGE_MINUTES - 0.5) * random.exponential());
    isMissing.fill(1, minute, minute + length);
    minute += length;
  }
  return isMissing;
}
