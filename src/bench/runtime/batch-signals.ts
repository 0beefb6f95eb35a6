// What the batch says of the same bars: stored features of all days, one maker of signals a symbol.
import type { FeatureRow } from "../../features/feature-rows.js";
import type { LiveModel } from "../../runtime/signal/live-model.js";
import { SIGNAL_SETTINGS, type Signal } from "../../runtime/signal/signal.js";
import { SignalMaker } from "../../runtime/signal/signal-maker.js";
import type { StoredStream } from "./stored-inputs.js";

/** A bar as the batch has it. */
export interface BatchBar {
  readonly row: FeatureRow;
  readonly signal: Signal;
}

/**
 * Signals of a symbol's replayed days.
 *
 * @param bars - of those days, after which no more are asked for
 * @returns by the bar's end
 */
export async function batchSignals(
  model: LiveModel,
  { rows, parts }: StoredStream,
  bars: number,
): Promise<ReadonlyMap<number, BatchBar>> {
  const [{ source, to: before }] = parts as [StoredStream["parts"][number]];
  const maker = new SignalMaker(model, source, SIGNAL_SETTINGS);
  for (const row of rows.slice(0, before)) maker.warm(row);
  const found = new Map<number, BatchBar>();
  for (const row of rows.slice(before, before + bars)) {
    found.set(row.barEndUs, { row, signal: await maker.next(row) });
  }
  return found;
}
