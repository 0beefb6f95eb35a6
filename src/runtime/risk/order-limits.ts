// How many orders may be sent? Counted by a limiter in windows of market time, so that a fast replay is limited as a live run is.
import { RateLimiterMemory } from "rate-limiter-flexible";
import { MINUTE_US } from "../../core/time.js";

/** Most orders and requests; 0 allows none. */
export interface LimitSettings {
  readonly ordersPerMinute: number;
  /** By local day of the account. */
  readonly ordersPerDay: number;
  /** Orders are the only requests so far: paper asks an exchange for nothing else. */
  readonly requestsPerMinute: number;
}

/** Far below what exchanges allow, and a fifth of what FTMO calls hyperactive: 2,000 requests a day. */
export const LIMIT_SETTINGS: LimitSettings = {
  ordersPerMinute: 12,
  ordersPerDay: 400,
  requestsPerMinute: 60,
};

/** Counts of the windows that are open, as plain JSON. */
export interface LimitsState {
  readonly counts: Readonly<Record<string, number>>;
}

/** A kind of window, and what it bounds. */
type Window = keyof LimitSettings;

const WORDS: Readonly<Record<Window, string>> = {
  ordersPerMinute: "orders a minute",
  ordersPerDay: "orders a day",
  requestsPerMinute: "requests a minute",
};

/** Counts the orders of a run. Those that close a position count, too, and are never refused. */
export class OrderLimits {
  private readonly settings: LimitSettings;
  private readonly limiters: Readonly<Record<Window, RateLimiterMemory>>;
  /** Keys of the open windows, with their counts. */
  private readonly counts = new Map<string, number>();

  constructor(settings: LimitSettings) {
    this.settings = settings;
    const limiter = (points: number): RateLimiterMemory =>
      // Windows are of market time: they are closed here, and never by the machine's clock.
      new RateLimiterMemory({ points, duration: 0 });
    this.limiters = {
      ordersPerMinute: limiter(settings.ordersPerMinute),
      ordersPerDay: limiter(settings.ordersPerDay),
      requestsPerMinute: limiter(settings.requestsPerMinute),
    };
  }

  /**
   * Asks for an order.
   *
   * @param date - local day of the account
   * @param options.isExit - counted, and let through
   * @returns "" where it may be sent, else which limit is reached
   */
  async take(
    atUs: number,
    date: string,
    { isExit }: { readonly isExit: boolean },
  ): Promise<string> {
    const keys = keysAt(atUs, date);
    await this.forget(new Set(Object.values(keys)));
    const reached = WINDOWS.find((one) => (this.counts.get(keys[one]) ?? 0) >= this.settings[one]);
    if (reached !== undefined && !isExit) return WORDS[reached];
    for (const one of WINDOWS) {
      const { consumedPoints } = await this.limiters[one].penalty(keys[one], 1);
      this.counts.set(keys[one], consumedPoints);
    }
    return "";
  }

  save(): LimitsState {
    return { counts: Object.fromEntries(this.counts) };
  }

  /** Takes over the counts of limits with the same settings. */
  async restore({ counts }: LimitsState): Promise<void> {
    await this.forget(new Set());
    for (const [key, count] of Object.entries(counts)) {
      const [window] = key.split(" ") as [Window];
      await this.limiters[window].set(key, count, 0);
      this.counts.set(key, count);
    }
  }

  /** Closes all windows but those in use. */
  private async forget(open: ReadonlySet<string>): Promise<void> {
    for (const key of [...this.counts.keys()]) {
      if (open.has(key)) continue;
      await this.limiters[key.split(" ")[0] as Window].delete(key);
      this.counts.delete(key);
    }
  }
}

const WINDOWS = Object.keys(WORDS) as readonly Window[];

function keysAt(atUs: number, date: string): Readonly<Record<Window, string>> {
  const minute = Math.floor(atUs / MINUTE_US);
  return {
    ordersPerMinute: `ordersPerMinute ${minute}`,
    ordersPerDay: `ordersPerDay ${date}`,
    requestsPerMinute: `requestsPerMinute ${minute}`,
  };
}
