import { open } from "node:fs/promises";
import { createGunzip } from "node:zlib";

/** Bytes given to the inflater at once: the step that fails is taken again in smaller ones, down to single bytes. */
const STEPS = [1 << 14, 1 << 7, 1] as const;

/**
 * Finds the byte at which a damaged gzip file can no longer be inflated. Inflates it again in steps until one
 * fails, then that one in finer steps.
 *
 * @returns number of bytes before the one at which it stopped; undefined when it does not stop
 */
export async function inflateStop(file: string): Promise<number | undefined> {
  let at: number | undefined = 0;
  for (const step of STEPS) {
    at = await firstFailure(file, at, step);
    if (at === undefined) return undefined;
  }
  return at;
}

/** Feeds a file, from `fine` on in steps of a size; returns where the step began that failed. */
async function firstFailure(file: string, fine: number, size: number): Promise<number | undefined> {
  const isInflated = inflater();
  const handle = await open(file, "r");
  const buffer = Buffer.alloc(STEPS[0]);
  try {
    for (let at = 0; ; ) {
      const wanted = at < fine ? Math.min(STEPS[0], fine - at) : size;
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
