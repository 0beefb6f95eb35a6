// A small search: what is chosen among tried settings, and by what?
import { mean } from "../core/statistics.js";
import type { GridPoint } from "./asked-settings.js";
import type { TrainedModel } from "./trained-model.js";

/** Settings that were tried. */
export interface Try extends GridPoint {
  /** Of each seed. */
  readonly models: readonly TrainedModel[];
  /** What it is chosen by; see `stopLoss`. */
  readonly stopLoss: number;
  /** Rows that this loss is a mean over: settings that look further back have fewer. */
  readonly stopRows: number;
}

/** A point of the grid with what fitting it gave. */
export function tried(point: GridPoint, models: readonly TrainedModel[]): Try {
  const stopRows = models[0]!.folds[0]!.counts.earlyStop;
  return { ...point, models, stopLoss: mean(models.map(stopLoss)), stopRows };
}

/**
 * The loss that settings are chosen by: that of the best epoch on the first fold's early-stop slice. Later folds' slices lie in
 * the time that earlier folds are tested on: who chose by them would choose by the test.
 */
function stopLoss({ folds }: TrainedModel): number {
  return Math.min(...folds[0]!.history.map(({ earlyStopLoss }) => earlyStopLoss));
}

/** The try with the least loss, the earlier of equals. */
export function chosenTry(tries: readonly Try[]): Try {
  return tries.reduce((best, one) => (one.stopLoss < best.stopLoss ? one : best));
}
