import { canonicalJson } from "../../core/content-hash.js";
import { OptionError } from "../../core/errors.js";
import type { Journal } from "../journal/journal.js";
import { readRun } from "../journal/read-run.js";
import type { LiveRequest } from "../live-run.js";
import type { RunRecord, SessionRecord } from "../records.js";
import type { LiveModel } from "../signal/live-model.js";
import type { RunJournal } from "./run-journal.js";
import type { RunSettings } from "./run-settings.js";

/** Writes down that the run begins or goes on, unless it is another one. */
export async function beginRun(
  { settings, model, feed }: LiveRequest,
  journal: Journal,
  own: RunJournal,
  session: string,
): Promise<void> {
  const record = runRecord(settings, model, feed);
  const stored = await readRun(journal, settings.run).catch((error) => {
    if (own.isUp) throw error;
    // The database will refuse another run's record when it is back.
    return undefined;
  });
  if (stored !== undefined) requireSame(stored.run, record);
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

function runRecord(settings: RunSettings, model: LiveModel, feed: string): RunRecord {
  const { run, mode, exchange, symbols, ...rest } = settings;
  const decisive = canonicalJson({ ...rest, model: model.name, feed });
  return { kind: "run", run, mode, exchange, symbols, settings: decisive };
}

function requireSame(stored: RunRecord, asked: RunRecord): void {
  const different = (["mode", "exchange", "symbols", "settings"] as const).filter(
    (field) => JSON.stringify(stored[field]) !== JSON.stringify(asked[field]),
  );
  if (different.length === 0) return;
  throw new OptionError({
    column: "--name",
    message: `was "${asked.run}", a run that was begun with other ${different.join(" and ")}`,
    fix: "give another name to begin a run, or the former settings to go on with this one",
  });
}
