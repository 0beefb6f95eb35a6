// The fits that `train` was asked for: one, one a seed, or a search; and what is told of several.
import { counted } from "../core/counted.js";
import { isShortfall, type Shortfall } from "../core/shortfall.js";
import { ensembleOf } from "../evaluation/ensemble-of.js";
import type { Experiment } from "../evaluation/experiment.js";
import { type Search, searchSettings, trainSeeds } from "../evaluation/repeated-fits.js";
import { searchTable } from "../reporting/search-table.js";
import { tableText } from "../reporting/table.js";
import type { Store } from "../store/store.js";
import { changesText, settingGrid } from "../training/asked-settings.js";
import { type SeedSummary, seedSummary } from "../training/seeds.js";
import type { TrainingSettings } from "../training/settings.js";
import type { TrainedModel } from "../training/trained-model.js";
import type { CommandContext } from "./command.js";
import { stopRowsLine } from "./fit-lines.js";
import { ENSEMBLE, type TrainPlan } from "./train-options.js";

/** What was fitted. */
export interface AskedFits {
  /** The one to report: of the first seed, and of a search with the settings that it chose. */
  readonly model: TrainedModel;
  /** What is to be said after its report. */
  readonly lines: readonly string[];
  /** What is to stand beside its report. */
  readonly json: object;
}

/** Fits, or loads, what was asked for. */
export async function fitAsked(
  store: Store,
  experiment: Experiment,
  {
    settings,
    plan,
  }: { readonly settings: TrainingSettings | typeof ENSEMBLE; readonly plan: TrainPlan },
  { say, progress }: CommandContext,
): Promise<AskedFits | Shortfall> {
  if (settings === ENSEMBLE) {
    const { final, seeds, members } = plan;
    const named = members === undefined ? {} : { members };
    const request = { seed: seeds[0]!, say, progress, final, ...named };
    const model = await ensembleOf(store, experiment, request);
    return isShortfall(model) ? model : { model, lines: [], json: {} };
  }
  const request = { seeds: plan.seeds, say, progress };
  const grid = settingGrid(settings, plan.grid);
  if (grid.length === 0) {
    const fits = await trainSeeds(store, experiment, settings, request);
    return isShortfall(fits) ? fits : { ...toldSeeds(fits.models, fits.added) };
  }
  const search = await searchSettings(store, experiment, grid, request);
  if (isShortfall(search)) return search;
  const { model, lines, json } = toldSeeds(search.chosen.models);
  return {
    model,
    lines: [...lines, ...searchLines(search)],
    json: { ...json, search: searchJson(search) },
  };
}

/** @param added - trials that are new in the ledger; left out where they are told elsewhere */
function toldSeeds(models: readonly TrainedModel[], added?: number): AskedFits {
  const [model] = models as [TrainedModel];
  if (models.length === 1) return { model, lines: [], json: {} };
  const summary = seedSummary(models);
  const news = added === undefined ? "" : `; ${addedText(added)}`;
  const told = `${models.length} seeds: ${summaryText(summary)} (mean ± standard deviation: the scatter of draws, not of the market)${news}`;
  const seeds = models.map(({ seed, name, version, isLoaded, figures }) => {
    return { seed, name, version, isLoaded, figures };
  });
  const json = { seeds, summary, ...(added === undefined ? {} : { added }) };
  return { model, lines: [...models.map(seedLine), told], json };
}

function seedLine({ seed, name, version, isLoaded, figures }: TrainedModel): string {
  const { accuracy, logLoss, brierLoss } = figures;
  return (
    `seed ${seed}: ${name}@${version} ${isLoaded ? "loaded" : "trained"}, accuracy ${(100 * accuracy!).toFixed(2)} %, ` +
    `log-loss ${logLoss!.toFixed(5)}, Brier ${brierLoss!.toFixed(5)}`
  );
}

function summaryText({ accuracy, logLoss, brierLoss }: SeedSummary): string {
  const percent = `${(100 * accuracy.mean).toFixed(2)} ± ${(100 * accuracy.deviation).toFixed(2)} %`;
  const [log, brier] = [logLoss, brierLoss].map(
    ({ mean, deviation }) => `${mean.toFixed(5)} ± ${deviation.toFixed(5)}`,
  );
  return `accuracy ${percent}, log-loss ${log}, Brier ${brier}`;
}

function searchLines(search: Search): readonly string[] {
  const { chosen, tries, added } = search;
  const models = chosen.models.map(({ name, version }) => `${name}@${version}`).join(", ");
  const otherRows = stopRowsLine(tries);
  return [
    tableText(searchTable(search)),
    ...(otherRows === undefined ? [] : [otherRows]),
    `${changesText(chosen.changes)} (${models}) has the least early-stop loss of ${tries.length}, which alone chose it; ${addedText(added)}`,
  ];
}

function addedText(added: number): string {
  return added === 0
    ? "the ledger had all these trials"
    : `${counted(added, "trial")} added to the ledger, and the deflated Sharpe ratio counts all of them`;
}

function searchJson({ tries, chosen, added }: Search): object {
  const described = tries.map((one) => ({
    changes: one.changes,
    earlyStopLoss: one.stopLoss,
    earlyStopRows: one.stopRows,
    isChosen: one === chosen,
    models: one.models.map(({ seed, name, version, isLoaded }) => ({
      seed,
      name,
      version,
      isLoaded,
    })),
  }));
  return { tries: described, added };
}
