import { type ChildProcess, spawn } from "node:child_process";
import { cleanUpLater } from "./clean-up.js";

/** What became of a child. */
export interface EndedProcess {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Standard output and standard error. */
  readonly out: string;
  readonly err: string;
}

/** A running child. */
export interface ChildProgram {
  readonly ended: Promise<EndedProcess>;
  readonly isRunning: () => boolean;
  /** Ends it by a signal that it cannot catch. */
  readonly kill: () => void;
}

/** How to start a child. */
export interface ChildOptions {
  readonly cwd: string;
  /** Environment beside PATH and HOME. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Starts a program as a process that does not outlive this one. */
export function startChild(
  command: string,
  args: readonly string[],
  { cwd, environment }: ChildOptions,
): ChildProgram {
  const { PATH = "", HOME = "" } = process.env;
  const env = { PATH, HOME, ...environment };
  const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  const kill = cleanUpLater(() => child.kill("SIGKILL"));
  child.once("close", kill);
  return {
    ended: untilEnd(child),
    isRunning: () => child.exitCode === null && child.signalCode === null,
    kill,
  };
}

function untilEnd(child: ChildProcess): Promise<EndedProcess> {
  const text = { out: "", err: "" };
  child.stdout!.on("data", (piece) => {
    text.out += piece;
  });
  child.stderr!.on("data", (piece) => {
    text.err += piece;
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve({ code, signal, ...text }));
  });
}
