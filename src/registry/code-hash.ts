import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { contentHash } from "../core/content-hash.js";
import { buildText, builtFrom, type HashedSource, notOfSources } from "./built-code.js";

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

/** All of them: what is not in one of these moves no figure. */
const DECIDING: readonly string[] = [...new Set(Object.values(FOLDERS).flat())];

/** Folder of the code that runs: `src` under tests, else the one it was compiled to. */
const RUNNING = path.resolve(__dirname, "..");

/** What the build said when this code was loaded. */
const LOADED = path.basename(RUNNING) === "src" ? undefined : buildText(RUNNING);

/** Asked for once in a process: what was loaded then is what runs. */
let present: readonly HashedSource[] | undefined;

/**
 * Hash of the source files that decide something, tests left out: of those that run. Compiled code is held against the list that its
 * build left, and that against `src` where it is there; then every file counts by its own bytes and by those of its source, so
 * that code altered after its build is other code, whatever the list says. Notebooks and the command line run the same compiled
 * files and agree; so do machines, since the pinned compiler makes the same bytes of the same sources wherever it runs, and a
 * trial has one key on all of them. Tests run the sources themselves, whose hash is another: trials and evaluations
 * recorded from there are none of the compiled code's.
 *
 * @param options.of - what a fit gives, what an evaluation finds, or what a fitted model predicts
 * @param options.running - folder of the code
 * @throws {DataError} what was compiled is not what `src` says; names the first file
 */
export async function codeHash({
  of = "fit",
  running,
}: {
  readonly of?: keyof typeof FOLDERS;
  readonly running?: string;
} = {}): Promise<string> {
  if (running === undefined) present ??= sourcesOf(RUNNING, LOADED);
  const sources = running === undefined ? present! : sourcesOf(running, buildText(running));
  return contentHash(
    FOLDERS[of].flatMap((folder) => sources.filter(([name]) => name.startsWith(`${folder}/`))),
  );
}

/** Sorted by folder and name. */
function sourcesOf(running: string, loaded: string | undefined): readonly HashedSource[] {
  const src = path.join(path.dirname(running), "src");
  const written = sourcesIn(src);
  if (running === src) return written;
  const built = builtFrom(running, { loaded, isMeant: isDeciding });
  const sources = inOrder(built);
  const other = firstOther(sources, written);
  if (written.length > 0 && other !== undefined) throw notOfSources(path.join(src, other));
  return sources;
}

function sourcesIn(src: string): readonly HashedSource[] {
  const files = DECIDING.flatMap((folder) => {
    return filesIn(path.join(src, folder)).map((file) => `${folder}/${file}`);
  });
  return inOrder(
    files.filter(isDeciding).map((name) => [name, contentHash(readFileSync(path.join(src, name)))]),
  );
}

/** True for sources of the folders that decide something; those that only tests use decide nothing. */
function isDeciding(name: string): boolean {
  const isTest = /(\.test|\/test-[^/]*|\.d)\.ts$/.test(name);
  return name.endsWith(".ts") && !isTest && DECIDING.includes(name.split("/", 1)[0]!);
}

function inOrder(sources: readonly HashedSource[]): readonly HashedSource[] {
  return [...sources].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Name of the first source that only one has, or has otherwise. */
function firstOther(
  left: readonly HashedSource[],
  right: readonly HashedSource[],
): string | undefined {
  const hashes = (sources: readonly HashedSource[]): ReadonlyMap<string, string> =>
    new Map(sources.map(([name, hash]) => [name, hash]));
  const [mine, known] = [hashes(left), hashes(right)];
  const both = new Map([...known, ...mine]);
  return [...both.keys()].find((name) => known.get(name) !== mine.get(name));
}

function filesIn(folder: string): readonly string[] {
  try {
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
    return files.map((file) => file.split(path.sep).join("/"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
