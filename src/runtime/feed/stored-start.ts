// How does a replay begin? Where the store's features of the days before left off, so that it gives what a batch gives.
import { WorkbenchError } from "../../core/errors.js";
import { clockBefore } from "../../features/clock-before.js";
import type { EngineState } from "../../features/engine.js";
import type { EngineSettings } from "../../features/engine-settings.js";
import { featureDay, neighbour } from "../../features/feature-days.js";
import {
  type DayOrigin,
  dayOrigin,
  type FeatureSettings,
  featuresFolder,
  rowSource,
  storedBookSource,
} from "../../features/feature-partition.js";
import type { DaySource } from "../../features/lacks-source.js";
import { VOLUME_BARS } from "../../features/model-inputs.js";
import { PresentStates } from "../../features/present-states.js";
import { staleAfterUs } from "../../features/stale-after.js";
import { readFeatureRows, type StoredRows } from "../../features/stored-rows.js";
import { readStoredState } from "../../features/stored-state.js";
import { contractOf } from "../../market/contract.js";
import { readDerivedManifest } from "../../store/derived.js";
import type { SymbolDay } from "../../store/read.js";
import type { Store } from "../../store/store.js";

/** How a symbol's events become features, and from where on. */
export interface StoredStart {
  readonly engine: Required<EngineSettings>;
  readonly source: DaySource;
  /** After the last event of the day before; undefined where a stream begins. */
  readonly state: EngineState | undefined;
  /** Rows of the days before that inputs look back on, in order. */
  readonly before: readonly StoredRows[];
  /** Clock of the stream that the first of these rows goes on. */
  readonly clock: readonly number[];
}

/** A symbol's market from a day on. */
export interface StartRequest extends SymbolDay {
  readonly barUs: number;
  /** Rows that the model looks at. */
  readonly steps: number;
}

/**
 * Looks up what a symbol's replay begins with.
 *
 * @throws {DataError} a partition is damaged, or a manifest cannot be read
 */
export async function storedStart(store: Store, request: StartRequest): Promise<StoredStart> {
  const { barUs, ...key } = request;
  const bookSource = await storedBookSource(store, [key]);
  const settings = { barUs, staleAfterUs: staleAfterUs(key.exchange), bookSource };
  const { origin, job } = await featureDay(store, key, settings);
  if (origin instanceof WorkbenchError) throw origin;
  const { hasTrades } = job.settings;
  const tag = origin === undefined ? "trades" : rowSource(origin.inputs, bookSource);
  const begun = { engine: job.settings, source: { hasTrades, tag } };
  return { ...begun, ...(await before(store, request, settings, origin)) };
}

/**
 * The same of a stream of trades and book changes, whether the store has the day or not.
 *
 * @param options.isCold - nothing of the day before is gone on from: too long ago
 */
export async function streamStart(
  store: Store,
  request: StartRequest,
  { isCold }: { readonly isCold: boolean },
): Promise<StoredStart> {
  const { exchange, symbol, barUs } = request;
  const bookSource = "incremental_book_L2" as const;
  const settings = { barUs, staleAfterUs: staleAfterUs(exchange), bookSource };
  const contract = contractOf(exchange, symbol);
  const begun = {
    engine: { ...settings, contract, hasTrades: true },
    source: { hasTrades: true, tag: bookSource },
  };
  if (isCold) return { ...begun, ...NOTHING };
  const origin = await dayOrigin(store, neighbour(request, -1), settings);
  return { ...begun, ...(await before(store, request, settings, origin)) };
}

type Before = Pick<StoredStart, "state" | "before" | "clock">;

const NOTHING: Before = { state: undefined, before: [], clock: [] };

/** What the days before a day, of one kind of data with it, have left. */
async function before(
  store: Store,
  { exchange, symbol, date, barUs, steps }: StartRequest,
  settings: FeatureSettings,
  origin: DayOrigin | undefined,
): Promise<Before> {
  const day = { exchange, symbol, date };
  const hash = origin && (await new PresentStates(store, settings).before(day, origin));
  if (hash === undefined || hash === null) return NOTHING;
  const { state } = await readStoredState(store, neighbour(day, -1), barUs);
  const days = await rowsBefore(store, day, { barUs, rows: VOLUME_BARS + steps });
  const clock = await clockBefore(store, days[0]?.day, barUs);
  return { state, before: days.map(({ stored }) => stored), clock: clock.save() };
}

/** Whole days of one stream before a day, back to where it began or as far as inputs look. */
async function rowsBefore(
  store: Store,
  day: SymbolDay,
  { barUs, rows }: { readonly barUs: number; readonly rows: number },
): Promise<readonly { readonly day: SymbolDay; readonly stored: StoredRows }[]> {
  const days: { readonly day: SymbolDay; readonly stored: StoredRows }[] = [];
  let found = 0;
  for (let one = neighbour(day, -1); found < rows; one = neighbour(one, -1)) {
    if ((await readDerivedManifest(store, featuresFolder(one, barUs))) === undefined) break;
    const stored = await readFeatureRows(store, one, barUs);
    days.unshift({ day: one, stored });
    found += stored.rows.length;
    if (stored.beginsStream) break;
  }
  return days;
}
