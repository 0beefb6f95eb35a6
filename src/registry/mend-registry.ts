// What can be mended without a copy? The view of the ledger; and what no entry names is set aside, never forgotten.
import { mkdir, readFile, rename } from "node:fs/promises";
import path from "node:path";
import { isNoted } from "./demotion-note.js";
import { recordDemotion } from "./demotions.js";
import { type MendEntry, summaryOf } from "./entries.js";
import { addEntry, mendPromoted, readLedgerAsItLies } from "./ledger.js";
import { removeLeftovers } from "./leftovers.js";
import { type Lying, SET_ASIDE } from "./strays.js";
import { trialOfModel } from "./trial.js";
import { markRecorded } from "./unrecorded.js";

/** What was mended. */
export interface Mended {
  /** True when promoted.json did not say what the ledger says; undefined when the ledger had no entry yet. */
  readonly isRewritten: boolean | undefined;
  /** True when it was not there though the ledger had entries: whoever cut them may have taken it away. An entry says so then. */
  readonly isViewGone: boolean;
  /** Where what no entry named lies now, below the store's root. */
  readonly setAside: readonly string[];
  /** Models whose demotion the ledger had lost, NAME@version. */
  readonly demoted: readonly string[];
  /** What killed processes had left half-written, below the store's root. */
  readonly removed: readonly string[];
}

/**
 * Writes `promoted.json` anew from the ledger, and records where it was gone. Models and evaluations that no entry names and that no
 * running process is recording are moved to `registry/set-aside/{entry}`, by an entry that counts them as tried: a cut ledger never
 * makes N smaller. A model that is promoted though its demotion is noted beside it is demoted again, and a demotion that is not noted
 * is. What killed processes left half-written is removed.
 *
 * @param root - of the store
 * @param options.expectedHead - hash that was written down; a ledger that does not hold it is not mended
 * @throws {DataError} an entry was changed, promoted.json shows that entries were cut, or the expected head is not there
 */
export async function mendRegistry(
  root: string,
  options: { readonly expectedHead?: string } = {},
): Promise<Mended> {
  const view = await mendPromoted(root, options);
  const isRewritten = view === undefined ? undefined : view !== "whole";
  const { state, strays } = await readLedgerAsItLies(root);
  const demoted: string[] = [];
  for (const { kind, model } of strays) {
    const trial = trialOfModel(state.trials.values(), model);
    if (kind !== "demotion" || trial === undefined || !state.promoted.has(trial.key)) continue;
    await recordDemotion(root, trial, "its demotion was cut from the ledger", { strays: "keep" });
    demoted.push(model);
  }
  for (const [key, demotion] of state.demoted) {
    const trial = state.trials.get(key)!;
    if (!(await isNoted(root, trial, demotion)))
      await recordDemotion(root, trial, "", { strays: "keep" });
  }
  const left = demoted.length === 0 ? strays : (await readLedgerAsItLies(root)).strays;
  return {
    isRewritten,
    isViewGone: view === "was gone",
    setAside: left.length === 0 ? [] : await setAside(root, left),
    demoted,
    removed: (await removeLeftovers(root)).map((file) => path.relative(root, file)),
  };
}

async function setAside(root: string, strays: readonly Lying[]): Promise<readonly string[]> {
  const ways = new Map<string, string[]>();
  for (const stray of strays) {
    const own = ways.get(stray.model) ?? [];
    ways.set(stray.model, own);
    if (stray.kind !== "evaluation") continue;
    const execution = await executionOf(stray);
    if (execution !== undefined) own.push(execution);
  }
  const content = [...ways].map(([model, executions]) => ({ model, executions }));
  const { number } = await addEntry<MendEntry>(
    root,
    async () => ({ kind: "mend", setAside: content }),
    { strays: "keep" },
  );
  const registry = path.join(root, "registry");
  const places: string[] = [];
  for (const { file, setAsideBy } of strays.filter((stray) => !isWithinAnother(stray, strays))) {
    const aside = setAsideBy === 0 ? "" : path.join(SET_ASIDE, `${setAsideBy}`);
    const below = path.relative(path.join(registry, aside), file);
    const place = path.join(registry, SET_ASIDE, `${number}`, below);
    await mkdir(path.dirname(place), { recursive: true });
    const moved = await movedTo(file, place);
    if (moved !== undefined) places.push(path.relative(root, moved));
    await markRecorded(file);
  }
  return places;
}

/** Where it lies now, beside what was set aside there before; undefined when another process that mends moved it meanwhile. */
async function movedTo(file: string, place: string): Promise<string | undefined> {
  try {
    await rename(file, place);
    return place;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    if (code === "ENOTEMPTY" || code === "EEXIST") return await movedTo(file, `${place}.again`);
    throw error;
  }
}

/** How an evaluation was executed; undefined when it asked no gates. One that cannot be read is a way of its own. */
async function executionOf({ file, hash }: Lying): Promise<string | undefined> {
  const unreadable = `unreadable ${hash}`;
  try {
    const summary = summaryOf(JSON.parse(await readFile(file, "utf8")));
    if (summary === undefined) return unreadable;
    return summary.gates.length === 0 ? undefined : summary.execution;
  } catch {
    return unreadable;
  }
}

/** True for an evaluation in the folder of a model that is moved as a whole. */
function isWithinAnother({ file }: Lying, strays: readonly Lying[]): boolean {
  return strays.some((one) => one.kind === "model" && file.startsWith(`${one.file}${path.sep}`));
}
