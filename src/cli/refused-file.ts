import { OptionError } from "../core/errors.js";

/** What the system says when it lets nobody read or write there, and what to do about it. */
const REMEDIES: Readonly<Record<string, string>> = {
  EACCES: "get the right to it, or name a folder that you may write to with --data",
  EPERM: "get the right to it, or name a folder that you may write to with --data",
  ENOTDIR: "a file stands where a folder must: name another folder with --data",
  EROFS: "its disk takes no writing: name a folder on another one with --data",
  ENOSPC: "its disk is full: make room, and run the same command again",
  EDQUOT: "its quota is used up: make room, and run the same command again",
};

/** What is of a file even where none is named; a process or a port may be refused by the others. */
const WITHOUT_FILE: readonly string[] = ["EACCES", "EROFS", "ENOSPC", "EDQUOT"];

/**
 * The error of a file that the system refused, as one to mend; undefined for all others. A full disk and a missing right are
 * said though it is not known of which file.
 */
export function refusedFile(error: unknown): OptionError | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code = "", path: file } = error as NodeJS.ErrnoException;
  const fix = REMEDIES[code];
  if (fix === undefined) return undefined;
  if (file !== undefined)
    return new OptionError({ file, message: `could not be used (${code})`, fix });
  if (!WITHOUT_FILE.includes(code) || "address" in error) return undefined;
  return new OptionError({ message: `a file could not be used (${code})`, fix });
}
