import type { ConnectionFacts } from "../feed/feed.js";
import {
  type EquityRecord,
  type JournalRecord,
  PHASE_BEGINS,
  type RiskRecord,
} from "../records.js";
import { connectionView } from "./connection-view.js";
import { EquityTrace } from "./equity-trace.js";
import { type FeedFacts, FeedWatch } from "./feed-watch.js";
import { LatencyBuckets } from "./latency-buckets.js";
import type {
  AccountView,
  ConnectionView,
  EquityColumns,
  LogLine,
  MonitorState,
  PositionView,
  RiskView,
  RunFacts,
  RunPhase,
  SignalView,
  Standing,
} from "./monitor-state.js";
import { OrderList } from "./order-list.js";
import { Pace } from "./pace.js";
import { Ring } from "./ring.js";
import { RunMetrics } from "./run-metrics.js";
import { shortText } from "./short-text.js";

/** What a board needs to know beside the run's facts. */
export interface BoardOptions {
  readonly initialUsd: number;
  /** A feed that is silent for so long on the machine's clock is stale. */
  readonly staleAfterMs: number;
  /** The machine's clock, ms since the epoch. */
  readonly clock?: () => number;
}

/** What of an account moves with prices and trades. */
export type AccountWorth = Omit<
  AccountView,
  "atUs" | "initialUsd" | "targetUsd" | "phase" | "phaseNumber"
>;

const SIGNALS = 60;
const ORDERS = 60;
const RISKS = 60;
const LOG_LINES = 200;
const UNKNOWN = Number.NaN;

/**
 * What an operator sees of a run. The loop tells it what happens, in a few additions each time; whoever shows it asks for
 * a snapshot. It keeps the last of everything and counts the rest, so its size has a limit; and no call ever throws.
 */
export class MonitorBoard {
  readonly facts: RunFacts;
  readonly metrics: RunMetrics;
  private readonly clock: () => number;
  private readonly staleAfterMs: number;
  private readonly startedMs: number;
  private readonly feeds: ReadonlyMap<string, FeedWatch>;
  private readonly signals = new Ring<SignalView>(SIGNALS);
  private readonly orders = new OrderList(ORDERS);
  private readonly risks = new Ring<RiskView>(RISKS);
  private readonly lines = new Ring<LogLine>(LOG_LINES);
  private readonly trace = new EquityTrace();
  private readonly phases: string[] = [];
  private readonly decisionLatency = new LatencyBuckets();
  private readonly journalLatency = new LatencyBuckets();
  private readonly eventPace = new Pace();
  private readonly marketPace = new Pace();
  private readonly riskListeners: ((record: RiskRecord) => void)[] = [];
  private runPhase: RunPhase = "starting";
  private marketUs = UNKNOWN;
  private events = 0;
  private held: readonly PositionView[] = [];
  private link: ConnectionView | null = null;
  private account: AccountView;
  private journalState: { isUp: boolean; waiting: number; sinceMs: number };
  private stand: { standing: Standing; reason: string; sinceUs: number };

  constructor(facts: RunFacts, { initialUsd, staleAfterMs, clock = Date.now }: BoardOptions) {
    this.facts = facts;
    this.clock = clock;
    this.staleAfterMs = staleAfterMs;
    this.startedMs = clock();
    this.feeds = new Map(facts.symbols.map((name) => [name, new FeedWatch(name, clock())]));
    this.metrics = new RunMetrics(facts);
    this.account = accountAtStart(initialUsd);
    this.journalState = { isUp: true, waiting: 0, sinceMs: this.startedMs };
    this.stand = { standing: "free", reason: "", sinceUs: UNKNOWN };
  }

  /** An event of the market has arrived. */
  event(symbol: string, marketUs: number): void {
    this.events += 1;
    this.marketUs = marketUs;
    this.feeds.get(symbol)?.event(marketUs, this.clock());
  }

  /** A symbol's feed is so now. */
  feed(symbol: string, facts: FeedFacts): void {
    this.feeds.get(symbol)?.say(facts);
  }

  /** The connection that all feeds come over is so now; undefined where there is none. */
  connection(facts: ConnectionFacts | undefined): void {
    this.link = facts === undefined ? null : connectionView(facts);
  }

  /** The run begins, or is over. */
  phase(phase: RunPhase): void {
    this.runPhase = phase;
  }

  /** A record has been given to the journal. */
  record(record: JournalRecord): void {
    this.metrics.take(record);
    if (record.kind === "decision") {
      const { barEndUs, symbol, probability, side, tookUs } = record;
      this.decisionLatency.add(tookUs);
      const reason = shortText(record.reason);
      this.signals.push({ barEndUs, symbol, probability, side, reason, tookUs });
    } else if (record.kind === "order") this.orders.add(record);
    else if (record.kind === "order-end") this.orders.end(record);
    else if (record.kind === "fill") this.orders.fill(record);
    else if (record.kind === "equity") this.takeEquity(record);
    else if (record.kind === "risk") this.takeRisk(record);
  }

