// A run's parts put together, from its settings or from where an earlier process left it.
import type { EngineSettings } from "../../features/engine-settings.js";
import { contractOf } from "../../market/contract.js";
import { STALE_AFTER_US } from "../../market/order-book.js";
import { fillAtTouch } from "../../trading/fill.js";
import { Portfolio } from "../../trading/portfolio.js";
import { PaperBroker } from "../broker/paper-broker.js";
import type { FeedSource } from "../feed/feed.js";
import type { StoredStart } from "../feed/stored-start.js";
import type { JournalRecord } from "../records.js";
import { OrderLimits } from "../risk/order-limits.js";
import { RiskDesk } from "../risk/risk-desk.js";
import type { LiveModel } from "../signal/live-model.js";
import { ModelAsker } from "../signal/model-asker.js";
import { SignalMaker } from "../signal/signal-maker.js";
import type { Control } from "./control.js";
import type { Pacer } from "./pacer.js";
import type { Prior } from "./prior.js";
import type { RunJournal } from "./run-journal.js";
import type { RunSettings } from "./run-settings.js";
import type { RunWatcher } from "./run-watcher.js";
import { type PacedBroker, Session, type SessionCounts } from "./session.js";
import { type DeskState, type SessionState, sessionState } from "./session-state.js";
import { SymbolMarket } from "./symbol-market.js";

/** How a symbol's events become features, from what they come, and what was before. */
export type MarketStart = Pick<StoredStart, "source" | "state" | "before" | "clock"> & {
  readonly engine: EngineSettings;
};

/** What a run is opened with. */
export interface RunParts {
  readonly settings: RunSettings;
  readonly model: LiveModel;
  readonly source: FeedSource;
  /** How each symbol's market begins, in their order. */
  readonly starts: readonly MarketStart[];
  readonly journal: RunJournal;
  readonly control: Control;
  readonly watcher: RunWatcher;
  readonly pacer: Pacer;
  readonly prior: Prior;
  /** When the account begins, where nothing was saved. */
  readonly beginUs: number;
  /** Hash of what the run was begun with; it goes into its states. */
  readonly settingsHash: string;
  /** Where an earlier process left the run. */
  readonly saved?: SessionState | undefined;
  /** What an earlier process held after the saved bar, of a feed that cannot be rewound. */
  readonly held?: DeskState | undefined;
  /** End of the last bar that was decided on where that cannot be gone through again; bars up to it are not decided on. */
  readonly decidedUs?: number;
  /** Called when orders were sent or filled, with what gives all that is held. */
  readonly onOrders?: (held: () => DeskState) => Promise<void>;
  /** Called before records are written that tell of something an operator has to know, and whose effects are held by then. */
  readonly onNews?: (held: () => DeskState, records: readonly JournalRecord[]) => Promise<void>;
  /** Called after each bar, with what gives the state to go on from: then, and when the run has stopped. */
  readonly onBar: (barEndUs: number, save: () => SessionState) => Promise<void>;
  /** Stands before the paper broker: something that remembers what was ordered, as an exchange does. */
  readonly brokerFor?: (paper: PacedBroker) => PacedBroker;
}

/** A run that can be driven. */
export interface OpenRun {
  readonly markets: readonly SymbolMarket[];
  readonly counts: SessionCounts;
  readonly portfolio: Portfolio;
  readonly desk: RiskDesk;
  readonly broker: PaperBroker;
  /** Where orders are sent: whatever stands before the paper broker, or that itself. */
  readonly exchange: PacedBroker;
  /** All that is held and allowed now. */
  held(): DeskState;
  /** To the end of the feed, or until it is stopped; true at the end. */
  run(options?: { readonly untilUs?: number }): Promise<boolean>;
  stop(): void;
}

/** Puts a run together; a saved state must be of the same settings and model. */
export async function openRun(parts: RunParts): Promise<OpenRun> {
  const { settings, model, saved, journal, control, watcher, pacer, prior, source } = parts;
  const { symbols } = settings;
  const { barUs, horizonBars, latencyUs } = model;
  const asker = new ModelAsker(model);
  await asker.rouse(symbols.length);
  const session = new Session();
  const markets = symbols.map((symbol, index) => {
    const { engine, source: made, clock } = parts.starts[index]!;
    const known = clock.length === 0 ? {} : { clock };
    const maker = new SignalMaker(model, made, settings.signal, { asker, ...known });
    return new SymbolMarket({ symbol, index }, engine, maker, session.hooks);
  });
  const portfolio = new Portfolio({
    capitalUsd: settings.risk.rules.initialUsd,
    symbols,
    feeBps: settings.feeBps,
    horizonBars,
    barUs,
    // Signals know what is sure enough.
    threshold: 0,
    minimumOrderUsd: settings.minimumOrderUsd,
  });
  const broker = new PaperBroker({
    latencyUs,
    fill: fillAtTouch,
    staleAfterUs: STALE_AFTER_US,
    contractOf: (symbol) => contractOf(settings.exchange, symbol),
  });
  // All symbols are of one exchange.
  const { staleAfterUs } = parts.starts[0]!.engine;
  const desk = new RiskDesk(settings.risk, portfolio, { atUs: parts.beginUs, staleAfterUs });
  const limits = new OrderLimits(settings.limits);
  if (saved === undefined) {
    for (const [i, market] of markets.entries()) warm(market, parts.starts[i]!);
  } else {
    for (const [i, market] of markets.entries()) {
      market.restore(saved.markets[i]!);
      // What the book was before the gap, nobody knows any more.
      if (!source.canRewind) market.disconnect();
    }
  }
  const held = parts.held ?? saved?.desk;
  if (held !== undefined) {
    portfolio.restore(held.portfolio);
    broker.restore(held.broker);
    desk.restore(held.risk);
    await limits.restore(held.limits);
  }
  const deskState = (): DeskState => ({
    portfolio: portfolio.save(),
    broker: broker.save(),
    risk: desk.save(),
    limits: limits.save(),
    decidedUs: Number.isFinite(session.decidedUs) ? session.decidedUs : null,
  });
  const save = (barEndUs: number): SessionState =>
    sessionState({
      settings: parts.settingsHash,
      barEndUs,
      nextUs: session.nextUs,
      halted: session.halted,
      markets: markets.map((market) => market.save()),
      desk: deskState(),
    });
  const exchange = parts.brokerFor?.(broker) ?? broker;
  const common = { settings, barUs, model: model.name, markets, source, journal };
  session.begin({
    ...common,
    broker: exchange,
    ...{ portfolio, desk, limits, control, watcher, pacer, prior },
    halted: saved?.halted ?? "",
    decidedUs: parts.decidedUs ?? Number.NEGATIVE_INFINITY,
    onBar: (barEndUs) => parts.onBar(barEndUs, () => save(barEndUs)),
    onOrders: async () => parts.onOrders?.(deskState),
    onNews: async (records) => parts.onNews?.(deskState, records),
  });
  const bar = saved === undefined ? {} : { bar: saved.barEndUs };
  return {
    markets,
    portfolio,
    desk,
    broker,
    exchange,
    held: deskState,
    get counts() {
      return session.counts;
    },
    run: (options = {}) => session.run(saved?.nextUs ?? parts.beginUs, { ...bar, ...options }),
    stop: () => session.stop(),
  };
}

/** Lets a market go on from the days before it. */
function warm(market: SymbolMarket, { state, before }: MarketStart): void {
  for (const [i, { rows, beginsStream }] of before.entries()) {
    if (i > 0 && beginsStream) market.maker.beginStream();
    market.warm(rows);
  }
  if (state !== undefined) market.goOnFrom(state);
}
