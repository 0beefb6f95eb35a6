// What is known of a run that is to be judged: what it was begun with, which model it asked, and on which bars.

import { z } from "zod";
import { DataError, OptionError } from "../../core/errors.js";
import { jsonOf } from "../../core/json-of.js";
import type { AccountRules } from "../../trading/rules/account-rules.js";
import { type DecidedSpan, decidedSpans } from "../journal/read-decisions.js";
import { type JournalSource, listRuns, readRun } from "../journal/read-run.js";
import type { ModelRecord, RunRecord, SessionRecord } from "../records.js";
import type { SignalSettings } from "../signal/signal.js";

/** Of a run's settings what judging it takes. */
export interface KnownSettings {
  readonly feed: "replay" | "stream";
  readonly signal: SignalSettings;
  readonly rules: AccountRules;
}

/** A run as its journal tells of it. */
export interface KnownRun {
  readonly record: RunRecord;
  readonly model: ModelRecord;
  readonly settings: KnownSettings;
  readonly sessions: readonly SessionRecord[];
  /** By symbol; none where nothing was decided yet. */
  readonly spans: readonly DecidedSpan[];
}

const SETTINGS = z.object({
  feed: z.enum(["replay", "stream"]),
  signal: z.custom<SignalSettings>((value) => typeof value === "object"),
  risk: z.object({ rules: z.custom<AccountRules>((value) => typeof value === "object") }),
});

/**
 * Looks a run up.
 *
 * @throws {OptionError} the journal has no run of that name
 * @throws {DataError} the database is down, or what the run was begun with cannot be read
 */
export async function knownRun(source: JournalSource, name: string): Promise<KnownRun> {
  const stored = await readRun(source, name);
  if (stored === undefined) throw unknownRun(name, await listRuns(source));
  const model = stored.models.at(-1);
  const settings = SETTINGS.safeParse(jsonOf(stored.run.settings));
  if (model === undefined || !settings.success) {
    throw new DataError({
      column: name,
      message: "was begun with settings that this version does not know",
      fix: "judge it with the version that ran it",
    });
  }
  const { feed, signal, risk } = settings.data;
  return {
    record: stored.run,
    model,
    settings: { feed, signal, rules: risk.rules },
    sessions: stored.sessions,
    spans: await decidedSpans(source, name),
  };
}

function unknownRun(name: string, runs: readonly RunRecord[]): OptionError {
  const known = runs.map(({ run }) => run).join(", ");
  return new OptionError({
    column: "--run",
    message: `was ${JSON.stringify(name)}, which the journal has no run of`,
    fix:
      known === "" ? "begin one with `npx tickbook live`" : `choose among ${known.slice(0, 500)}`,
  });
}
