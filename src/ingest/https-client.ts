import type { IncomingMessage } from "node:http";
import type https from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import pRetry from "p-retry";
import type { ClientLimits } from "./client-limits.js";
import { explainFailure } from "./explain-failure.js";
import { type HttpsRequest, openHttps } from "./https-request.js";
import { readJson } from "./read-json.js";
import { isCertificateError, isPassing, RequestFailure } from "./request-failure.js";
import { requestPace } from "./request-pace.js";
import { saveBody } from "./save-body.js";
import { secureContext } from "./secure-context.js";

/** Tries while nobody is there at all (the address is probably wrong), and of a mere size. */
const FEW_TRIES = 3;

/** Fetches files from one server by https. */
export interface HttpsClient {
  /**
   * Writes a csv.gz to a file; busy, broken, slow and unfinished answers and such that are no gzip are tried again, each
   * time from the file's start.
   *
   * @param place - what to call the file in errors
   * @returns false when the server does not have it (404)
   * @throws {DataError} the server refused, or kept failing
   * @throws {OptionError} the server could not be reached in this run, its certificate is not trusted, or the disk is full
   */
  readonly download: (request: HttpsRequest, file: string, place: string) => Promise<boolean>;
  /**
   * Length that the server gives by HEAD; undefined when it does not have the file, NaN when it does not say.
   *
   * @throws {DataError} the server refused
   * @throws {OptionError} as for `download`
   */
  readonly size: (request: HttpsRequest, place: string) => Promise<number | undefined>;
  /**
   * An answer in JSON.
   *
   * @throws {DataError} the server refused, kept failing or answered something else
   * @throws {OptionError} as for `download`
   */
  readonly json: (request: HttpsRequest, place: string) => Promise<unknown>;
  readonly close: () => void;
}

/** How to reach a server, and what to say when it refuses. */
export interface ClientOptions {
  readonly agent: https.Agent;
  /** Certificates to trust in place of Node's own. */
  readonly certificates?: readonly string[];
  readonly limits: ClientLimits;
  /** What to do about 401 and 403. */
  readonly refusalFix: string;
  /** The option that named the server, for errors. */
  readonly option?: string;
}

/**
 * A client for one server and one run.
 *
 * @param server - what to call it in errors
 */
export function httpsClient(
  server: string,
  { agent, certificates, limits, refusalFix, option = "--source" }: ClientOptions,
): HttpsClient {
  const pace = requestPace(limits);
  const { stallMs, redirects } = limits;
  let isReached = false;
  const connection = {
    agent,
    stallMs,
    redirects,
    onReached: () => {
      isReached = true;
    },
    ...(certificates === undefined ? {} : { secureContext: secureContext(certificates) }),
  };
  const open = (request: HttpsRequest, method: "GET" | "HEAD"): Promise<IncomingMessage> =>
    openHttps(request, method, connection);

  /** Does something until it succeeds, or its tries or the run's budget are used up. */
  const persistently = async <Result>(
    work: () => Promise<Result>,
    { tries, place, otherwise }: Persistence<Result>,
  ): Promise<Result> => {
    let tried = 0;
    pace.addFile();
    try {
      return await pRetry(
        () => {
          tried++;
          return pace.run(work);
        },
        {
          retries: tries - 1,
          minTimeout: limits.firstWaitMs,
          maxTimeout: limits.longestWaitMs,
          randomize: true,
          shouldRetry: async ({ error }) => {
            if (!isPassing(error) || tried >= (isReached ? tries : FEW_TRIES)) return false;
            if (!pace.takeRepeat()) return false;
            await obeyRetryAfter(error);
            return true;
          },
        },
      );
    } catch (error) {
      const result = otherwise?.(error);
      if (result !== undefined) return result;
      throw explainFailure(error, {
        server,
        option,
        place,
        tries: tried,
        isReached,
        refusalFix,
        isBudgetUsedUp: pace.isUsedUp(),
      });
    }
  };

  const obeyRetryAfter = async (error: Error): Promise<void> => {
    if (!(error instanceof RequestFailure) || error.retryAfterMs === 0) return;
    const waitMs = Math.min(error.retryAfterMs, limits.longestWaitMs);
    // Too many requests are everybody's; any other failure is this file's alone.
    if (error.status === 429) pace.pause(waitMs);
    else await sleep(waitMs);
  };

  const fewTries = Math.min(FEW_TRIES, limits.triesPerFile);
  return {
    download: async (request, file, place) => {
      const work = async (): Promise<boolean> => {
        await saveBody(await open(request, "GET"), file, limits);
        return true;
      };
      const otherwise = (error: unknown): false | undefined =>
        isAbsent(error) ? false : undefined;
      return persistently(work, { tries: limits.triesPerFile, place, otherwise });
    },
    size: async (request, place) => {
      const work = async (): Promise<number> => {
        const response = await open(request, "HEAD");
        response.resume();
        return Number(response.headers["content-length"] ?? Number.NaN);
      };
      // A server that serves files need not answer HEAD; a refusal tells something about the file, and a certificate that
      // is not trusted ends a run.
      const otherwise = (error: unknown): number | undefined => {
        if (isAbsent(error)) return ABSENT;
        const isSilence = isReached && !isRefusal(error) && !isCertificateError(error);
        return isSilence ? Number.NaN : undefined;
      };
      const bytes = await persistently(work, { tries: fewTries, place, otherwise });
      return bytes === ABSENT ? undefined : bytes;
    },
    json: async (request, place) => {
      const work = async (): Promise<unknown> => readJson(await open(request, "GET"), stallMs);
      return persistently(work, { tries: fewTries, place });
    },
    close: () => agent.destroy(),
  };
}

/** Stands for a size that does not exist. */
const ABSENT = -1;

/** How often to try, what to call it, and what else its failure may mean. */
interface Persistence<Result> {
  readonly tries: number;
  readonly place: string;
  readonly otherwise?: (error: unknown) => Result | undefined;
}

function isAbsent(error: unknown): boolean {
  return error instanceof RequestFailure && error.status === 404;
}

function isRefusal(error: unknown): boolean {
  return error instanceof RequestFailure && [401, 403].includes(error.status ?? 0);
}
