import { homedir } from "node:os";
import path from "node:path";

/**
 * Folder for what is downloaded or unpacked once and shared by all clones; nothing in it is ever needed twice
 * from the network, and all of it may be deleted.
 *
 * @param environment - `TICKBOOK_CACHE` is the folder itself; `XDG_CACHE_HOME` its parent (default `~/.cache`)
 * @returns absolute path; it need not exist yet
 */
export function cacheFolder(environment: Readonly<Record<string, string | undefined>>): string {
  const own = environment["TICKBOOK_CACHE"];
  if (own !== undefined && own !== "") return path.resolve(own);
  const shared = environment["XDG_CACHE_HOME"] || path.join(homedir(), ".cache");
  return path.resolve(shared, "tickbook");
}
