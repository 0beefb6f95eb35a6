import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { contentHash } from "../core/content-hash.js";

/** Folders whose code decides something, by what it decides. A fit's are in every trial's key: their order stays. */
const FOLDERS: Readonly<Record<"fit" | "evaluation" | "prediction", readonly string[]>> = {
  /** From ticks to weights. */
  fit: ["core", "market", "features", "dataset", "models", "training"],
  /** From stored ticks and a fitted model to its figures, gates and place in the ledger. */
  evaluation: [
    "core",
    "store",
    "market",
    "features",
    "dataset",
    "models",
    "training",
    "trading",
    "evaluation",
    "registry",
  ],
  /** From ticks and a fitted model to what it predicts as they arrive. */
  prediction: ["core", "market", "features", "models"],
};

/** Root of the project, seen from `src/registry` and from `dist/registry` alike. */
const PROJECT = path.resolve(__dirname, "..", "..");

/**
 * Hash of the source files that decide something, tests left out. The files of `src` are read, wherever the running
 * code was compiled to, so that notebooks, tests and the command line agree; without a `src` folder it is `dist`.
 *
 * @param options.of - what a fit gives, what an evaluation finds, or what a fitted model predicts
 * @param options.project - root of the project
 */
export async function codeHash({
  of = "fit",
  project = PROJECT,
}: {
  readonly of?: keyof typeof FOLDERS;
  readonly project?: string;
} = {}): Promise<string> {
  const sources = await hashesIn(path.join(project, "src"), FOLDERS[of], ".ts");
  return contentHash(
    sources.length > 0 ? sources : await hashesIn(path.join(project, "dist"), FOLDERS[of], ".js"),
  );
}

async function hashesIn(
  root: string,
  folders: readonly string[],
  ending: string,
): Promise<readonly [string, string][]> {
  const hashes: Promise<[string, string]>[] = [];
  for (const folder of folders) {
    for (const file of await filesIn(path.join(root, folder))) {
      const isTest = /(\.test|\/test-[^/]*|\.d)\.[jt]s$/.test(`/${file}`);
      if (!isTest && file.endsWith(ending)) hashes.push(hashOf(root, `${folder}/${file}`));
    }
  }
  return await Promise.all(hashes);
}

async function hashOf(root: string, file: string): Promise<[string, string]> {
  return [file, contentHash(await readFile(path.join(root, file)))];
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
