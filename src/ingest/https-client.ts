import { createWriteStream } from "node:fs";
import type { IncomingMessage } from "node:http";
import https from "node:https";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { DataError, OptionError } from "../core/errors.js";

/** Tries of one file, the first included. */
const ATTEMPTS = 6;

/** Tries while the server has not answered at all: its address is probably wrong. */
const FIRST_ATTEMPTS = 3;

/** Longest wait between two tries, whatever the server asks for. */
const LONGEST_WAIT_MS = 60_000;

/** A connection on which nothing arrives for so long is given up. */
const STALL_MS = 60_000;

/** Fetches files by https. */
export interface HttpsClient {
  /**
   * Writes the answer to a file; busy, broken and unfinished answers are tried again.
   *
   * @param place - what to call the file in errors
   * @returns false when the server does not have it (404)
   * @throws {DataError} the server refused, or kept failing
   * @throws {OptionError} the server never answered in this run, or its certificate is not trusted
   */
  readonly download: (request: HttpsRequest, file: string, place: string) => Promise<boolean>;
  /** Length the server gives; undefined when it does not have the file, NaN when it does not say. */
  readonly size: (request: HttpsRequest) => Promise<number | undefined>;
  readonly close: () => void;
}

/** What to ask for. */
export interface HttpsRequest {
  readonly url: string;
  /** Sent with the request and nowhere else; it is in no message. */
  readonly headers: Readonly<Record<string, string>>;
}

/** An answer other than 200. */
class StatusError extends Error {
  readonly status: number;
  readonly retryAfterMs: number;

  constructor(status: number, retryAfter: string | undefined) {
    super(`status ${status}`);
    this.status = status;
    const seconds = Number(retryAfter ?? 0);
    this.retryAfterMs = Number.isFinite(seconds) ? 1000 * seconds : 0;
  }
}

/**
 * A client for one server.
 *
 * @param server - what to call it in errors
 * @param options.agent - connections to use, with the certificates they trust
 * @param options.firstWaitMs - wait before the second try; it doubles from try to try
 */
export function httpsClient(
  server: string,
  { agent, firstWaitMs = 500 }: { readonly agent: https.Agent; readonly firstWaitMs?: number },
): HttpsClient {
  let hasAnswered = false;
  const open = async (
    { url, headers }: HttpsRequest,
    method: "GET" | "HEAD",
  ): Promise<IncomingMessage> => {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const sent = https.request(url, { method, headers, agent, timeout: STALL_MS }, resolve);
      sent.on("timeout", () => sent.destroy(new Error("stalled")));
      sent.on("error", reject);
      sent.end();
    });
    hasAnswered = true;
    if (response.statusCode === 200) return response;
    response.resume();
    throw new StatusError(response.statusCode ?? 0, response.headers["retry-after"]);
  };

  return {
    download: async (request, file, place) => {
      for (let attempt = 1; ; attempt++) {
        try {
          // A body that ends before its length is an error of the stream.
          await pipeline(await open(request, "GET"), createWriteStream(file));
          return true;
        } catch (error) {
          if (error instanceof StatusError && error.status === 404) return false;
          if (!isPassing(error) || attempt >= (hasAnswered ? ATTEMPTS : FIRST_ATTEMPTS)) {
            throw explain(error, { server, place, attempt, hasAnswered });
          }
          const asked = error instanceof StatusError ? error.retryAfterMs : 0;
          const waitMs = firstWaitMs * 2 ** (attempt - 1) * (1 + Math.random() / 2);
          await sleep(Math.min(Math.max(waitMs, asked), LONGEST_WAIT_MS));
        }
      }
    },
    size: async (request) => {
      try {
        const response = await open(request, "HEAD");
        response.resume();
        return Number(response.headers["content-length"] ?? Number.NaN);
      } catch (error) {
        if (!(error instanceof StatusError)) {
          throw explain(error, { server, place: server, attempt: 1, hasAnswered });
        }
        return error.status === 404 ? undefined : Number.NaN;
      }
    },
    close: () => agent.destroy(),
  };
}

/** Whether the next try may do better. */
function isPassing(error: unknown): boolean {
  if (error instanceof StatusError) {
    return error.status >= 500 || error.status === 429 || error.status === 408;
  }
  const { code = "" } = error as NodeJS.ErrnoException;
  if (isCertificateError(code)) return false;
  return !["ENOSPC", "EACCES", "EROFS", "ENOENT", "ENOTFOUND", "ERR_INVALID_URL"].includes(code);
}

function isCertificateError(code: string): boolean {
  return /CERT|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|ERR_TLS|ERR_SSL/.test(code);
}

function explain(
  error: unknown,
  {
    server,
    place,
    attempt,
    hasAnswered,
  }: {
    readonly server: string;
    readonly place: string;
    readonly attempt: number;
    readonly hasAnswered: boolean;
  },
): Error {
  const times = attempt === 1 ? "" : ` after ${attempt} tries`;
  if (error instanceof StatusError) {
    const isRefusal = error.status === 401 || error.status === 403;
    return new DataError({
      file: place,
      message: `was not given: ${server} answered ${error.status}${times}`,
      fix: isRefusal
        ? "set TARDIS_API_KEY to a key that opens this day; the vendor's first day of each month needs none"
        : "run the same command again later; what is stored is kept",
    });
  }
  const { code, message } = error as NodeJS.ErrnoException;
  if (isCertificateError(code ?? "")) {
    return new OptionError({
      column: "--source",
      message: `was ${server}, whose certificate is not trusted (${code})`,
      fix: "give the certificate that the server printed with --certificate FILE",
    });
  }
  if (!hasAnswered) {
    return new OptionError({
      column: "--source",
      message: `was ${server}, which could not be reached${times} (${code ?? message})`,
      fix: "check the address and that the server runs",
    });
  }
  return new DataError({
    file: place,
    message: `could not be fetched from ${server}${times} (${code ?? message})`,
    fix: "run the same command again; what is stored is kept",
  });
}
