// Is a file of a mirror there?
import { constants, type Stats } from "node:fs";
import { access, lstat, stat } from "node:fs/promises";
import path from "node:path";
import { DataError } from "../core/errors.js";

/**
 * Bytes of a file of a folder that is laid out as a server is.
 *
 * @param root - the folder
 * @param place - below it, with forward slashes
 * @returns undefined where nothing has its name
 * @throws {DataError} something else has its name, or it cannot be looked at or read
 */
export async function mirrorFileBytes(root: string, place: string): Promise<number | undefined> {
  const found = await lookAt(root, place);
  if (found === undefined) return undefined;
  if (found.isFile()) {
    await access(path.join(root, place), constants.R_OK).catch(unreadable(place, "read"));
    return found.size;
  }
  throw new DataError({
    file: place,
    message: found.isDirectory() ? "is a folder, expected a file" : "is no file",
    fix: "put the file itself there, or remove what is there",
  });
}

async function lookAt(root: string, place: string): Promise<Stats | undefined> {
  try {
    return await stat(path.join(root, place));
  } catch (error) {
    const { code = "no reason" } = error as NodeJS.ErrnoException;
    if (code !== "ENOENT") return unreadable(place, "looked at")(error);
    await requireNoLink(root, place);
    return undefined;
  }
}

function unreadable(place: string, what: string): (error: unknown) => never {
  return (error) => {
    const { code = "no reason" } = error as NodeJS.ErrnoException;
    throw new DataError({
      file: place,
      message: `could not be ${what} (${code})`,
      fix: "let this user read it and the folders above it, or mend what is there",
    });
  };
}

/** What a link that leads nowhere hides, such as a disk that is not mounted, is not known to be absent. */
async function requireNoLink(root: string, place: string): Promise<void> {
  for (let at = place; at !== "."; at = path.posix.dirname(at)) {
    const found = await lstat(path.join(root, at)).catch(() => undefined);
    if (found === undefined) continue;
    if (!found.isSymbolicLink() || (await leadsSomewhere(path.join(root, at)))) return;
    throw new DataError({
      file: at,
      message: "is a link that leads nowhere",
      fix: "mend the link or remove it",
    });
  }
}

async function leadsSomewhere(link: string): Promise<boolean> {
  return (await stat(link).catch(() => undefined)) !== undefined;
}
