import type { Readable } from "node:stream";
import { networkReason, TransferError } from "./bucket-error.js";

/** A body that brings less than this in a window has ended, whatever its server says. */
const LEAST_BYTES_PER_SECOND = 2000;

/**
 * The bytes of a body that a server sends.
 *
 * @param object - names it in the error
 * @param windowMs - how long it may bring next to nothing
 * @throws {TransferError} it broke off, stood still or crawled
 */
export async function* received(
  body: Readable,
  object: string,
  windowMs: number,
): AsyncGenerator<Buffer> {
  let arrived = 0;
  const least = (LEAST_BYTES_PER_SECOND * windowMs) / 1000;
  const watch = setInterval(() => {
    if (arrived < least) {
      const message = `brought ${arrived} bytes in ${windowMs / 1000} s`;
      body.destroy(new TransferError({ file: object, message, fix: AGAIN }));
    }
    arrived = 0;
  }, windowMs);
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      arrived += chunk.length;
      yield chunk;
    }
  } catch (error) {
    const reason = networkReason(error);
    if (reason === undefined) throw error;
    const message = `broke off before its end (${reason})`;
    throw new TransferError({ file: object, message, fix: AGAIN });
  } finally {
    clearInterval(watch);
  }
}

const AGAIN = "run the same command again";
