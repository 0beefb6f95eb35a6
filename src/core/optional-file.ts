import { readFileSync } from "node:fs";
import path from "node:path";
import { OptionError } from "./errors.js";

/**
 * Text of a file that need not be there.
 *
 * @param folder - where it would be
 * @param name - what to call it in errors
 * @returns undefined where it is not
 * @throws {OptionError} it is a folder, or this user may not read it
 */
export function optionalText(folder: string, name: string): string | undefined {
  try {
    return readFileSync(path.join(folder, name), "utf8");
  } catch (error) {
    const { code = "no reason" } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    if (code === "EISDIR") {
      throw new OptionError({
        file: name,
        message: "is a folder, expected a file",
        fix: "remove it or put a file in its place",
      });
    }
    throw new OptionError({
      file: name,
      message: `could not be read (${code})`,
      fix: "let this user read it, or remove it",
    });
  }
}
