import pRetry from "p-retry";
import { DataError, OptionError } from "../../core/errors.js";
import { clientLimits } from "../client-limits.js";
import { RequestFailure } from "../request-failure.js";
import { requestPace } from "../request-pace.js";
import { coinbaseAddress } from "./coinbase-address.js";
import { fetchText, type TextAnswer } from "./fetch-text.js";

/** The exchange's public REST interface; no key is needed. */
const COINBASE_URL = "https://api.exchange.coinbase.com";

/** Below the ten requests a second and address that the exchange allows. */
const REQUESTS_PER_SECOND = 9;

/** Tries while the server has not answered at all: its address is probably wrong. */
const FIRST_TRIES = 3;

/** How to reach the server. */
export interface CoinbaseOptions {
  /** https address, or http on this machine; default the exchange's own. */
  readonly url?: string;
  /** Wait before the second try of a request, ms; it doubles from try to try. */
  readonly firstWaitMs?: number;
  /** Longest time a request may take, its body included, ms. */
  readonly requestMs?: number;
  readonly requestsPerSecond?: number;
}

/** Asks one server, no faster than it allows. */
export interface CoinbaseClient {
  /** Whether it is the exchange itself. */
  readonly isExchange: boolean;
  /**
   * Answer of a path, once `read` accepts it; busy, broken, unfinished and unacceptable answers are asked for again.
   *
   * @param options.read - makes something of the answer, or throws a `RequestFailure`
   * @returns undefined when the server has no such thing (404)
   * @throws {DataError} the server refused, or kept failing
   * @throws {OptionError} the server never answered in this run
   */
  readonly get: <Result>(
    path: string,
    options: { readonly read: (answer: TextAnswer) => Result; readonly signal: AbortSignal },
  ) => Promise<Result | undefined>;
}

/**
 * A client for the exchange's REST interface and one run of `fetchCandles`; it asks no faster than the exchange allows.
 *
 * @param options - none for the exchange itself
 * @throws {OptionError} the address is neither https nor http on this machine
 */
export function coinbaseClient({
  url = COINBASE_URL,
  firstWaitMs = 500,
  requestMs = 20_000,
  requestsPerSecond = REQUESTS_PER_SECOND,
}: CoinbaseOptions = {}): CoinbaseClient {
  const base = coinbaseAddress(url);
  const limits = clientLimits({ requestsAtOnce: 4, requestsPerSecond, firstWaitMs });
  const pace = requestPace(limits);
  let hasAnswered = false;
  const onAnswer = (): void => {
    hasAnswered = true;
  };

  const mayTryAgain = (error: Error, tries: number): boolean => {
    if (!(error instanceof RequestFailure) || !error.isPassing) return false;
    if (!hasAnswered && tries >= FIRST_TRIES) return false;
    // What one request is told to wait holds for all.
    pace.pause(Math.min(error.retryAfterMs, limits.longestWaitMs));
    return pace.takeRepeat();
  };

  return {
    isExchange: base === COINBASE_URL,
    get: async (path, { read, signal }) => {
      let tries = 0;
      const attempt = async (): Promise<TextAnswer> => {
        signal.throwIfAborted();
        tries++;
        return fetchText(`${base}${path}`, { requestMs, signal, onAnswer });
      };
      pace.addFile();
      try {
        return await pRetry(async () => read(await pace.run(attempt)), {
          retries: limits.triesPerFile - 1,
          minTimeout: firstWaitMs,
          maxTimeout: limits.longestWaitMs,
          randomize: true,
          signal,
          shouldRetry: ({ error }) => mayTryAgain(error, tries),
        });
      } catch (error) {
        if (!(error instanceof RequestFailure)) throw error;
        if (error.status === 404) return undefined;
        const what = tries > 1 ? `${error.message} at the last of ${tries} tries` : error.message;
        throw hasAnswered ? notGiven(path, `${base} ${what}`) : unreachable(base, what);
      }
    },
  };
}

function notGiven(path: string, what: string): DataError {
  return new DataError({
    file: path,
    message: `was not given: ${what}`,
    fix: "run the same command again later; what is stored is kept",
  });
}

function unreachable(base: string, what: string): OptionError {
  return new OptionError({
    ...(base === COINBASE_URL ? {} : { column: "--url" }),
    message: `${base} could not be reached: it ${what}`,
    fix: "check the address and the network; behind a proxy, Node 24 with NODE_USE_ENV_PROXY=1 obeys HTTPS_PROXY",
  });
}