  /** Is told of every risk record from now on, the moment it comes. */
  onRisk(listener: (record: RiskRecord) => void): void {
    this.riskListeners.push(listener);
  }

  /** How the journal's database is, and how many records wait for it. */
  journal({ isUp, waiting }: { readonly isUp: boolean; readonly waiting: number }): void {
    const sinceMs = isUp === this.journalState.isUp ? this.journalState.sinceMs : this.clock();
    this.journalState = { isUp, waiting, sinceMs };
  }

  /** A write to the journal took so long. */
  journalTook(durationUs: number): void {
    this.journalLatency.add(durationUs);
    this.metrics.journalTook(durationUs);
  }

  /** What the run may still do, and why; from a market time on, else from when it was told first. */
  standing(standing: Standing, reason = "", fromUs?: number): void {
    const isNew = standing !== this.stand.standing;
    const sinceUs = fromUs ?? (isNew ? this.marketUs : this.stand.sinceUs);
    this.stand = { standing, reason: shortText(reason), sinceUs };
  }

  /** The account's phase, the capital that it began with, and its target; NaN for none. */
  limits({ phase, ...usd }: Pick<AccountView, "phase" | "initialUsd" | "targetUsd">): void {
    this.enterPhase(phase);
    this.account = { ...this.account, ...usd, ...this.phaseNow() };
  }

  /** The account is worth so much as of the latest event, between two records of it. */
  worth(value: AccountWorth): void {
    const { marketUs } = this;
    const { atUs } = this.account;
    const isLater = Number.isNaN(atUs) || marketUs > atUs;
    this.account = { ...this.account, ...value, atUs: isLater ? marketUs : atUs };
  }

  /** All open positions. */
  positions(positions: readonly PositionView[]): void {
    this.held = positions;
  }

  /** A line has been written to the log. */
  log(line: LogLine): void {
    this.metrics.logged(line.level);
    const [text, detail] = [shortText(line.text), shortText(line.detail)];
    this.lines.push({ ...line, text, detail });
  }

  /** The account's course. */
  equity(): EquityColumns {
    return { ...this.trace.columns(), phases: [...this.phases] };
  }

  /** All of it as it is now. */
  snapshot(): MonitorState {
    const wallMs = this.clock();
    const isLive = this.runPhase !== "ended";
    const { staleAfterMs } = this;
    return {
      ...this.facts,
      phase: this.runPhase,
      startedMs: this.startedMs,
      wallMs,
      marketUs: this.marketUs,
      speedRatio: this.marketPace.perSecond(wallMs, this.marketUs / 1e6),
      events: this.events,
      eventsPerSecond: this.eventPace.perSecond(wallMs, this.events),
      memoryBytes: process.memoryUsage.rss(),
      standing: this.stand,
      journal: this.journalState,
      account: this.account,
      feeds: [...this.feeds.values()].map((feed) => feed.view(wallMs, { staleAfterMs, isLive })),
      connection: this.link,
      positions: this.held,
      signals: this.signals.newestFirst(),
      orders: this.orders.view(),
      risks: this.risks.newestFirst(),
      decisionLatency: this.decisionLatency.view(),
      journalLatency: this.journalLatency.view(),
      log: this.lines.newestFirst(),
    };
  }

  private takeEquity(record: EquityRecord): void {
    const { atUs, equityUsd, balanceUsd, dailyFloorUsd, maximumFloorUsd, exposureUsd } = record;
    const phase = this.phaseNow();
    const floors = { dailyFloorUsd, maximumFloorUsd };
    this.trace.add({ atUs, equityUsd, ...floors, phaseNumber: phase.phaseNumber });
    const worth = { equityUsd, balanceUsd, ...floors, exposureUsd };
    this.account = { ...this.account, atUs, ...worth, ...phase };
  }

  /** Told by its record or by a look at the run; the account is in it with the next that is told of its worth. */
  private enterPhase(phase: string): void {
    if (phase !== this.phases.at(-1)) this.phases.push(phase);
  }

  private phaseNow(): Pick<AccountView, "phase" | "phaseNumber"> {
    const phaseNumber = Math.max(0, this.phases.length - 1);
    return { phase: this.phases[phaseNumber] ?? "", phaseNumber };
  }

  private takeRisk(record: RiskRecord): void {
    const [name, detail] = [shortText(record.name, 60), shortText(record.detail)];
    this.risks.push({ atUs: record.atUs, name, symbol: record.symbol, detail });
    if (record.name === PHASE_BEGINS) this.enterPhase(record.detail);
    for (const listener of this.riskListeners) listener(record);
  }
}

function accountAtStart(initialUsd: number): AccountView {
  return {
    atUs: UNKNOWN,
    initialUsd,
    equityUsd: UNKNOWN,
    balanceUsd: UNKNOWN,
    dailyFloorUsd: UNKNOWN,
    maximumFloorUsd: UNKNOWN,
    targetUsd: UNKNOWN,
    exposureUsd: UNKNOWN,
    phase: "",
    phaseNumber: 0,
  };
}
