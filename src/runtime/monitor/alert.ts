/** How much an alert matters. */
export type Severity = "critical" | "warning" | "info";

/** Something to tell an operator who is not looking. */
export interface Alert {
  /** `daily-floor`, `flatten`, `halted`, `feed-stale`, `journal-down`, `process-start` … */
  readonly name: string;
  /** "" where it is of the account or the process. */
  readonly symbol: string;
  readonly severity: Severity;
  readonly detail: string;
  /** Market time; NaN where there is none. */
  readonly atUs: number;
}

/** Of which run an alert is, as the message says it. */
export interface AlertRun {
  readonly run: string;
  readonly isSimulated: boolean;
  readonly isUnpromoted: boolean;
}

const SHAPES: Readonly<Record<Severity, string>> = { critical: "■", warning: "▲", info: "●" };

/**
 * The message that a webhook gets: `text` for Slack and those who read the same, the rest for programs.
 *
 * @param repeated - how many of the same name and symbol were held back since the last one
 */
export function alertBody(alert: Alert, run: AlertRun, repeated: number): string {
  const { name, symbol, severity, detail, atUs } = alert;
  const words = [
    `${SHAPES[severity]} ${run.isSimulated ? "SIMULATED" : "REAL"}`,
    ...(run.isUnpromoted ? ["UNPROMOTED"] : []),
    `run ${run.run}`,
    `${name}${symbol === "" ? "" : ` ${symbol}`}: ${detail}`,
    ...(repeated > 0 ? [`${repeated} more of it before`] : []),
  ];
  return JSON.stringify({
    text: plainText(words.join(" · ")),
    source: "tickbook",
    ...run,
    name,
    symbol,
    severity,
    detail,
    marketTime: isoTime(atUs),
    repeated,
  });
}

/** Text in which no name from data calls a channel or becomes a link: these three are all that Slack asks to escape. */
function plainText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function isoTime(us: number): string | null {
  const date = new Date(us / 1000);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}
