import { canonicalJson, contentHash } from "../../core/content-hash.js";
import { OptionError } from "../../core/errors.js";
import type { Journal } from "../journal/journal.js";
import { readRun } from "../journal/read-run.js";
import type { RunRecord, SessionRecord } from "../records.js";
import type { LiveModel } from "../signal/live-model.js";
import type { RunJournal } from "./run-journal.js";
import type { RunSettings } from "./run-settings.js";

/** What makes a run another one. */
interface BegunRun<Model = LiveModel> {
  readonly settings: RunSettings;
  readonly model: Model;
  readonly feed: "replay" | "stream";
}

/** Hash of all that makes a run another one. */
export function settingsHash(begun: BegunRun<Pick<LiveModel, "name">>): string {
  return contentHash(runRecord(begun));
}

/**
 * Writes down that the run begins or goes on, unless it is another one.
 *
 * @param options.left - hashes of what the states that an earlier process left were begun with: known also while the database
 *   is away
 * @param options.before - asked when it is known to be the same run, and nothing is written yet: it may refuse
 */
export async function beginRun(
  begun: BegunRun,
  journal: Journal,
  own: RunJournal,
  {
    session,
    left,
    before,
  }: {
    readonly session: string;
    readonly left: readonly string[];
    readonly before?: () => Promise<void>;
  },
): Promise<void> {
  const { settings, model } = begun;
  const record = runRecord(begun);
  const stored = await readRun(journal, settings.run).catch((error) => {
    if (own.isUp) throw error;
    // The database will refuse another run's record when it is back.
    return undefined;
  });
  if (stored !== undefined) requireSame(stored.run, record);
  if (left.some((hash) => hash !== settingsHash(begun))) throw isAnother(settings.run, "settings");
  await before?.();
  const { run } = settings;
  const { name, bundleSha256, catalogueHash: hash, promotedEntry } = model;
  await own.write(
    [
      record,
      { kind: "model", run, model: name, bundleSha256, catalogueHash: hash, promotedEntry },
      sessionRecord(run, session, "start", `process ${process.pid}`),
    ],
    "local",
  );
}

export function sessionRecord(
  run: string,
  id: string,
  event: "start" | "stop",
  detail: string,
): SessionRecord {
  return { kind: "session", run, id, event, at: new Date().toISOString(), detail };
}

function runRecord({ settings, model, feed }: BegunRun<Pick<LiveModel, "name">>): RunRecord {
  const { run, mode, exchange, symbols, ...rest } = settings;
  const decisive = canonicalJson({ ...rest, model: model.name, feed });
  return { kind: "run", run, mode, exchange, symbols, settings: decisive };
}

function requireSame(stored: RunRecord, asked: RunRecord): void {
  const different = (["mode", "exchange", "symbols", "settings"] as const).filter(
    (field) => JSON.stringify(stored[field]) !== JSON.stringify(asked[field]),
  );
  if (different.length === 0) return;
  throw isAnother(asked.run, different.join(" and "));
}

function isAnother(run: string, different: string): OptionError {
  return new OptionError({
    column: "--name",
    message: `was "${run}", a run that was begun with other ${different}`,
    fix: "give another name to begin a run, or the former settings to go on with this one",
  });
}
