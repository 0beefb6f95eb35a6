// For tests only: a benchmark by the built command line.
import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";

const ROOT = path.resolve(__dirname, "..", "..");
const run = promisify(execFile);

/** What came of it. */
export interface BenchOutput {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs `tickbook bench` with a cache of its own. */
export async function runBench(cache: string, ...args: readonly string[]): Promise<BenchOutput> {
  const env = { ...process.env, TICKBOOK_CACHE: cache };
  const command = [path.join(ROOT, "tools", "tickbook.js"), "bench", ...args];
  try {
    const { stdout, stderr } = await run(process.execPath, command, { env });
    return { code: 0, out: stdout, err: stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as {
      readonly code: number;
      readonly stdout: string;
      readonly stderr: string;
    };
    return { code, out: stdout, err: stderr };
  }
}
