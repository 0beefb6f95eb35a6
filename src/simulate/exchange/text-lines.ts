import { createReadStream } from "node:fs";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { DataError } from "../../core/errors.js";

const NEWLINE = 0x0a;

/**
 * Lines of a gzip of text, in batches as they are inflated; a long file is never in memory as a whole.
 *
 * @throws {DataError} the file cannot be read, or is damaged or cut; lines before that have been given
 */
export async function* textLines(file: string): AsyncGenerator<readonly string[], void, undefined> {
  // The error of either stream comes out of the loop below.
  const bytes = pipeline(
    createReadStream(file),
    createGunzip({ chunkSize: 1 << 16 }),
    () => undefined,
  );
  let rest = Buffer.alloc(0);
  try {
    for await (const chunk of bytes as AsyncIterable<Buffer>) {
      const end = chunk.lastIndexOf(NEWLINE);
      if (end < 0) {
        rest = Buffer.concat([rest, chunk]);
        continue;
      }
      const whole = Buffer.concat([rest, chunk.subarray(0, end)]);
      rest = Buffer.from(chunk.subarray(end + 1));
      yield whole.toString("utf8").split("\n");
    }
  } catch (error) {
    throw new DataError({
      file,
      message: `could not be inflated (${error instanceof Error ? error.message : String(error)})`,
      fix: "fetch or simulate the file again",
    });
  }
  if (rest.length > 0) yield [rest.toString("utf8")];
}
