// What does the live page show of a run? Numbers that are not known are NaN here and null in JSON.

/** What does not change while a process drives a run. */
export interface RunFacts {
  readonly run: string;
  readonly mode: "dry-run" | "paper";
  readonly feed: "replay" | "stream";
  readonly exchange: string;
  readonly symbols: readonly string[];
  /** `NAME@version`, one for each that is asked. */
  readonly models: readonly string[];
  readonly isSimulated: boolean;
  /** A rehearsal: no gate has let the model pass. */
  readonly isUnpromoted: boolean;
}

/** A symbol's feed. */
export interface FeedView {
  readonly symbol: string;
  /** Of its last event, market time. */
  readonly lastEventUs: number;
  /** Since its last event, on the machine's clock. */
  readonly ageMs: number;
  readonly isStale: boolean;
  readonly isBookValid: boolean;
  readonly spreadBps: number;
  readonly events: number;
}

/** The one connection that a stream's feeds come over. */
export interface ConnectionView {
  readonly isLost: boolean;
  readonly losses: number;
  readonly errorCount: number;
  /** The last ones, the newest first. */
  readonly errors: readonly string[];
  readonly rejectedRows: number;
  /** The reasons that most of them have. */
  readonly rejected: readonly RejectedView[];
  /** Events that wait for the run. */
  readonly queued: number;
  /** How long the oldest of them has waited. */
  readonly lagUs: number;
  /** How far the run's time is ahead of the machine's clock, which was set back. */
  readonly aheadUs: number;
}

/** Rows that the checks left out for one reason. */
export interface RejectedView {
  readonly reason: string;
  readonly rows: number;
}

/** Whether decisions become durable. */
export interface JournalView {
  readonly isUp: boolean;
  /** Records in the write-ahead file that the database has not got yet. */
  readonly waiting: number;
  /** Since when it is so, on the machine's clock. */
  readonly sinceMs: number;
}

/**
 * What a run may still do: `blocked` takes no new positions until its reason is gone, `halted` none until an operator lifts
 * it, `breached` none ever again.
 */
export type Standing = "free" | "blocked" | "halted" | "breached";

/** Standing of a run, with its reason in words. */
export interface StandingView {
  readonly standing: Standing;
  readonly reason: string;
  /** Market time from which it holds. */
  readonly sinceUs: number;
}

/** The account against its limits. */
export interface AccountView {
  readonly atUs: number;
  readonly initialUsd: number;
  readonly equityUsd: number;
  readonly balanceUsd: number;
  readonly dailyFloorUsd: number;
  readonly maximumFloorUsd: number;
  /** NaN where there is none. */
  readonly targetUsd: number;
  readonly exposureUsd: number;
  /** Phase of the rules that it is in; "" while it is not known. */
  readonly phase: string;
  /** Of the phases that this process has seen, from 0. With each, balance, floors and target begin anew. */
  readonly phaseNumber: number;
}

/** An open position. */
export interface PositionView {
  readonly symbol: string;
  /** In base currency, below 0 short. */
  readonly amount: number;
  readonly entryPrice: number;
  readonly mid: number;
  readonly floatingUsd: number;
}

/** What was made of a bar. */
export interface SignalView {
  readonly barEndUs: number;
  readonly symbol: string;
  readonly probability: number;
  readonly side: 1 | 0 | -1;
  readonly reason: string;
  readonly tookUs: number;
}

/** An order and what became of it so far. */
export interface OrderView {
  readonly id: string;
  readonly decidedUs: number;
  readonly symbol: string;
  readonly side: 1 | -1;
  readonly purpose: "entry" | "exit" | "flatten";
  readonly amount: number;
  readonly filledAmount: number;
  /** Mean price of its fills; NaN without one. */
  readonly fillPrice: number;
  readonly feeUsd: number;
  readonly status: "open" | "filled" | "unfilled" | "withdrawn";
  readonly reason: string;
}

/** Something that an operator has to know of. */
export interface RiskView {
  readonly atUs: number;
  readonly name: string;
  readonly symbol: string;
  readonly detail: string;
}

/** A distribution of durations. */
export interface LatencyView {
  readonly count: number;
  readonly p50Us: number;
  readonly p99Us: number;
  readonly maxUs: number;
  /** Upper ends of the buckets that are not empty, ascending, and how many durations are in each. */
  readonly upToUs: readonly number[];
  readonly counts: readonly number[];
}

/** Weight of a line of the log. */
export type LogLevel = "debug" | "info" | "warn" | "error";

/** A line of the log. */
export interface LogLine {
  /** On the machine's clock. */
  readonly atMs: number;
  readonly level: LogLevel;
  readonly text: string;
  /** What goes with it, as `name=value` pairs. */
  readonly detail: string;
}

/** Whether a run is about to begin, goes on, or is over. */
export type RunPhase = "starting" | "running" | "ended";

/** All of it at one time; the newest of each list first. */
export interface MonitorState extends RunFacts {
  readonly phase: RunPhase;
  readonly startedMs: number;
  readonly wallMs: number;
  readonly marketUs: number;
  /** Market seconds a second of the machine's clock. */
  readonly speedRatio: number;
  readonly events: number;
  readonly eventsPerSecond: number;
  readonly memoryBytes: number;
  readonly standing: StandingView;
  readonly journal: JournalView;
  readonly account: AccountView;
  readonly feeds: readonly FeedView[];
  /** Null of a replay, and before a stream is opened. */
  readonly connection: ConnectionView | null;
  readonly positions: readonly PositionView[];
  readonly signals: readonly SignalView[];
  readonly orders: readonly OrderView[];
  readonly risks: readonly RiskView[];
  readonly decisionLatency: LatencyView;
  readonly journalLatency: LatencyView;
  readonly log: readonly LogLine[];
}

/** The account over time, as columns of equal length, and the phases that it went through. */
export interface EquityColumns {
  readonly atUs: readonly number[];
  readonly equityUsd: readonly number[];
  readonly dailyFloorUsd: readonly number[];
  readonly maximumFloorUsd: readonly number[];
  readonly phaseNumber: readonly number[];
  /** Their names, by number. */
  readonly phases: readonly string[];
}
