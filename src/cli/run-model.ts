// Which model does a live run ask? The one that is asked for; of a run that holds positions its own, also when that may not run.
import { OptionError, WorkbenchError } from "../core/errors.js";
import { readPromoted } from "../registry/promotion.js";
import { settingsHash } from "../runtime/loop/begin-run.js";
import type { RunSettings } from "../runtime/loop/run-settings.js";
import { heldFile, readState, stateFile } from "../runtime/loop/session-state.js";
import { type KnownModel, openFormerModel } from "../runtime/signal/former-model.js";
import { type LiveModel, openLiveModel } from "../runtime/signal/live-model.js";

/** What the command line says of a run's model. */
interface AskedModel {
  readonly feed: "replay" | "stream";
  readonly mode: RunSettings["mode"];
  readonly model?: string;
  readonly rehearse?: boolean;
  readonly expectHead?: string;
}

/**
 * Opens the model of a run. One that may not run any more is opened for a paper run that was begun with it: that gives back what
 * it holds, and enters nothing.
 *
 * @param options.settingsOf - what the run's settings are with a model
 * @throws {OptionError} no model is called so, or none was asked for and none is promoted
 * @throws {GateError} it is not promoted
 * @throws {DataError} something was changed, or it was made for other features than this code computes
 */
export async function openRunModel(
  root: string,
  { feed, mode, model, rehearse = false, expectHead }: AskedModel,
  {
    settingsOf,
    say,
  }: {
    readonly settingsOf: (model: KnownModel) => RunSettings;
    readonly say: (line: string) => void;
  },
): Promise<LiveModel> {
  const head = expectHead === undefined ? {} : { expectedHead: expectHead };
  try {
    const asked = model ?? (await lastPromoted(root));
    return await openLiveModel(root, asked, { isRehearsal: rehearse, ...head });
  } catch (error) {
    // A dry run holds nothing.
    if (mode !== "paper" || !(error instanceof WorkbenchError)) throw error;
    const isOf = async (known: KnownModel): Promise<boolean> =>
      await wasBegun(root, { settings: settingsOf(known), model: known, feed });
    const former = await openFormerModel(root, model, { isOf, ...head });
    if (former === undefined) throw error;
    const { run } = settingsOf(former);
    say(`NO ENTRIES: ${error.message}\n${run} only gives back what it holds, with ${former.name}`);
    return former;
  }
}

/** Whether this machine has a state of the run, begun with just that. */
async function wasBegun(root: string, begun: Parameters<typeof settingsHash>[0]): Promise<boolean> {
  const { run } = begun.settings;
  const files = [stateFile(root, run), heldFile(root, run)];
  const states = await Promise.all(files.map(async (file) => await readState(file)));
  return states.some((state) => state?.settings === settingsHash(begun));
}

/** The model that was promoted last. */
async function lastPromoted(root: string): Promise<string> {
  const last = (await readPromoted(root)).at(-1);
  if (last !== undefined) return `${last.name}@${last.version}`;
  throw new OptionError({
    column: "--model",
    message: "was not given, and no model of this store is promoted",
    fix: "promote one with `npx tickbook promote`, or rehearse one with --rehearse --model NAME",
  });
}
