import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { contentHash } from "../core/content-hash.js";

/** Folders whose code decides what a fit gives, from ticks to weights. */
const FOLDERS = ["core", "market", "features", "dataset", "models", "training"];

/** Root of the project, seen from `src/registry` and from `dist/registry` alike. */
const PROJECT = path.resolve(__dirname, "..", "..");

/**
 * Hash of the source files that decide what a fit gives, tests left out. The files of `src` are read, wherever the running
 * code was compiled to, so that notebooks, tests and the command line agree; without a `src` folder it is `dist`.
 *
 * @param project - root of the project
 */
export async function codeHash(project: string = PROJECT): Promise<string> {
  const sources = await hashesIn(path.join(project, "src"), ".ts");
  return contentHash(
    sources.length > 0 ? sources : await hashesIn(path.join(project, "dist"), ".js"),
  );
}

async function hashesIn(root: string, ending: string): Promise<readonly [string, string][]> {
  const hashes: [string, string][] = [];
  for (const folder of FOLDERS) {
    for (const file of await filesIn(path.join(root, folder))) {
      const isTest = /(\.test|\/test-[^/]*|\.d)\.[jt]s$/.test(`/${file}`);
      if (isTest || !file.endsWith(ending)) continue;
      hashes.push([
        `${folder}/${file}`,
        contentHash(await readFile(path.join(root, folder, file))),
      ]);
    }
  }
  return hashes;
}

async function filesIn(folder: string): Promise<readonly string[]> {
  try {
    const files = await readdir(folder, { recursive: true });
    return files.map((file) => file.split(path.sep).join("/")).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
