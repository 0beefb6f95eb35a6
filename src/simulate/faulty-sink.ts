import { type Random, seededRandom } from "../core/random.js";
import { MINUTE_US, SECOND_US } from "../core/time.js";
import type { DaySink } from "./day-sink.js";

/** One fault that was put into a day on purpose. */
export interface PlantedFault {
  readonly kind: "gap" | "reconnect" | "duplicate" | "crossed-book";
  readonly symbol: string;
  readonly date: string;
  /** Arrival times it covers, µs since the epoch. */
  readonly fromUs: number;
  readonly toUs: number;
  /** Trades and book batches that are missing, repeated or wrong. */
  readonly trades: number;
  readonly bookBatches: number;
}

type Tally = { -readonly [Key in keyof PlantedFault]: PlantedFault[Key] };

/**
 * Puts one fault of each kind into a day, at places that the seed decides: a gap of some minutes in which nothing
 * arrives, a reconnect of some seconds (both end with a snapshot of the book), a block of trades that arrives twice, and
 * a stray bid above the asks that stays for some seconds.
 *
 * @param sink - where the day goes
 * @returns the sink to play the day into, and what was planted, complete when the day is over
 */
export function faultySink(
  sink: DaySink,
  { seed, symbol, date, startUs }: FaultySinkOptions,
): { readonly sink: DaySink; readonly planted: readonly PlantedFault[] } {
  const random = seededRandom(seed, `faults/${symbol}/${date}`);
  const at = (firstMinute: number, lastMinute: number): number =>
    startUs +
    (firstMinute + random.below(lastMinute - firstMinute)) * MINUTE_US +
    random.below(MINUTE_US);
  const plant = (kind: PlantedFault["kind"], fromUs: number, lastsUs: number): Tally => ({
    kind,
    symbol,
    date,
    fromUs,
    toUs: fromUs + lastsUs,
    trades: 0,
    bookBatches: 0,
  });
  const gap = plant("gap", at(120, 600), (2 + random.below(10)) * MINUTE_US);
  const reconnect = plant("reconnect", at(640, 900), seconds(random, 1, 8));
  const duplicate = plant("duplicate", at(920, 1150), 0);
  const crossed = plant("crossed-book", at(1170, 1400), seconds(random, 2, 6));

  const faulty = crossing(
    repeating(silencing(sink, [gap, reconnect]), duplicate, 20 + random.below(40)),
    crossed,
  );
  return { sink: faulty, planted: [gap, reconnect, duplicate, crossed] };
}

interface FaultySinkOptions {
  readonly seed: number;
  readonly symbol: string;
  readonly date: string;
  /** 00:00 of the day, µs since the epoch. */
  readonly startUs: number;
}

/** Swallows everything within the faults' times; the first book event after one is a snapshot. */
function silencing(sink: DaySink, faults: readonly Tally[]): DaySink {
  const silentAt = (timeUs: number): Tally | undefined =>
    faults.find(({ fromUs, toUs }) => timeUs >= fromUs && timeUs < toUs);
  const open = new Set(faults);
  return {
    ...sink,
    trade: (localUs, exchangeUs, trade) => {
      const fault = silentAt(localUs);
      if (fault === undefined) sink.trade(localUs, exchangeUs, trade);
      else fault.trades++;
    },
    book: (localUs, exchangeUs, book, isSnapshot) => {
      const fault = silentAt(localUs);
      if (fault !== undefined) {
        fault.bookBatches++;
        return;
      }
      const ended = [...open].filter(({ toUs }) => localUs >= toUs);
      for (const one of ended) open.delete(one);
      sink.book(localUs, exchangeUs, book, isSnapshot || ended.length > 0);
    },
  };
}

/** Sends a block of trades a second time, with the first exchange times and ids, when the trade after it arrives. */
function repeating(sink: DaySink, fault: Tally, length: number): DaySink {
  const block: Parameters<DaySink["trade"]>[] = [];
  let isDone = false;
  return {
    ...sink,
    trade: (...sent) => {
      const [localUs] = sent;
      if (block.length === length && !isDone) {
        isDone = true;
        for (const [, exchangeUs, trade] of block) sink.trade(localUs, exchangeUs, trade);
        fault.toUs = localUs;
        fault.trades = length;
      }
      sink.trade(...sent);
      if (localUs >= fault.fromUs && block.length < length) block.push(sent);
    },
  };
}

/** Adds a bid above the best ask to the book's file and takes it back later. */
function crossing(sink: DaySink, fault: Tally): DaySink {
  let ticks: number | undefined;
  let isDone = false;
  return {
    ...sink,
    book: (localUs, exchangeUs, book, isSnapshot) => {
      if (ticks !== undefined && localUs >= fault.toUs) {
        const { best, better, deepest } = book.bids;
        const isReal = better * (best - ticks) >= 0 && better * (ticks - deepest) >= 0;
        const lots = isReal ? book.bids.lotsAt(ticks) : 0;
        sink.strayLevel(localUs, exchangeUs, { side: 1, ticks, lots });
        fault.toUs = localUs;
        ticks = undefined;
      }
      sink.book(localUs, exchangeUs, book, isSnapshot);
      if (ticks !== undefined) fault.bookBatches++;
      if (isDone || localUs < fault.fromUs) return;
      ticks = book.asks.best + 2;
      sink.strayLevel(localUs, exchangeUs, { side: 1, ticks, lots: book.bids.lotsOfRank(0) });
      fault.fromUs = localUs;
      fault.bookBatches++;
      isDone = true;
    },
  };
}

function seconds(random: Random, least: number, most: number): number {
  return Math.round((least + (most - least) * random.uniform()) * SECOND_US);
}
