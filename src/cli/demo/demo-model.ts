// The demo's model: trained, evaluated and promoted by the gates that every model has.
import { isDeepStrictEqual } from "node:util";
import { counted } from "../../core/counted.js";
import { GateError, WorkbenchError } from "../../core/errors.js";
import { isShortfall, type Shortfall, shortfallText } from "../../core/shortfall.js";
import { MINUTE_US } from "../../core/time.js";
import { evaluateModels } from "../../evaluation/evaluate-models.js";
import { type Experiment, prepareExperiment, trainModel } from "../../evaluation/experiment.js";
import { catalogueHash } from "../../features/catalogue.js";
import { readLedger } from "../../registry/ledger.js";
import { loadPromoted } from "../../registry/load-promoted.js";
import { promote } from "../../registry/promotion.js";
import type { Store } from "../../store/store.js";
import { LOGISTIC_SETTINGS } from "../../training/settings.js";
import type { TrainedModel } from "../../training/trained-model.js";
import { type DemoPlan, type DemoTold, demoStep } from "./demo-plan.js";

/**
 * Trains the logistic baseline on the model's days, or loads it, asks its gates and promotes it.
 *
 * @returns NAME@version
 * @throws {GateError} a gate did not pass, or somebody demoted it
 * @throws {WorkbenchError} there are too few days
 */
export async function makeDemoModel(store: Store, plan: DemoPlan, told: DemoTold): Promise<string> {
  const { exchange, symbols, modelDates: days, barUs, seed, folds, shares } = plan;
  const horizonBars = plan.horizonMinutes / plan.barMinutes;
  const request = { exchange, symbols, days, barUs, horizonBars, folds, shares };
  const { experiment, model } = await demoStep("train", told, async () => {
    const experiment = known(await prepareExperiment(store, request));
    const model = known(await trainModel(store, experiment, LOGISTIC_SETTINGS, { seed }));
    return { line: `${nameOf(model)} on ${counted(folds, "fold")}`, experiment, model };
  });
  await demoStep("evaluate, promote", told, async () => {
    await passGates(store, experiment, model, { seed, onProgress: told.progress });
    return { line: `${nameOf(model)} passed every gate` };
  });
  return nameOf(model);
}

/**
 * The model of these very days that is promoted and that this code may run.
 *
 * @returns NAME@version; undefined where there is none, or something is wrong with it that making it will mend or tell
 */
export async function promotedDemoModel(plan: DemoPlan): Promise<string | undefined> {
  const { root, symbols, modelTo, barUs, horizonMinutes } = plan;
  try {
    const hash = { catalogueHash: catalogueHash() };
    const { bundle, promotion } = await loadPromoted(root, "logistic", undefined, hash);
    const found = ["symbols", "to", "barUs", "horizonUs"].map((name) => bundle.content[name]);
    const asked = [symbols, modelTo, barUs, horizonMinutes * MINUTE_US];
    return isDeepStrictEqual(found, asked) ? nameOf(promotion) : undefined;
  } catch (error) {
    if (error instanceof WorkbenchError) return undefined;
    throw error;
  }
}

/** An evaluation that still holds is not made again. */
async function passGates(
  store: Store,
  experiment: Experiment,
  model: TrainedModel,
  request: Parameters<typeof evaluateModels>[3],
): Promise<void> {
  const { root } = store;
  const { key, name, version } = model;
  if ((await readLedger(root)).state.demoted.has(key)) {
    throw new GateError({
      message: `${nameOf(model)} was demoted, and a demo does not take that back`,
      fix: `promote it with \`npx tickbook promote ${nameOf(model)} --data ${root}\``,
    });
  }
  try {
    await promote(root, { name, version });
  } catch (error) {
    if (!(error instanceof GateError)) throw error;
    known(await evaluateModels(store, experiment, [model], request));
    await promote(root, { name, version });
  }
}

function nameOf({ name, version }: { readonly name: string; readonly version: string }): string {
  return `${name}@${version}`;
}

/** What a step gave. */
function known<Found extends object>(found: Found | Shortfall): Found {
  if (!isShortfall(found)) return found;
  throw new WorkbenchError({ message: shortfallText(found) });
}
