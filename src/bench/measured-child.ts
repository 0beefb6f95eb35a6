import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { WorkbenchError } from "../core/errors.js";

/** What a program took. */
export interface MeasuredRun {
  /** From its start to its end. */
  readonly wallSeconds: number;
  /** User and system time of it and its children, on all cores. */
  readonly cpuSeconds: number;
  /** Most memory that it and its children held. */
  readonly peakBytes: number;
  /** What it printed. */
  readonly output: string;
}

/** A program to measure. */
export interface MeasuredCommand {
  readonly command: readonly string[];
  /** File for its standard output, read back afterwards; `/dev/null` gives an empty text. */
  readonly outputFile: string;
  /** Variables besides this process's own. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly timeoutSeconds?: number;
}

/**
 * Runs a program once and measures it, started by a small process of its own.
 *
 * @param root - the project, whose Python does the measuring
 * @throws {WorkbenchError} it could not be started, failed or took too long; the message ends with what it complained of
 */
export async function measuredChild(
  root: string,
  { command, outputFile, environment = {}, timeoutSeconds = 600 }: MeasuredCommand,
): Promise<MeasuredRun> {
  const script = path.join(root, "tools", "bench", "measure_child.py");
  const args = [script, String(timeoutSeconds), outputFile, ...command];
  const env = { ...process.env, ...environment };
  const { printed, complaint } = await finished(pythonOf(root), args, env);
  const measured = printed.startsWith("{") ? (JSON.parse(printed) as Measured) : undefined;
  if (measured?.exitCode !== 0) {
    const name = command.slice(0, 3).join(" ");
    const end = measured === undefined ? "could not be started" : ending(measured, timeoutSeconds);
    throw new WorkbenchError({ message: `${name} … ${end}: ${complaint.trim().slice(-2000)}` });
  }
  const output = outputFile === "/dev/null" ? "" : await readFile(outputFile, "utf8");
  const { wallSeconds, cpuSeconds, peakBytes } = measured;
  return { wallSeconds, cpuSeconds, peakBytes, output };
}

/** The clone's own Python, else the system's. */
export function pythonOf(root: string): string {
  const own = path.join(root, ".venv", "bin", "python");
  return existsSync(own) ? own : "python3";
}

interface Measured extends Omit<MeasuredRun, "output"> {
  readonly exitCode: number;
  readonly isLate: boolean;
}

function ending({ exitCode, isLate }: Measured, timeoutSeconds: number): string {
  return isLate ? `did not end within ${timeoutSeconds} s` : `ended with exit code ${exitCode}`;
}

function finished(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<{ readonly printed: string; readonly complaint: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env, stdio: ["ignore", "pipe", "pipe"] });
    let printed = "";
    let complaint = "";
    child.stdout.on("data", (text) => {
      printed += String(text);
    });
    child.stderr.on("data", (text) => {
      complaint += String(text);
    });
    child.once("error", (error) => {
      const fix = "install Python ≥ 3.10, or make the clone's own with `npm run setup`";
      reject(new WorkbenchError({ message: `Python did not start: ${error.message}`, fix }));
    });
    child.once("close", () => resolve({ printed, complaint }));
  });
}
