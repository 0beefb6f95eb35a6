// Was this model demoted? The ledger says so, and a note beside its bundle, so that a ledger which lost it does not let it run.
import { readFile } from "node:fs/promises";
import { canonicalJson } from "../core/content-hash.js";
import { bundleFolder, writeAtomically } from "./bundles.js";
import type { DemotionEntry } from "./entries.js";
import { type Trial, versionOf } from "./trial.js";

/** What a note's name adds to that of the bundle's folder it lies beside. */
export const DEMOTED = ".demoted.json";

/**
 * Notes a model's last demotion beside its bundle, which may be gone.
 *
 * @param root - of the store
 */
export async function noteDemotion(
  root: string,
  { model, key }: Trial,
  { number, hash }: DemotionEntry,
): Promise<void> {
  const file = `${bundleFolder(root, model, versionOf(key))}${DEMOTED}`;
  await writeAtomically(file, Buffer.from(`${canonicalJson({ entry: number, hash })}\n`));
}

/** Hash of the entry that a note names; a note that cannot be read names none. */
export async function notedDemotion(file: string): Promise<string> {
  try {
    return String((JSON.parse(await readFile(file, "utf8")) as { hash?: unknown }).hash);
  } catch {
    return "unreadable";
  }
}
