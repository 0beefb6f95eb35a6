import { isNoted, noteDemotion } from "./demotion-note.js";
import type { DemotionEntry } from "./entries.js";
import { addEntry } from "./ledger.js";
import type { Trial } from "./trial.js";

/**
 * Demotes a model that is promoted, and notes it beside its bundle; of one that was demoted already, the note is written where
 * it is not there.
 *
 * @param root - of the store
 * @param options.strays - `keep` only to mend them
 * @returns the entry, new or old
 */
export async function recordDemotion(
  root: string,
  trial: Trial,
  reason: string,
  options: { readonly strays?: "keep" } = {},
): Promise<DemotionEntry> {
  const { key } = trial;
  return await addEntry<DemotionEntry>(
    root,
    async ({ state }) => {
      if (state.promoted.has(key)) return { kind: "demotion", key, reason };
      const known = state.demoted.get(key)!;
      if (!(await isNoted(root, trial, known))) await noteDemotion(root, trial, known);
      return known;
    },
    { ...options, before: async (entry) => await noteDemotion(root, trial, entry) },
  );
}
