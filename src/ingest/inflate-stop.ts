import { open } from "node:fs/promises";
import { createGunzip } from "node:zlib";

/** Bytes given to the inflater at once until it fails. */
const STEP = 1 << 14;

/**
 * Finds the byte at which a damaged gzip file can no longer be inflated. Inflates it again: in steps until one fails, then
 * that one byte by byte.
 *
 * @returns number of bytes before the one at which it stopped; undefined when it does not stop
 */
export async function inflateStop(file: string): Promise<number | undefined> {
  const step = await firstFailure(file, 0, STEP);
  return step === undefined ? undefined : firstFailure(file, step, 1);
}

/** Feeds a file in steps, from `fine` on in steps of another size; returns where the step began that failed. */
async function firstFailure(file: string, fine: number, size: number): Promise<number | undefined> {
  const isInflated = inflater();
  const handle = await open(file, "r");
  const buffer = Buffer.alloc(STEP);
  try {
    for (let at = 0; ; ) {
      const wanted = at < fine ? STEP : size;
      const { bytesRead } = await handle.read(buffer, 0, wanted, at);
      if (bytesRead === 0) return undefined;
      if (!(await isInflated(Buffer.from(buffer.subarray(0, bytesRead))))) return at;
      at += bytesRead;
    }
  } finally {
    await handle.close();
  }
}

/** An inflater that says of the next bytes whether it could take them. */
function inflater(): (bytes: Buffer) => Promise<boolean> {
  const gunzip = createGunzip();
  gunzip.resume();
  let onError = (): void => undefined;
  gunzip.on("error", () => onError());
  return (bytes) =>
    new Promise((resolve) => {
      // A write that fails is not called back.
      onError = () => resolve(false);
      gunzip.write(bytes, (error) => resolve(error === null || error === undefined));
    });
}
