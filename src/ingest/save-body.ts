import { createWriteStream } from "node:fs";
import type { IncomingMessage } from "node:http";
import { pipeline } from "node:stream/promises";
import type { ClientLimits } from "./client-limits.js";
import { RequestFailure } from "./request-failure.js";

/** Bytes of a body that tell what it is. */
const HEAD_BYTES = 64;

/**
 * Writes an answer's body to a file, from its start, and makes sure that it can be a whole csv.gz.
 *
 * @throws {RequestFailure} nothing more arrives, it arrives too slowly, its length is not the announced one, it is empty,
 *   or it does not begin as gzip does
 */
export async function saveBody(
  response: IncomingMessage,
  file: string,
  limits: Pick<ClientLimits, "stallMs" | "minBytesPerSecond" | "paceWindowMs">,
): Promise<void> {
  let bytes = 0;
  let head = Buffer.alloc(0);
  const watch = watchPace(response, () => bytes, limits);
  const announced = response.headers["content-length"];
  try {
    await pipeline(
      response,
      async function* (chunks: AsyncIterable<Buffer>) {
        for await (const chunk of chunks) {
          bytes += chunk.length;
          watch.refresh();
          if (head.length < HEAD_BYTES) {
            head = Buffer.concat([head, chunk.subarray(0, HEAD_BYTES)]);
            if (head.length >= 3) requireGzip(head, response);
          }
          yield chunk;
        }
      },
      createWriteStream(file),
    );
  } catch (error) {
    throw cutShort(error, bytes, announced);
  } finally {
    watch.end();
  }
  if (announced !== undefined && bytes !== Number(announced)) throw wrongLength(bytes, announced);
  if (bytes === 0) throw new RequestFailure("sent an empty body");
  requireGzip(head, response);
}

/** Destroys an answer that stands still or crawls. */
function watchPace(
  response: IncomingMessage,
  bytesSoFar: () => number,
  { stallMs, minBytesPerSecond, paceWindowMs }: Parameters<typeof saveBody>[2],
): { readonly refresh: () => void; readonly end: () => void } {
  const giveUp = (why: string): void => {
    response.destroy(new RequestFailure(why));
  };
  const stall = setTimeout(() => giveUp(`sent nothing for ${stallMs / 1000} s`), stallMs);
  let before = 0;
  const pace = setInterval(() => {
    const arrived = bytesSoFar() - before;
    before += arrived;
    if (arrived >= (minBytesPerSecond * paceWindowMs) / 1000) return;
    const window = `${paceWindowMs / 1000} s`;
    giveUp(`sent ${arrived} bytes in ${window}, less than ${minBytesPerSecond} a second`);
  }, paceWindowMs);
  return {
    refresh: () => stall.refresh(),
    end: () => {
      clearTimeout(stall);
      clearInterval(pace);
    },
  };
}

function requireGzip(head: Buffer, { headers }: IncomingMessage): void {
  if (head[0] === 0x1f && head[1] === 0x8b && head[2] === 0x08) return;
  const start = head.toString("latin1").trimStart().toLowerCase();
  const type = (headers["content-type"] ?? "").toLowerCase();
  const isPage = type.includes("html") || /^<(!doctype html|html|head|body)/.test(start);
  const isJson = type.includes("json") || /^[[{]/.test(start);
  const what = isPage ? "an HTML page" : isJson ? "JSON" : "something else";
  throw new RequestFailure(`sent ${what} where a gzip file should be`);
}

/** Node's words for a body that ends early say neither how much came nor how much should have. */
function cutShort(error: unknown, bytes: number, announced: string | undefined): unknown {
  const { code = "" } = error as NodeJS.ErrnoException;
  if (error instanceof RequestFailure) return error;
  if (code.startsWith("HPE_")) return new RequestFailure("sent more bytes than it had announced");
  const isCut = ["ECONNRESET", "ERR_STREAM_PREMATURE_CLOSE"].includes(code);
  return isCut && announced !== undefined ? wrongLength(bytes, announced) : error;
}

function wrongLength(bytes: number, announced: string): RequestFailure {
  return new RequestFailure(`sent ${bytes} of the ${announced} bytes that it had announced`);
}
