// Where features and the engine's state lie in the store, and what they were made from.
import { isDeepStrictEqual } from "node:util";
import { BOOK_SOURCES, type BookSource } from "../market/book-source.js";
import { contractName, contractOf } from "../market/contract.js";
import { readDerivedManifest } from "../store/derived.js";
import type { DerivedManifest } from "../store/manifest.js";
import { PARQUET_FILE } from "../store/partition.js";
import { readManifest, type SymbolDay } from "../store/read.js";
import type { Store } from "../store/store.js";
import { barName } from "./bar-length.js";
import { catalogueHash } from "./catalogue.js";

/** Kinds of data that features are made from: trades, and one kind of book. */
export type FeatureInput = "trades" | BookSource;

/** What a row's source tag names: the kind of its book, or trades where there was none. */
export type RowSource = FeatureInput;

/** SHA-256 of a day's Parquet files, of trades and of the kind of book in use; null for one that the store does not have. */
export type FeatureInputs = Readonly<Partial<Record<FeatureInput, string | null>>>;

/** What both a day's features and the state at its end depend on, as the manifests record it. */
export interface DayOrigin {
  readonly inputs: FeatureInputs;
  readonly catalogue: string;
  readonly bar: string;
  readonly staleAfterUs: number;
  readonly contract: string;
  readonly bookSource: string;
}

/** Settings of a computation that the features depend on. */
export interface FeatureSettings {
  readonly barUs: number;
  readonly staleAfterUs: number;
  readonly bookSource: BookSource;
}

/**
 * Folder of a day's features below the store's root.
 *
 * @param barUs - length of a bar, µs
 */
export function featuresFolder(day: SymbolDay, barUs: number): string {
  return `features/${place(day, barUs)}`;
}

/** Folder of the engine's state after a day's last event. */
export function stateFolder(day: SymbolDay, barUs: number): string {
  return `feature-state/${place(day, barUs)}`;
}

/**
 * What a day's features are to be made from.
 *
 * @returns undefined when the store has neither trades nor book of the day
 */
export async function dayOrigin(
  store: Store,
  day: SymbolDay,
  settings: FeatureSettings,
): Promise<DayOrigin | undefined> {
  const inputs = await storedInputs(store, day, ["trades", settings.bookSource]);
  if (Object.values(inputs).every((hash) => hash === null)) return undefined;
  return { inputs, ...settingsOrigin(day, settings) };
}

/** What features depend on besides the data. */
export function settingsOrigin(
  { exchange, symbol }: SymbolDay,
  { barUs, staleAfterUs, bookSource }: FeatureSettings,
): Omit<DayOrigin, "inputs"> {
  const contract = contractName(contractOf(exchange, symbol));
  return { catalogue: catalogueHash(), bar: barName(barUs), staleAfterUs, contract, bookSource };
}

/** The tag of a day's rows: the kind of book in use, or trades where the day has none of it. */
export function rowSource(inputs: FeatureInputs, bookSource: BookSource): RowSource {
  return (inputs[bookSource] ?? null) === null ? "trades" : bookSource;
}

/** The day's files of some kinds that the store has now. */
export async function storedInputs(
  store: Store,
  day: SymbolDay,
  types: readonly FeatureInput[],
): Promise<FeatureInputs> {
  const inputs: Partial<Record<FeatureInput, string | null>> = {};
  for (const type of types) {
    const manifest = await readManifest(store, { ...day, type });
    inputs[type] = manifest?.files[PARQUET_FILE]?.sha256 ?? null;
  }
  return inputs;
}

/** The richest kind of book that the store has of any of some days; changes where it has none. */
export async function storedBookSource(
  store: Store,
  days: readonly SymbolDay[],
): Promise<BookSource> {
  for (const source of BOOK_SOURCES) {
    for (const day of days) {
      if ((await readManifest(store, { ...day, type: source })) !== undefined) return source;
    }
  }
  return "incremental_book_L2";
}

/** SHA-256 of a derived table's file; null when there is no table. */
export async function tableHash(store: Store, folder: string): Promise<string | null> {
  const manifest = await readDerivedManifest(store, folder);
  return manifest?.files[PARQUET_FILE]?.sha256 ?? null;
}

/** Whether a manifest records exactly this origin, leaving out some of its fields. */
export function isMadeFrom(
  manifest: DerivedManifest | undefined,
  origin: object,
  { except = [] }: { readonly except?: readonly string[] } = {},
): boolean {
  if (manifest === undefined) return false;
  const kept = (fields: object): object =>
    Object.fromEntries(Object.entries(fields).filter(([name]) => !except.includes(name)));
  return isDeepStrictEqual(kept(manifest.origin), kept(origin));
}

function place({ exchange, symbol, date }: SymbolDay, barUs: number): string {
  return `bar=${barName(barUs)}/exchange=${exchange}/symbol=${symbol}/date=${date}`;
}
