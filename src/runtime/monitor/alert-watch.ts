import type { RiskRecord } from "../records.js";
import type { Alert, Severity } from "./alert.js";
import type { MonitorState, Standing } from "./monitor-state.js";

/** Risk events that a glance at the state tells better, since it knows how long they last. */
const TOLD_BY_STATE: readonly string[] = ["feed-stale", "journal-down"];
const GRAVE = /floor|breach|loss$|flatten|^halted|demoted|fail/;

/** Finds what is worth an alert in what a run does. */
export class AlertWatch {
  private readonly send: (alert: Alert) => void;
  private readonly staleAfterMs: number;
  private readonly stale = new Set<string>();
  private isJournalUp = true;
  private standing: Standing = "free";

  /** @param staleAfterMs - silence of a feed before it is told; shorter ones mend themselves */
  constructor(send: (alert: Alert) => void, staleAfterMs: number) {
    this.send = send;
    this.staleAfterMs = staleAfterMs;
  }

  /** A risk event has been recorded. */
  risk({ name, symbol, detail, atUs }: RiskRecord): void {
    if (TOLD_BY_STATE.includes(name)) return;
    this.send({ name, symbol, severity: GRAVE.test(name) ? "critical" : "warning", detail, atUs });
  }

  /** Compares the state with the last one. */
  look(state: MonitorState): void {
    const tell = (name: string, severity: Severity, detail: string, symbol = ""): void => {
      this.send({ name, symbol, severity, detail, atUs: state.marketUs });
    };
    for (const { symbol, isStale, ageMs } of state.feeds) {
      const isLong = isStale && ageMs >= this.staleAfterMs;
      if (isLong && !this.stale.has(symbol)) {
        this.stale.add(symbol);
        tell("feed-stale", "warning", `no event for ${Math.round(ageMs / 1000)} s`, symbol);
      } else if (!isStale && this.stale.delete(symbol) && state.phase === "running") {
        tell("feed-fresh", "info", "events arrive again", symbol);
      }
    }
    if (state.journal.isUp !== this.isJournalUp) {
      this.isJournalUp = state.journal.isUp;
      if (this.isJournalUp) tell("journal-up", "info", "the database answers again");
      else tell("journal-down", "critical", "new entries stop, exits go into the local file");
    }
    const { standing, reason } = state.standing;
    if (standing === this.standing) return;
    this.standing = standing;
    if (standing === "free") tell("lifted", "info", "the run may take positions again");
    else tell(standing, standing === "blocked" ? "warning" : "critical", reason);
  }
}
