// Which process holds a lock or is recording something, and does it still run?
import { randomUUID } from "node:crypto";
import { stat } from "node:fs/promises";
import { processPlace } from "../core/process-place.js";

/** What a process of another machine holds is given up after this long; work under a lock takes milliseconds. */
const ABANDONED_MS = 60_000;

/** Text that names this process, for a file that others are to look at before they touch what it stands for. */
export function holderText(): string {
  return JSON.stringify({ host: processPlace(), pid: process.pid, id: randomUUID() });
}

/** True when the process that wrote such a text is gone, as far as can be told: by its id here, by the file's age elsewhere. */
export async function isAbandoned(file: string, holder: string): Promise<boolean> {
  const { host, pid } = parseHolder(holder);
  if (host === processPlace() && pid !== undefined) return !isRunning(pid);
  const changed = await stat(file).catch(() => undefined);
  return changed !== undefined && Date.now() - changed.mtimeMs > ABANDONED_MS;
}

/** Whom such a text names; a process killed while it wrote it leaves half of one, which names nobody. */
export function parseHolder(holder: string): { readonly host?: string; readonly pid?: number } {
  try {
    return (JSON.parse(holder) ?? {}) as { host?: string; pid?: number };
  } catch {
    return {};
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}
