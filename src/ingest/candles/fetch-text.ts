import { isCertificateError, RequestFailure, statusFailure } from "../request-failure.js";
import { retryAfterMs } from "../retry-after.js";

/** Longer bodies are none of the interface's: 300 candles are some 30 kB. */
const MAX_BODY_BYTES = 1 << 20;

/** An answer. */
export interface TextAnswer {
  readonly body: string;
  /** What the server's clock showed, ms since the epoch; NaN when it does not tell. */
  readonly serverMs: number;
}

/** How to ask. */
export interface TextRequest {
  /** Longest time until the body's end. */
  readonly requestMs: number;
  readonly signal: AbortSignal;
  /** Called when the server has sent anything. */
  readonly onAnswer: () => void;
}

/**
 * Gets a text; redirects are not followed.
 *
 * @throws {RequestFailure} there was no answer in time, another status than 200, or a body beyond all measure
 */
export async function fetchText(
  url: string,
  { requestMs, signal, onAnswer }: TextRequest,
): Promise<TextAnswer> {
  const limit = AbortSignal.timeout(requestMs);
  try {
    const response = await fetch(url, {
      // The exchange refuses requests that do not name their sender.
      headers: { Accept: "application/json", "User-Agent": "tickbook" },
      redirect: "manual",
      signal: AbortSignal.any([limit, signal]),
    });
    onAnswer();
    const date = response.headers.get("date") ?? undefined;
    if (response.status !== 200) {
      await response.body?.cancel();
      const retryAfter = response.headers.get("retry-after") ?? undefined;
      throw statusFailure(response.status, retryAfterMs(retryAfter, date, Date.now()));
    }
    return { body: await readBody(response), serverMs: Date.parse(date ?? "") };
  } catch (error) {
    if (error instanceof RequestFailure || signal.aborted) throw error;
    if (limit.aborted)
      throw new RequestFailure(`sent no whole answer within ${requestMs / 1000} s`);
    const cause = ((error as Error).cause ?? error) as NodeJS.ErrnoException;
    const isPassing = !isCertificateError(cause) && cause.code !== "ENOTFOUND";
    throw new RequestFailure(`gave no answer (${cause.code ?? cause.message})`, { isPassing });
  }
}

async function readBody(response: Response): Promise<string> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of response.body ?? []) {
    bytes += piece.length;
    if (bytes > MAX_BODY_BYTES) throw new RequestFailure(`sent more than ${MAX_BODY_BYTES} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString("utf8");
}
