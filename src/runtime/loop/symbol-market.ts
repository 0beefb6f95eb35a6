import {
  createFeatureEngine,
  type EngineState,
  type FeatureEngine,
} from "../../features/engine.js";
import type { EngineSettings } from "../../features/engine-settings.js";
import type { FeatureRow } from "../../features/feature-rows.js";
import type { BookView } from "../../market/book-view.js";
import { MarketStream } from "../../market/market-stream.js";
import type { SignalMaker, SignalMakerState } from "../signal/signal-maker.js";

/** Who is told of a symbol's market. */
export interface MarketHooks {
  /** A new arrival time begins; the book is in its last state before. */
  readonly onTime: (symbol: number, localUs: number, book: BookView) => void;
  /** A new state of the book. */
  readonly onBook: (symbol: number, localUs: number, book: BookView) => void;
}

/** A symbol's market between two bars, as plain JSON. */
export interface SymbolMarketState {
  readonly engine: EngineState;
  readonly maker: SignalMakerState;
}

/** One symbol of a run: its book, its features, its signals. */
export class SymbolMarket {
  readonly symbol: string;
  readonly stream: MarketStream;
  readonly maker: SignalMaker;
  /** False where its book has not been heard of for too long. */
  isFeedGood = true;
  private readonly engine: FeatureEngine;
  private rows: FeatureRow[] = [];
  private hasBegun = false;
  /** End of the last bar that was known before the run. */
  private knownUs = Number.NEGATIVE_INFINITY;

  constructor(
    { symbol, index }: { readonly symbol: string; readonly index: number },
    settings: EngineSettings,
    maker: SignalMaker,
    { onTime, onBook }: MarketHooks,
  ) {
    this.symbol = symbol;
    this.maker = maker;
    const engine = createFeatureEngine((row) => {
      // A state at the end of a day is that before its last bar was closed, which the day's own features hold.
      if (row.barEndUs > this.knownUs) this.rows.push(row);
    }, settings);
    this.engine = engine;
    const listener = {
      onTime: (localUs: number): void => {
        this.hasBegun = true;
        onTime(index, localUs, engine.book);
        engine.onTime(localUs);
      },
      onTrade: engine.onTrade,
      onBook: (localUs: number): void => {
        engine.onBook(localUs, engine.book);
        onBook(index, localUs, engine.book);
      },
    };
    this.stream = new MarketStream(listener, { book: engine.book });
  }

  /** The book as it is now. */
  get book(): BookView {
    return this.engine.book;
  }

  /** Closes the bars that ended at or before a time that has come; those of a market that has not begun are none. */
  closeBars(untilUs: number): void {
    if (this.hasBegun) this.stream.begin(untilUs);
  }

  /** The connection was lost: nobody knows the book until its next snapshot. */
  disconnect(): void {
    this.stream.lose();
  }

  /** Rows of the bars that have closed since the last call. */
  takeRows(): readonly FeatureRow[] {
    const { rows } = this;
    this.rows = [];
    return rows;
  }

  /** Takes rows of the past, one stream with what follows. */
  warm(rows: readonly FeatureRow[]): void {
    for (const row of rows) this.maker.warm(row);
    this.knownUs = rows.at(-1)?.barEndUs ?? this.knownUs;
  }

  /** Takes over an engine's state from which the stream goes on. */
  goOnFrom(engine: EngineState): void {
    this.engine.restore(engine);
    this.hasBegun = true;
  }

  /** State between two arrival times, when all rows were taken. */
  save(): SymbolMarketState {
    return { engine: this.engine.save(), maker: this.maker.save() };
  }

  restore({ engine, maker }: SymbolMarketState): void {
    this.goOnFrom(engine);
    this.maker.restore(maker);
  }
}
