import type { MonitorState } from "./monitor-state.js";

/** A thing that is not as it should be. */
export interface HealthReason {
  readonly name: string;
  readonly symbol: string;
  readonly detail: string;
  /** Whether it makes the run unhealthy; a run that was stopped on purpose, or by its rules, works as it should. */
  readonly isFatal: boolean;
}

/** Whether a run works. */
export interface Health {
  readonly status: "ok" | "unhealthy";
  readonly run: string;
  readonly phase: MonitorState["phase"];
  readonly reasons: readonly HealthReason[];
}

/** Events that wait for longer are told to the run too late. */
export const MOST_LAG_US = 10e6;

/** The run's time may be ahead of the machine's clock by so much before it is said. */
export const MOST_AHEAD_US = 1e6;

/** Judges a run: it is unhealthy when a feed is stale, is decided on too late, or the journal is down. */
export function healthOf(state: MonitorState): Health {
  const reasons = [
    ...feedReasons(state),
    ...connectionReasons(state),
    ...journalReasons(state),
    ...standingReasons(state),
  ];
  const isFatal = reasons.some((reason) => reason.isFatal);
  const { run, phase } = state;
  return { status: isFatal ? "unhealthy" : "ok", run, phase, reasons };
}

function feedReasons({ feeds, phase }: MonitorState): readonly HealthReason[] {
  return feeds.flatMap(({ symbol, isStale, ageMs, isBookValid }): readonly HealthReason[] => {
    const silence = `no event for ${Math.round(ageMs / 1000)} s`;
    if (isStale) return [{ name: "feed-stale", symbol, detail: silence, isFatal: true }];
    if (isBookValid || phase !== "running") return [];
    const detail = "no valid book until the next snapshot";
    return [{ name: "book-invalid", symbol, detail, isFatal: false }];
  });
}

function connectionReasons({ connection, phase }: MonitorState): readonly HealthReason[] {
  if (connection === null || phase !== "running") return [];
  const { isLost, losses, errors, queued, lagUs, aheadUs } = connection;
  const late = `${queued} events wait, the oldest for ${Math.round(lagUs / 1e6)} s`;
  const ahead = `the machine's clock was set back: the run's time is ${Math.round(aheadUs / 1e6)} s ahead, and goes at half pace`;
  const [last = "no error was told"] = errors;
  return [
    ...(lagUs > MOST_LAG_US ? [{ name: "feed-behind", detail: late, isFatal: true }] : []),
    ...(aheadUs > MOST_AHEAD_US ? [{ name: "clock-set-back", detail: ahead, isFatal: false }] : []),
    // A symbol that stays unheard of is stale by itself.
    ...(isLost
      ? [{ name: "connection-lost", detail: `loss ${losses}: ${last}`, isFatal: false }]
      : []),
  ].map((reason) => ({ ...reason, symbol: "" }));
}

function journalReasons({ journal, wallMs }: MonitorState): readonly HealthReason[] {
  if (journal.isUp) return [];
  const seconds = Math.round((wallMs - journal.sinceMs) / 1000);
  const detail = `down for ${seconds} s, ${journal.waiting} records wait in the write-ahead file`;
  return [{ name: "journal-down", symbol: "", detail, isFatal: true }];
}

function standingReasons({ standing }: MonitorState): readonly HealthReason[] {
  if (standing.standing === "free") return [];
  return [{ name: standing.standing, symbol: "", detail: standing.reason, isFatal: false }];
}
