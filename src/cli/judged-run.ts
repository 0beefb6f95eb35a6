// What `parity` and `acceptance` begin with: a run's journal, opened for reading, and the model that it asked.
import { type KnownRun, knownRun } from "../runtime/acceptance/known-run.js";
import { databaseUrl } from "../runtime/journal/database-url.js";
import { type JournalReader, openReader } from "../runtime/journal/open-reader.js";
import { type LiveModel, openLiveModel } from "../runtime/signal/live-model.js";
import { openExistingStore } from "../store/existing-store.js";
import type { Store } from "../store/store.js";

/** What a run is judged with. */
export interface JudgedRun {
  readonly store: Store;
  readonly journal: JournalReader;
  readonly run: KnownRun;
  readonly model: LiveModel;
}

/**
 * Works on a run.
 *
 * @throws {OptionError} no run is called so
 * @throws {DataError} there is no journal, it cannot be reached, or the run's model is gone
 */
export async function withRun<Result>(
  dataDir: string,
  name: string,
  work: (judged: JudgedRun) => Promise<Result>,
): Promise<Result> {
  const store = await openExistingStore(dataDir);
  try {
    const journal = await openReader({ data: store.root, databaseUrl: databaseUrl() });
    try {
      const run = await knownRun(journal, name);
      // Whether it may still order is asked when it does; here it only says again what it said.
      const model = await openLiveModel(store.root, run.model.model, { isRehearsal: true });
      return await work({ store, journal, run, model });
    } finally {
      await journal.close();
    }
  } finally {
    await store.close();
  }
}
