// Of which sources is the code that runs? The build leaves a list in its folder, and every file is held against it.
import { readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { contentHash } from "../core/content-hash.js";
import { DataError } from "../core/errors.js";
import { isAbsent } from "./is-absent.js";

/** Name of a source below `src`, with the SHA-256 of its bytes and, where what was compiled of it runs, that of those bytes. */
export type HashedSource = readonly [name: string, source: string, compiled?: string];

const MANIFEST = ".tickbook-build";

const manifest = z.object({
  files: z.record(z.string(), z.object({ source: z.string(), compiled: z.string() })),
});

/**
 * The list as it is now, to be compared with what it says later: a build may replace the files of a running process.
 *
 * @param built - folder of the compiled files
 * @returns undefined where there is none
 */
export function buildText(built: string): string | undefined {
  try {
    return readFileSync(path.join(built, MANIFEST), "utf8");
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

/**
 * Sources of the compiled files with the files' own hashes. Which source a file is of, only the list that the build left says, and
 * whoever alters a file can alter the list; what runs is therefore told by both.
 *
 * @param built - folder of the compiled files
 * @param options.loaded - the list when this process loaded them
 * @param options.isMeant - true for the sources to look at
 * @throws {DataError} a compiled file is not the one that the build made, or another build replaced it meanwhile
 */
export function builtFrom(
  built: string,
  {
    loaded,
    isMeant,
  }: { readonly loaded: string | undefined; readonly isMeant: (name: string) => boolean },
): readonly HashedSource[] {
  const text = buildText(built);
  if (text !== loaded) {
    throw new DataError({
      file: built,
      message: "was built anew after this process had loaded its code",
      fix: "run the same command again",
    });
  }
  const files = Object.entries(filesIn(text)).filter(([name]) => isMeant(name));
  if (files.length === 0) throw notOfSources(built);
  return files.map(([name, { source, compiled }]): HashedSource => {
    const file = path.join(built, name.replace(/\.ts$/, ".js"));
    if (hashOf(file) !== compiled) throw notOfSources(file);
    return [name, source, compiled];
  });
}

/** The error for compiled code that is not of the sources beside it. */
export function notOfSources(file: string): DataError {
  return new DataError({
    file,
    message: "is not what src says: results would be recorded under the name of other code",
    fix: "run `npm run build`",
  });
}

function filesIn(text: string | undefined): z.infer<typeof manifest>["files"] {
  try {
    return manifest.parse(JSON.parse(text ?? "{}")).files;
  } catch {
    return {};
  }
}

function hashOf(file: string): string | undefined {
  try {
    return contentHash(readFileSync(file));
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}
