import { afterEach, beforeEach, vi } from "vitest";
import { main } from "./main.js";

/** What a command line ended with, and what it wrote. */
export interface EndedCommand {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line in this process, with what it writes held back. */
export async function runCommandLine(...argv: readonly string[]): Promise<EndedCommand> {
  const printed = { out: "", err: "" };
  const spies = (["out", "err"] as const).map((name) =>
    vi.spyOn(process[`std${name}`], "write").mockImplementation((text) => {
      printed[name] += String(text);
      return true;
    }),
  );
  process.exitCode = undefined;
  try {
    return { code: await main(argv), ...printed };
  } finally {
    for (const spy of spies) spy.mockRestore();
    process.exitCode = undefined;
  }
}

/** What commands wrote since the test began, or since it was emptied. */
export interface CapturedOutput {
  /** Standard output. */
  printed: string;
  /** Standard error. */
  complained: string;
}

/** Catches what commands write in the tests of this file, and forgets their exit codes after each. */
export function captureOutput(): CapturedOutput {
  const output: CapturedOutput = { printed: "", complained: "" };
  beforeEach(() => {
    output.printed = "";
    output.complained = "";
    vi.spyOn(process.stdout, "write").mockImplementation((text) => {
      output.printed += String(text);
      return true;
    });
    vi.spyOn(process.stderr, "write").mockImplementation((text) => {
      output.complained += String(text);
      return true;
    });
  });
  afterEach(() => {
    vi.restoreAllMocks();
    process.exitCode = undefined;
  });
  return output;
}
