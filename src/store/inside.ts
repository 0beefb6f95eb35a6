import { realpath } from "node:fs/promises";
import path from "node:path";
import { DataError } from "../core/errors.js";
import { unreadable } from "./unreadable.js";

/**
 * Refuses a file or folder of the store that a link leads out of its place: what is below the root is the store's own, or
 * is not touched. The root itself may be a link.
 *
 * @param relative - below the root, with forward slashes; where it is not there, the nearest folder above it is looked at
 * @throws {DataError} a step of it is a link
 */
export async function requireInside(root: string, relative: string): Promise<void> {
  const own = await realOf(root);
  if (own === undefined) return;
  for (const steps = relative.split("/"); steps.length > 0; steps.pop()) {
    const found = await realOf(path.join(root, ...steps));
    if (found === undefined) continue;
    if (found === path.join(own, ...steps)) return;
    throw new DataError({
      file: steps.join("/"),
      message: "is a link or below one, and leads to another place",
      fix: "put the folder itself there; only the root of the store may be a link",
    });
  }
}

async function realOf(file: string): Promise<string | undefined> {
  try {
    return await realpath(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (["ENOENT", "ENOTDIR"].includes(code ?? "")) return undefined;
    const fix = "let this user read it and the folders above it";
    throw unreadable(file, error, { message: "could not be looked at", fix });
  }
}
