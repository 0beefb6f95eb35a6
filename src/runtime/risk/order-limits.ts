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
  private readonly limiters: Readonly<Record<Window, RateLimiterMemory>>;

  constructor(settings: LimitSettings) {
    const limiter = (points: number): RateLimiterMemory =>
      // Windows are of market time: each is a key of its own that is closed here, and never by the machine's clock.
      new RateLimiterMemory({ points, duration: 0 });
    this.limiters = {
      ordersPerMinute: limiter(settings.ordersPerMinute),
      ordersPerDay: limiter(settings.ordersPerDay),
      requestsPerMinute: limiter(settings.requestsPerMinute),
    };
  }

  /**
   * Asks for an order. One call at a time.
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
    let reached = "";
    for (const one of WINDOWS) {
      const limiter = this.limiters[one];
      await closeAllBut(limiter, keys[one]);
      const left = (await limiter.get(keys[one]))?.remainingPoints ?? limiter.points;
      if (left === 0) reached ||= WORDS[one];
    }
    if (reached !== "" && !isExit) return reached;
    for (const one of WINDOWS) await this.limiters[one].penalty(keys[one]);
    return "";
  }

  save(): LimitsState {
    const open = WINDOWS.flatMap((one) => this.limiters[one].dump().storage);
    return { counts: Object.fromEntries(open.map(({ key, value }) => [key, value])) };
  }

  /** Takes over the counts of limits with the same settings. */
  async restore({ counts }: LimitsState): Promise<void> {
    for (const one of WINDOWS) await closeAllBut(this.limiters[one], undefined);
    for (const [key, count] of Object.entries(counts)) {
      await this.limiters[key.split(" ")[0] as Window].set(key, count, 0);
    }
  }
}

/** Forgets all windows but the one in use. */
async function closeAllBut(limiter: RateLimiterMemory, open: string | undefined): Promise<void> {
  for (const { key } of limiter.dump().storage) if (key !== open) await limiter.delete(key);
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
