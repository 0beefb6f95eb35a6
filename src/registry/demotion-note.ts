// Was this model demoted? The ledger says so, and a note beside its bundle, so that a ledger which lost it does not let it run.
import { readFile } from "node:fs/promises";
import { canonicalJson, contentHash } from "../core/content-hash.js";
import { bundleFolder, writeAtomically } from "./bundles.js";
import { type DemotionEntry, entryOf } from "./entries.js";
import type { LedgerState } from "./ledger-state.js";
import { modelName, type Trial, versionOf } from "./trial.js";

/** What a note's name adds to that of the bundle's folder it lies beside. */
export const DEMOTED = ".demoted.json";

/** What a note says. */
export interface DemotionNote {
  /** Hash of the demotion's entry; of none where the note cannot be read. */
  readonly hash: string;
  /** The entry itself, when its hash is its own: notes of earlier versions hold the hash alone. */
  readonly entry?: DemotionEntry;
}

/**
 * Notes a model's last demotion beside its bundle, which may be gone. To be called before the entry is added to the ledger: a
 * process that is killed between the two leaves a demotion that holds, and that the next one adds.
 *
 * @param root - of the store
 */
export async function noteDemotion(
  root: string,
  trial: Trial,
  entry: DemotionEntry,
): Promise<void> {
  await writeAtomically(noteFile(root, trial), Buffer.from(`${canonicalJson(entry)}\n`));
}

/** True when the note of a demotion is there. */
export async function isNoted(root: string, trial: Trial, entry: DemotionEntry): Promise<boolean> {
  return (await readNote(noteFile(root, trial))).hash === entry.hash;
}

/** What a note says; nothing that an entry could be called where it cannot be read. */
export async function readNote(file: string): Promise<DemotionNote> {
  try {
    const json = JSON.parse(await readFile(file, "utf8")) as Readonly<Record<string, unknown>>;
    const { hash, ...content } = json;
    const entry = "kind" in json ? entryOf(json) : undefined;
    const isWhole = entry?.kind === "demotion" && hash === contentHash(content);
    return { hash: String(hash), ...(isWhole ? { entry } : {}) };
  } catch {
    return { hash: "unreadable" };
  }
}

/**
 * The demotion that a note holds and the ledger does not yet, though it is the next entry: its process was killed between the two,
 * or the entry was cut off. Either way it holds.
 *
 * @param lying - what lies in the registry, notes among it
 * @param next - number of the next entry, and the hash before it
 */
export function pendingDemotion(
  lying: readonly {
    readonly model: string;
    readonly setAsideBy: number;
    readonly demotion?: DemotionEntry;
  }[],
  { promoted, trials }: Pick<LedgerState, "promoted" | "trials">,
  next: { readonly number: number; readonly previous: string },
): DemotionEntry | undefined {
  return lying.find(({ model, setAsideBy, demotion }) => {
    if (demotion === undefined || setAsideBy !== 0) return false;
    const isNext = demotion.number === next.number && demotion.previous === next.previous;
    return isNext && promoted.has(demotion.key) && modelName(trials.get(demotion.key)!) === model;
  })?.demotion;
}

function noteFile(root: string, { model, key }: Trial): string {
  return `${bundleFolder(root, model, versionOf(key))}${DEMOTED}`;
}
