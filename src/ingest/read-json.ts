import type { IncomingMessage } from "node:http";
import { RequestFailure } from "./request-failure.js";

/** An answer longer than this is none of the vendor's. */
const MAX_BYTES = 64 << 20;

/**
 * Reads an answer as JSON.
 *
 * @param limitMs - the whole body has to arrive within
 * @throws {RequestFailure} it is too long, takes too long, or is no JSON
 */
export async function readJson(response: IncomingMessage, limitMs: number): Promise<unknown> {
  const late = setTimeout(
    () => response.destroy(new RequestFailure(`sent no whole answer within ${limitMs / 1000} s`)),
    limitMs,
  );
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > MAX_BYTES) throw new RequestFailure(`sent more than ${MAX_BYTES} bytes`);
      chunks.push(chunk);
    }
  } finally {
    clearTimeout(late);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch {
    throw new RequestFailure("sent something else than JSON");
  }
}
