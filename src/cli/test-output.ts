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
    catchWrites(process.stdout, (text) => (output.printed += text));
    catchWrites(process.stderr, (text) => (output.complained += text));
  });
  afterEach(() => {
    vi.restoreAllMocks();
    process.exitCode = undefined;
  });
  return output;
}

function catchWrites(stream: NodeJS.WriteStream, take: (text: string) => void): void {
  vi.spyOn(stream, "write").mockImplementation((text, ...rest: unknown[]) => {
    take(String(text));
    // Who writes piece by piece waits for this.
    const onTaken = rest.at(-1);
    if (typeof onTaken === "function") onTaken();
    return true;
  });
}
