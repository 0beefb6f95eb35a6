import type { BookView, SideView } from "./book-view.js";
import type { DayFiles, EventType } from "./day-files.js";
import type { DaySink } from "./day-sink.js";
import type { SymbolSettings } from "./settings.js";
import { LEVELS, type ThinDay } from "./thin-market.js";

/** Event types that the thin market has: its book is made of snapshots, and nothing happens between them. */
export const THIN_TYPES: readonly EventType[] = ["trades", "book_snapshot_25"];

/** Where a thin day goes: trades to a sink, states of the book to its files. */
export interface ThinSinks {
  readonly trades: Pick<DaySink, "trade">;
  readonly files: Pick<DayFiles, "book" | "minuteEnd">;
}

/**
 * Writes a day of the thin market as the vendor's files: what is read back from them is, number by number, what `thinDay` gives.
 *
 * @param firstId - id of the day's first trade; the others count up from it
 */
export async function writeThinDay(
  { trades, bookSnapshots }: ThinDay,
  sinks: ThinSinks,
  { settings, firstId }: { readonly settings: SymbolSettings; readonly firstId: number },
): Promise<void> {
  const { ticksOf, lotsOf } = wholeNumbers(settings);
  let id = firstId;
  for await (const { localTimestampUs, timestampUs, side, price, amount } of trades) {
    for (let i = 0; i < price.length; i++) {
      sinks.trades.trade(localTimestampUs[i]!, timestampUs[i]!, {
        id: id++,
        side: side[i] === 1 ? 1 : -1,
        ticks: ticksOf(price[i]!),
        lots: lotsOf(amount[i]!),
      });
    }
    await sinks.files.minuteEnd();
  }
  const [bids, asks] = [new ReadSide(1), new ReadSide(-1)];
  const book: BookView = { bids, asks };
  for await (const batch of bookSnapshots) {
    const { localTimestampUs, timestampUs } = batch;
    for (let row = 0; row < localTimestampUs.length; row++) {
      for (let level = 0; level < LEVELS; level++) {
        bids.ticks[level] = ticksOf(batch.bidPrice[level]![row]!);
        bids.lots[level] = lotsOf(batch.bidAmount[level]![row]!);
        asks.ticks[level] = ticksOf(batch.askPrice[level]![row]!);
        asks.lots[level] = lotsOf(batch.askAmount[level]![row]!);
      }
      sinks.files.book(localTimestampUs[row]!, timestampUs[row]!, book, true);
    }
    await sinks.files.minuteEnd();
  }
}

/** Back from prices and amounts to what they are printed from. */
function wholeNumbers({ tickUnits, priceDecimals, lotDecimals }: SymbolSettings): {
  readonly ticksOf: (price: number) => number;
  readonly lotsOf: (amount: number) => number;
} {
  const [priceUnits, lots] = [10 ** priceDecimals, 10 ** lotDecimals];
  return {
    ticksOf: (price) => Math.round(price * priceUnits) / tickUnits,
    lotsOf: (amount) => Math.round(amount * lots),
  };
}

/** One side of a state that is being written. */
class ReadSide implements SideView {
  readonly better: 1 | -1;
  readonly ticks = new Int32Array(LEVELS);
  readonly lots = new Int32Array(LEVELS);
  readonly depth = LEVELS;
  /** Every state is told as a whole. */
  readonly changed: readonly number[] = [];

  constructor(better: 1 | -1) {
    this.better = better;
  }

  get best(): number {
    return this.ticks[0]!;
  }

  readonly tickOfRank = (rank: number): number => this.ticks[rank]!;
  readonly lotsOfRank = (rank: number): number => this.lots[rank]!;
  readonly lotsAt = (tick: number): number => this.lots[this.better * (this.best - tick)]!;
}
