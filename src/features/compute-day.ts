import { DAY_US, dayStartUs } from "../core/time.js";
import { contractOf } from "../market/contract.js";
import { Replay, type ReplayCounts } from "../market/replay.js";
import type { DerivedColumn } from "../store/derived.js";
import { readBookChanges, readTrades, type SymbolDay } from "../store/read.js";
import type { Store } from "../store/store.js";
import { FEATURES } from "./catalogue.js";
import { createFeatureEngine, type EngineState } from "./engine.js";
import type { FeatureInputs, FeatureSettings } from "./feature-partition.js";
import type { FeatureRow } from "./feature-rows.js";

/** What a day gave. */
export interface ComputedDay {
  readonly rows: readonly FeatureRow[];
  /** After the day's last event; the day after goes on from it, whether or not it was known when this day was computed. */
  readonly state: EngineState;
  readonly counts: ReplayCounts;
}

/**
 * Replays a day through the engine.
 *
 * @param options.before - state at the end of the day before; undefined begins a stream
 * @param options.continues - the store has the next day too: bars go on to 24:00, not only to the last event's
 * @throws {DataError} a partition is damaged, or the state does not fit
 */
export async function computeDay(
  store: Store,
  day: SymbolDay,
  options: FeatureSettings & {
    readonly inputs: FeatureInputs;
    readonly before: EngineState | undefined;
    readonly continues: boolean;
  },
): Promise<ComputedDay> {
  const { barUs, staleAfterUs, inputs, before, continues } = options;
  const startUs = dayStartUs(day.date);
  const rows: FeatureRow[] = [];
  const keep = (row: FeatureRow): void => {
    const beginUs = row.barEndUs - barUs;
    if (beginUs >= startUs && beginUs < startUs + DAY_US) rows.push(row);
  };
  const contract = contractOf(day.exchange, day.symbol);
  const engine = createFeatureEngine(keep, { barUs, staleAfterUs, contract });
  if (before !== undefined) engine.restore(before);
  const replay = new Replay(engine, { book: engine.book });
  await replay.run({
    ...(inputs.trades === null ? {} : { trades: readTrades(store, day) }),
    ...(inputs.incremental_book_L2 === null ? {} : { bookChanges: readBookChanges(store, day) }),
  });
  replay.finish();
  const state = engine.save();
  if (continues) engine.advance(startUs + DAY_US);
  else engine.finish();
  return { rows, state, counts: replay.counts };
}

/** Rows as columns under the names they are stored by, without the verdict. */
export function featureColumns(
  rows: readonly FeatureRow[],
  source: string,
): Readonly<Record<string, DerivedColumn>> {
  return {
    bar_end_us: Float64Array.from(rows, (row) => row.barEndUs),
    mid: Float64Array.from(rows, (row) => row.mid),
    ...Object.fromEntries(
      FEATURES.map(({ name }, i) => [name, Float64Array.from(rows, (row) => row.values[i]!)]),
    ),
    valid: BigUint64Array.from(rows, (row) => row.valid),
    source,
  };
}
