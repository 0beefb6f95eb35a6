import os from "node:os";

/** For what a market waits on: it is woken before a compiler or a notebook that shares the processors. */
export const FIRST: number = os.constants.priority.PRIORITY_HIGH;

/**
 * Does work under another priority of this process's main thread; its other threads keep theirs on Linux. Where the system
 * does not let this user take it, under the present one.
 */
export async function withPriority<Result>(
  priority: number,
  work: () => Promise<Result>,
): Promise<Result> {
  const before = os.getPriority();
  try {
    os.setPriority(priority);
  } catch {
    return await work();
  }
  try {
    return await work();
  } finally {
    // Nobody may be let back up again, who could be let down before.
    try {
      os.setPriority(before);
    } catch {}
  }
}
