import { readFileSync } from "node:fs";
import path from "node:path";
import { Counter, Gauge, Histogram, Registry } from "prom-client";
import { PROJECT_ROOT } from "../../core/settings-file.js";
import type { JournalRecord } from "../records.js";
import type { AlertOutcome } from "./alert-hook.js";
import { LabelValues } from "./label-values.js";
import type { LogLevel, MonitorState, RunFacts } from "./monitor-state.js";
import { StateGauges } from "./state-gauges.js";

/** From 50 µs to 10 s. */
const SECONDS = [
  5e-5, 1e-4, 2.5e-4, 5e-4, 1e-3, 2.5e-3, 5e-3, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10,
];

/** A run's figures as Prometheus reads them: `tickbook_…`, in base units. */
export class RunMetrics {
  private readonly registry = new Registry();
  private readonly gauges: StateGauges;
  private readonly labels = {
    symbol: new LabelValues(),
    reason: new LabelValues(),
    name: new LabelValues(),
  };
  private readonly decisions = this.counter("decisions_total", "Decisions made of bars.", [
    "symbol",
    "side",
    "reason",
  ]);
  private readonly orders = this.counter("orders_total", "Orders decided.", [
    "symbol",
    "side",
    "purpose",
  ]);
  private readonly orderEnds = this.counter("order_ends_total", "Orders that ended, by how.", [
    "status",
  ]);
  private readonly fills = this.counter("fills_total", "Fills of orders.", ["symbol", "side"]);
  private readonly filledUsd = this.counter("filled_usd_total", "Value of fills, USD.", ["symbol"]);
  private readonly feesUsd = this.counter("fees_usd_total", "Fees of fills, USD.", ["symbol"]);
  private readonly risks = this.counter("risk_events_total", "Events an operator has to know of.", [
    "name",
  ]);
  private readonly lines = this.counter("log_lines_total", "Lines of the log.", ["level"]);
  private readonly alerts = this.counter("alerts_total", "Alerts for the webhook, by outcome.", [
    "outcome",
  ]);
  private readonly decisionSeconds = this.histogram(
    "event_to_decision_seconds",
    "From the event that closed a bar to its decision, seconds.",
  );
  private readonly journalSeconds = this.histogram(
    "journal_write_seconds",
    "Duration of writes to the journal, seconds.",
  );

  constructor(facts: RunFacts) {
    this.gauges = new StateGauges(this.registry);
    const build = new Gauge({
      name: "tickbook_build_info",
      help: "Always 1; what runs is in the labels.",
      labelNames: ["version", "node", "run", "mode", "feed", "exchange", "source", "promoted"],
      registers: [this.registry],
    });
    const { run, mode, feed, exchange } = facts;
    const source = facts.isSimulated ? "simulated" : "real";
    const promoted = facts.isUnpromoted ? "no" : "yes";
    const node = process.versions.node;
    build.set({ version: packageVersion(), node, run, mode, feed, exchange, source, promoted }, 1);
  }

  /** Type of what `text` gives. */
  get contentType(): string {
    return this.registry.contentType;
  }

  /** Counts a record of the journal. */
  take(record: JournalRecord): void {
    if (record.kind === "decision") {
      const reason = this.labels.reason.of(record.reason);
      this.decisions.inc({ symbol: this.symbol(record), side: sideName(record.side), reason });
      if (record.tookUs >= 0) this.decisionSeconds.observe(record.tookUs / 1e6);
    } else if (record.kind === "order") {
      const { purpose } = record;
      this.orders.inc({ symbol: this.symbol(record), side: sideName(record.side), purpose });
    } else if (record.kind === "order-end") this.orderEnds.inc({ status: record.status });
    else if (record.kind === "fill") {
      const symbol = this.symbol(record);
      this.fills.inc({ symbol, side: record.amount > 0 ? "buy" : "sell" });
      this.filledUsd.inc({ symbol }, positive(Math.abs(record.valueUsd)));
      // A rebate is no fee, and a counter cannot go down.
      this.feesUsd.inc({ symbol }, positive(record.feeUsd));
    } else if (record.kind === "risk") this.risks.inc({ name: this.labels.name.of(record.name) });
  }

  journalTook(durationUs: number): void {
    if (durationUs >= 0) this.journalSeconds.observe(durationUs / 1e6);
  }

  logged(level: LogLevel): void {
    this.lines.inc({ level });
  }

  alerted(outcome: AlertOutcome): void {
    this.alerts.inc({ outcome });
  }

  /** All figures in Prometheus' text format, those of the state as they are in it. */
  async text(state: MonitorState): Promise<string> {
    this.gauges.set(state);
    return this.registry.metrics();
  }

  private symbol({ symbol }: { readonly symbol: string }): string {
    return this.labels.symbol.of(symbol);
  }

  private counter(name: string, help: string, labelNames: readonly string[]): Counter {
    const registers = [this.registry];
    return new Counter({ name: `tickbook_${name}`, help, labelNames: [...labelNames], registers });
  }

  private histogram(name: string, help: string): Histogram {
    return new Histogram({
      name: `tickbook_${name}`,
      help,
      buckets: SECONDS,
      registers: [this.registry],
    });
  }
}

function sideName(side: 1 | 0 | -1): string {
  return side === 0 ? "none" : side > 0 ? "buy" : "sell";
}

function positive(value: number): number {
  return Number.isFinite(value) ? Math.max(0, value) : 0;
}

function packageVersion(): string {
  const text = readFileSync(path.join(PROJECT_ROOT, "package.json"), "utf8");
  return (JSON.parse(text) as { readonly version: string }).version;
}
