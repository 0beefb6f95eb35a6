import { afterEach, beforeEach, vi } from "vitest";

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
