import pRetry, { AbortError } from "p-retry";
import { OptionError } from "../../core/errors.js";
import { type Alert, type AlertRun, alertBody } from "./alert.js";

/** What became of an alert. */
export type AlertOutcome = "sent" | "failed" | "dropped" | "repeated";

/** How a hook tries. */
export interface AlertHookOptions {
  readonly timeoutMs?: number;
  readonly retries?: number;
  readonly firstRetryMs?: number;
  /** Alerts that wait at most; beyond, the oldest is dropped. */
  readonly mostWaiting?: number;
  /** Of the same name and symbol, one in this time. */
  readonly windowMs?: number;
  readonly clock?: () => number;
  /** Is told of each alert; why it failed never holds the address. */
  readonly onOutcome?: (outcome: AlertOutcome, alert: Alert, why: string) => void;
}

interface Waiting {
  readonly alert: Alert;
  readonly body: string;
}

const DEFAULTS = {
  timeoutMs: 5000,
  retries: 4,
  firstRetryMs: 500,
  mostWaiting: 100,
  windowMs: 300_000,
  clock: Date.now,
  onOutcome: (): void => {},
};
const MOST_REMEMBERED = 500;

/**
 * Posts alerts to a webhook, one after the other, in its own time: `send` returns at once and never throws, whatever the
 * other side does. The address is a secret, since it usually holds a token: no error and no outcome has it.
 */
export class AlertHook {
  readonly #address: URL;
  private readonly run: AlertRun;
  private readonly options: Required<AlertHookOptions>;
  private readonly waiting: Waiting[] = [];
  private readonly told = new Map<string, { atMs: number; heldBack: number }>();
  private readonly stop = new AbortController();
  private work: Promise<void> | undefined;
  private isClosed = false;

  /** @throws {OptionError} the address is none of http or https, or has a password that belongs elsewhere */
  constructor(address: string, run: AlertRun, options: AlertHookOptions = {}) {
    this.#address = webAddress(address);
    this.run = run;
    this.options = { ...DEFAULTS, ...options };
  }

  /** Takes an alert. */
  send(alert: Alert): void {
    if (this.isClosed) return;
    const heldBack = this.passes(alert);
    if (heldBack === undefined) {
      this.tell("repeated", alert, "the same was told just now");
      return;
    }
    this.waiting.push({ alert, body: alertBody(alert, this.run, heldBack) });
    if (this.waiting.length > this.options.mostWaiting) {
      this.tell("dropped", this.waiting.shift()!.alert, "too many are waiting");
    }
    this.work ??= this.postAll();
  }

  /** Takes no more, and ends when those that wait are through or the time is up; the rest is dropped. */
  async close(withinMs = 3000): Promise<void> {
    this.isClosed = true;
    const timer = setTimeout(() => this.stop.abort(), withinMs);
    await this.work;
    clearTimeout(timer);
  }

  /** How many of its kind were held back before it; undefined where it is to be held back itself. */
  private passes({ name, symbol }: Alert): number | undefined {
    const { clock, windowMs } = this.options;
    const key = JSON.stringify([name, symbol]);
    const last = this.told.get(key);
    if (last !== undefined && clock() - last.atMs < windowMs) {
      last.heldBack += 1;
      return undefined;
    }
    // The map's order is that of the last telling, so its first is the oldest.
    this.told.delete(key);
    this.told.set(key, { atMs: clock(), heldBack: 0 });
    if (this.told.size > MOST_REMEMBERED) this.told.delete(this.told.keys().next().value!);
    return last?.heldBack ?? 0;
  }

  private async postAll(): Promise<void> {
    // Let the loop go on first.
    await Promise.resolve();
    for (let next = this.waiting.shift(); next !== undefined; next = this.waiting.shift()) {
      const { alert, body } = next;
      if (this.stop.signal.aborted) this.tell("dropped", alert, "the run ended");
      else await this.post(alert, body);
    }
    this.work = undefined;
  }

  private async post(alert: Alert, body: string): Promise<void> {
    const { retries, firstRetryMs } = this.options;
    const { signal } = this.stop;
    try {
      const rhythm = { retries, minTimeout: firstRetryMs, maxTimeout: 30_000, factor: 2 };
      await pRetry(() => this.postOnce(body), { ...rhythm, randomize: true, signal });
      this.tell("sent", alert, "");
    } catch (error) {
      const why = error instanceof PostError ? error.message : "the run ended";
      this.tell("failed", alert, why);
    }
  }

  private async postOnce(body: string): Promise<void> {
    const own = AbortSignal.timeout(this.options.timeoutMs);
    const response = await fetch(this.#address, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
      // A redirect could take the message, and the address with its token, anywhere.
      redirect: "manual",
      signal: AbortSignal.any([own, this.stop.signal]),
    }).catch((error: unknown) => {
      throw new PostError(own.aborted ? "no answer in time" : `no connection${codeOf(error)}`);
    });
    await response.body?.cancel().catch(() => {});
    if (response.ok) return;
    const error = new PostError(`the answer was ${response.status}`);
    // What was refused as it is will be refused again.
    const isLasting = response.status < 500 && ![408, 425, 429].includes(response.status);
    throw isLasting ? new AbortError(error) : error;
  }

  private tell(outcome: AlertOutcome, alert: Alert, why: string): void {
    this.options.onOutcome(outcome, alert, why);
  }
}

/** Why a message did not arrive, in words of our own. */
class PostError extends Error {}

/** The system's own word, as ECONNREFUSED; never a text, for those quote addresses. */
function codeOf(error: unknown): string {
  const code = (error as { readonly cause?: { readonly code?: unknown } }).cause?.code;
  return typeof code === "string" && /^[A-Z_]{3,40}$/.test(code) ? ` (${code})` : "";
}

function webAddress(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const isWeb = url?.protocol === "https:" || url?.protocol === "http:";
  if (url !== undefined && isWeb && url.username === "" && url.password === "") return url;
  throw new OptionError({
    column: "TICKBOOK_WEBHOOK",
    message: isWeb ? "had a name or password in it" : "was no http or https address",
    fix: "give the webhook's address as its maker shows it, https://…",
  });
}
