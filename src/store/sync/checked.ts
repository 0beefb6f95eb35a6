import { createHash } from "node:crypto";
import { DataError } from "../../core/errors.js";
import type { Fingerprint } from "../manifest.js";

/**
 * Passes bytes on and fails unless they are those expected: as soon as there are too many, else at the end, so that whoever
 * takes them never takes wrong ones for complete.
 *
 * @param what - names the bytes in the error
 * @throws {DataError} their number or SHA-256 is another
 */
export async function* checked(
  chunks: AsyncIterable<Buffer>,
  what: string,
  expected: Fingerprint,
): AsyncGenerator<Buffer> {
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > expected.bytes) throw unlike(what, `more than ${expected.bytes} bytes`, expected);
    hash.update(chunk);
    yield chunk;
  }
  if (bytes !== expected.bytes) throw unlike(what, `${bytes} bytes`, expected);
  const sha256 = hash.digest("hex");
  if (sha256 !== expected.sha256) throw unlike(what, `SHA-256 ${sha256}`, expected);
}

function unlike(file: string, had: string, { bytes, sha256 }: Fingerprint): DataError {
  const message = `had ${had}, its manifest says ${bytes} bytes with SHA-256 ${sha256}`;
  return new DataError({ file, message });
}
