import { readDerivedManifest } from "../store/derived.js";
import type { SymbolDay } from "../store/read.js";
import type { Store } from "../store/store.js";
import { neighbour } from "./feature-days.js";
import {
  type DayOrigin,
  dayOrigin,
  type FeatureSettings,
  isMadeFrom,
  stateFolder,
  tableHash,
} from "./feature-partition.js";

/**
 * States at the ends of days that are what the store's data and the settings give now: made from them, and gone on from
 * states that are. What was found of a day is remembered.
 */
export class PresentStates {
  private readonly store: Store;
  private readonly settings: FeatureSettings;
  private readonly found = new Map<string, string | null>();

  constructor(store: Store, settings: FeatureSettings) {
    this.store = store;
    this.settings = settings;
  }

  /** Forgets a day, since its state was made anew. */
  forget(day: SymbolDay): void {
    this.found.delete(keyOf(day));
  }

  /**
   * Hash of the state that a day goes on from.
   *
   * @param origin - what the day is made from
   * @returns null when it begins a stream: there is no such state of the day before, or that day has other kinds of data
   * @throws {DataError} a manifest cannot be read
   */
  async before(day: SymbolDay, origin: DayOrigin): Promise<string | null> {
    const last = neighbour(day, -1);
    const lastOrigin = await dayOrigin(this.store, last, this.settings);
    if (lastOrigin === undefined || kindsOf(lastOrigin) !== kindsOf(origin)) return null;
    return await this.hashOf(last, lastOrigin);
  }

  private async hashOf(day: SymbolDay, origin: DayOrigin): Promise<string | null> {
    const known = this.found.get(keyOf(day));
    if (known !== undefined) return known;
    const hash = await this.lookUp(day, origin);
    this.found.set(keyOf(day), hash);
    return hash;
  }

  private async lookUp(day: SymbolDay, origin: DayOrigin): Promise<string | null> {
    const folder = stateFolder(day, this.settings.barUs);
    const manifest = await readDerivedManifest(this.store, folder);
    if (manifest === undefined || !isMadeFrom(manifest, origin, { except: ["before"] }))
      return null;
    const { before = null } = manifest.origin;
    // A stream may begin at a day though the one before has come since; but what it went on from must not have changed.
    if (before !== null && before !== (await this.before(day, origin))) return null;
    return await tableHash(this.store, folder);
  }
}

/** A stream tells of trades and a book, or of one of them; a day that lacks one is no part of it. */
function kindsOf({ inputs }: DayOrigin): string {
  const kinds = Object.entries(inputs).filter(([, hash]) => hash !== null);
  return kinds.map(([kind]) => kind).join();
}

function keyOf({ exchange, symbol, date }: SymbolDay): string {
  return `${exchange} ${symbol} ${date}`;
}
