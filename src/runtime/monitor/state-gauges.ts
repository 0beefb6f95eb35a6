import { Counter, Gauge, type Registry } from "prom-client";
import { healthOf } from "./health.js";
import { LabelValues } from "./label-values.js";
import type { MonitorState, Standing } from "./monitor-state.js";

const STANDINGS: readonly Standing[] = ["free", "blocked", "halted", "breached"];

/** Figures that are read off a run's state when somebody asks for them. */
export class StateGauges {
  private readonly registry: Registry;
  private readonly gauges = new Map<string, Gauge>();
  private readonly counters = new Map<string, Counter>();
  private readonly reasons = new LabelValues();

  constructor(registry: Registry) {
    this.registry = registry;
  }

  /** Takes over a state; what it does not know is left out. */
  set(state: MonitorState): void {
    const { account, journal, standing } = state;
    const higherFloor = Math.max(account.dailyFloorUsd, account.maximumFloorUsd);
    this.gauge("equity_usd", "Equity of the account, USD.", account.equityUsd);
    this.gauge("balance_usd", "Balance of closed trades, USD.", account.balanceUsd);
    this.gauge(
      "daily_floor_usd",
      "Equity below which the day is lost, USD.",
      account.dailyFloorUsd,
    );
    this.gauge(
      "maximum_floor_usd",
      "Equity below which all is lost, USD.",
      account.maximumFloorUsd,
    );
    this.gauge(
      "headroom_usd",
      "Equity above the higher floor, USD.",
      account.equityUsd - higherFloor,
    );
    this.gauge("target_usd", "Balance at which the phase is passed, USD.", account.targetUsd);
    this.gauge("exposure_usd", "Value of all positions, USD.", account.exposureUsd);
    this.gauge("journal_up", "1 while the journal's database answers.", Number(journal.isUp));
    this.gauge("wal_backlog_records", "Records that wait for the database.", journal.waiting);
    this.gauge(
      "market_time_seconds",
      "Market time, seconds since the epoch.",
      state.marketUs / 1e6,
    );
    this.gauge("speed_ratio", "Market seconds a second of the clock.", state.speedRatio);
    this.gauge("resident_memory_bytes", "Memory of the process.", state.memoryBytes);
    this.gauge("healthy", "1 while /health says ok.", Number(healthOf(state).status === "ok"));
    if (state.feed === "stream") {
      const lagSeconds = state.wallMs / 1000 - state.marketUs / 1e6;
      this.gauge("market_lag_seconds", "Machine's clock less market time, seconds.", lagSeconds);
    }
    for (const name of STANDINGS) {
      const isSo = Number(standing.standing === name);
      this.gauge("standing", "1 for what the run may still do.", isSo, { standing: name });
    }
    this.setFeeds(state);
    this.setConnection(state);
    this.setPositions(state);
  }

  private setFeeds({ feeds }: MonitorState): void {
    for (const { symbol, ...feed } of feeds) {
      const labels = { symbol };
      this.gauge(
        "feed_age_seconds",
        "Time since the last event, seconds.",
        feed.ageMs / 1000,
        labels,
      );
      this.gauge("feed_stale", "1 while a feed is silent too long.", Number(feed.isStale), labels);
      this.gauge("book_valid", "1 while the book is valid.", Number(feed.isBookValid), labels);
      this.gauge("spread_bps", "Quoted spread, basis points.", feed.spreadBps, labels);
      this.count("events_total", "Events of the market.", feed.events, labels);
    }
  }

  private setConnection({ connection }: MonitorState): void {
    if (connection === null) return;
    const { isLost, losses, errorCount, queued, lagUs, aheadUs, rejected } = connection;
    this.gauge("connection_lost", "1 while the stream's connection is down.", Number(isLost));
    this.count("reconnects_total", "Connections of the stream that were lost.", losses);
    this.count("connection_errors_total", "Errors of the stream's connection.", errorCount);
    this.gauge("queued_events", "Events that wait for the run.", queued);
    this.gauge("queue_lag_seconds", "How long the oldest of them has waited.", lagUs / 1e6);
    const help = "How far the time told is ahead of a clock that was set back.";
    this.gauge("clock_ahead_seconds", help, aheadUs / 1e6);
    const byReason = new Map<string, number>();
    for (const { reason, rows } of rejected) {
      // What is before the colon is the column alone.
      const label = this.reasons.of(reason.replaceAll(":", ""));
      byReason.set(label, (byReason.get(label) ?? 0) + rows);
    }
    const refused = "Rows of the stream refused by the checks.";
    for (const [reason, rows] of byReason)
      this.count("rejected_rows_total", refused, rows, { reason });
  }

  private setPositions({ feeds, positions }: MonitorState): void {
    for (const { symbol } of feeds) {
      const held = positions.find((position) => position.symbol === symbol);
      this.gauge("position", "Position in base currency.", held?.amount ?? 0, { symbol });
    }
  }

  private gauge(name: string, help: string, value: number, labels: Labels = {}): void {
    const made = this.gauges.get(name) ?? new Gauge(this.named(name, help, labels));
    this.gauges.set(name, made);
    if (Number.isFinite(value)) made.set(labels, value);
    else made.remove(labels);
  }

  /** A counter that is kept elsewhere and only ever rises. */
  private count(name: string, help: string, total: number, labels: Labels = {}): void {
    const made = this.counters.get(name) ?? new Counter(this.named(name, help, labels));
    this.counters.set(name, made);
    made.remove(labels);
    made.inc(labels, total);
  }

  private named(name: string, help: string, labels: Labels): Named {
    const registers = [this.registry];
    return { name: `tickbook_${name}`, help, labelNames: Object.keys(labels), registers };
  }
}

type Labels = Readonly<Record<string, string>>;

interface Named {
  readonly name: string;
  readonly help: string;
  readonly labelNames: string[];
  readonly registers: Registry[];
}
