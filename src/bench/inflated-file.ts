import { spawn } from "node:child_process";
import { once } from "node:events";
import { open } from "node:fs/promises";
import { WorkbenchError } from "../core/errors.js";

/**
 * Inflates a gzip file with the system's `gunzip`, which checks its sums and is not our code.
 *
 * @param target - file to write
 * @throws {WorkbenchError} gunzip is not there or finds the file damaged
 */
export async function inflateWithGunzip(file: string, target: string): Promise<void> {
  const output = await open(target, "w");
  try {
    const child = spawn("gunzip", ["-c", file], { stdio: ["ignore", output.fd, "inherit"] });
    const [code] = await once(child, "exit");
    if (code === 0) return;
    throw new WorkbenchError({ file, message: `gunzip ended with exit code ${code}` });
  } catch (error) {
    if (error instanceof WorkbenchError) throw error;
    throw new WorkbenchError({ message: `gunzip did not start: ${(error as Error).message}` });
  } finally {
    await output.close();
  }
}
