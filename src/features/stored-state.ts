// The engine's state at the end of a day, as it lies in the store.
import { readDerived, writeDerived } from "../store/derived.js";
import type { DerivedManifest } from "../store/manifest.js";
import { PARQUET_FILE } from "../store/partition.js";
import type { SymbolDay } from "../store/read.js";
import type { Store } from "../store/store.js";
import type { EngineState } from "./engine.js";
import { stateFolder } from "./feature-partition.js";

/** A state with the SHA-256 of the file that it was read from. */
export interface StoredState {
  readonly state: EngineState;
  readonly hash: string | undefined;
}

/**
 * Reads the state after a day's last event.
 *
 * @param barUs - length of a bar, µs
 * @throws {DataError} it is missing or damaged
 */
export async function readStoredState(
  store: Store,
  day: SymbolDay,
  barUs: number,
): Promise<StoredState> {
  const { columns, manifest } = await readDerived(store, stateFolder(day, barUs), ["state"]);
  const [text] = columns["state"] as readonly string[];
  return { state: JSON.parse(text!) as EngineState, hash: manifest.files[PARQUET_FILE]?.sha256 };
}

/** Stores the state after a day's last event; one that is there is replaced. */
export async function writeStoredState(
  store: Store,
  day: SymbolDay,
  state: EngineState,
  origin: DerivedManifest["origin"],
): Promise<void> {
  const folder = stateFolder(day, state.settings.barUs);
  await writeDerived(store, folder, { state: [JSON.stringify(state)] }, origin);
}
