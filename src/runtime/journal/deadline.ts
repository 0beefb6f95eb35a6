import { setImmediate } from "node:timers/promises";

/** Something did not come in time. */
export class LateError extends Error {}

/**
 * What a promise gives, when it gives it in time.
 *
 * @param what - for the error: `the database did not answer`
 * @throws {LateError} it is later than that
 */
export async function inTime<Value>(
  promise: Promise<Value>,
  ms: number,
  what: string,
): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(async () => {
      // A busy process comes late to both; what has arrived meanwhile is seen first.
      await setImmediate();
      await setImmediate();
      reject(new LateError(`${what} within ${ms} ms`));
    }, ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
    promise.catch(() => {});
  }
}
