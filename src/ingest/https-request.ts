import type { IncomingMessage } from "node:http";
import https from "node:https";
import type { SecureContext } from "node:tls";
import { RequestFailure, statusFailure } from "./request-failure.js";
import { retryAfterMs } from "./retry-after.js";

/** What to ask for. */
export interface HttpsRequest {
  readonly url: string;
  /** Sent with the request; `Authorization` goes to the host of `url` and nowhere else. */
  readonly headers: Readonly<Record<string, string>>;
}

/** How to ask. */
export interface HttpsConnection {
  readonly agent: https.Agent;
  /** What to trust in place of Node's own certificates. */
  readonly secureContext?: SecureContext;
  readonly stallMs: number;
  readonly redirects: number;
  /** Called once somebody is there, whether or not anything is answered. */
  readonly onReached?: () => void;
}

const REDIRECTS = [301, 302, 303, 307, 308];

/** An unwanted body up to this size is read to its end, so that the connection can be used again. */
const DRAINED_BYTES = 1 << 16;

/**
 * Sends a request and waits for the answer's head. Redirects are followed to https addresses only, and beyond the first
 * origin without `Authorization`, also when they lead back.
 *
 * @throws {RequestFailure} the answer is not 200, nothing arrives, or the redirects lead nowhere
 */
export async function openHttps(
  { url, headers }: HttpsRequest,
  method: "GET" | "HEAD",
  connection: HttpsConnection,
): Promise<IncomingMessage> {
  let at = new URL(url);
  let sentHeaders = headers;
  for (let followed = 0; ; followed++) {
    const response = await send(at, { method, headers: sentHeaders, connection });
    const { statusCode: status = 0 } = response;
    if (status === 200) return response;
    drain(response);
    if (!REDIRECTS.includes(status)) {
      const { "retry-after": retryAfter, date } = response.headers;
      throw statusFailure(status, retryAfterMs(retryAfter, date, Date.now()));
    }
    if (followed === connection.redirects) {
      const message = `redirected more than ${connection.redirects} times`;
      throw new RequestFailure(message, { status, isPassing: false });
    }
    const next = redirectTarget(response.headers.location, at, status);
    if (next.origin !== at.origin) sentHeaders = withoutKey(sentHeaders);
    at = next;
  }
}

function redirectTarget(location: string | undefined, from: URL, status: number): URL {
  let target: URL | undefined;
  try {
    target = new URL(location ?? "", from);
  } catch {
    // Reported below, as a missing one.
  }
  if (location === undefined || target === undefined) {
    throw new RequestFailure("redirected to no address", { status, isPassing: false });
  }
  if (target.protocol !== "https:") {
    const message = `redirected to ${target.protocol}//${target.host}, which is not https`;
    throw new RequestFailure(message, { status, isPassing: false });
  }
  // A user in an address would be sent as a key of its own.
  target.username = "";
  target.password = "";
  return target;
}

function withoutKey(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const kept = Object.entries(headers).filter(
    ([name]) => !["authorization", "cookie"].includes(name.toLowerCase()),
  );
  return Object.fromEntries(kept);
}

function send(
  url: URL,
  {
    method,
    headers,
    connection: { agent, secureContext, stallMs, onReached = () => undefined },
  }: {
    readonly method: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly connection: HttpsConnection;
  },
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    // A proxy's agent makes the TLS connection from the request's own options.
    const trust = secureContext === undefined ? {} : { secureContext };
    const sent = https.request(url, { method, headers, agent, ...trust });
    const stalled = setTimeout(
      () => sent.destroy(new RequestFailure(`sent nothing for ${stallMs / 1000} s`)),
      stallMs,
    );
    sent.on("socket", (socket) => {
      if (socket.connecting) socket.once("connect", onReached);
      else onReached();
    });
    sent.on("error", (error: NodeJS.ErrnoException) => {
      clearTimeout(stalled);
      // Only somebody who is there can hang up, even before the connection stands.
      if (error.code === "ECONNRESET") onReached();
      reject(error);
    });
    sent.on("response", (response) => {
      clearTimeout(stalled);
      // Bytes beyond the announced length show as an error of the request, after its answer has begun.
      sent.on("error", (error) => response.destroy(error));
      resolve(response);
    });
    sent.end();
  });
}

function drain(response: IncomingMessage): void {
  let bytes = 0;
  response.on("error", () => undefined);
  response.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > DRAINED_BYTES) response.destroy();
  });
  const impatient = setTimeout(() => response.destroy(), 5000);
  response.on("close", () => clearTimeout(impatient));
}
