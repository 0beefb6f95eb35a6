// What is the audit's word on a day's rows, and is it on the very data that the rows were made from?
import { HOUR_US } from "../core/time.js";
import { readDerived } from "../store/derived.js";
import type { DerivedManifest } from "../store/manifest.js";
import { PARQUET_FILE } from "../store/partition.js";
import { auditFolder, presentAudit } from "../store/present-audit.js";
import type { SymbolDay } from "../store/read.js";
import type { Store } from "../store/store.js";
import { verdictHash } from "../store/verdict-hashes.js";

/** What the audit says of a row's hour; `unknown` where it says nothing of the very data. */
export type RowVerdict = "good" | "usable" | "bad" | "unknown";

/** From best to worst: what is not known is no better than what can be used, but what is bad stays bad. */
const ORDER: readonly RowVerdict[] = ["good", "usable", "unknown", "bad"];

/**
 * Hash of what the present audit says of each type; null where the type is no input or was not audited, or where what the
 * audit judged it by has changed since. Verdicts of other types are no part of it.
 */
export type VerdictSource<Type extends string> = Readonly<Partial<Record<Type, string | null>>>;

/** SHA-256 of the Parquet file that rows are made from, by type; null where a type is no input. */
type Inputs<Type extends string> = Readonly<Partial<Record<Type, string | null>>>;

/** Verdicts of a day's rows, and where they come from. */
export interface HourlyVerdicts<Type extends string> {
  /** The worst verdict over all inputs and over all hours that a bar of [from, to) touches. */
  readonly over: (fromUs: number, toUs: number) => RowVerdict;
  readonly source: VerdictSource<Type>;
}

/**
 * What the audit left of a day: a table with the columns `hour_start_us`, `type` and `verdict`. A verdict counts for
 * features only when it is the present audit's, on a type that they are made from, and on the very file.
 *
 * @param inputs - SHA-256 of the Parquet files that the features are made from
 * @throws {DataError} the audit's table is damaged
 */
export async function hourlyVerdicts<Type extends string>(
  store: Store,
  day: SymbolDay,
  inputs: Inputs<Type>,
): Promise<HourlyVerdicts<Type>> {
  const source = await verdictSource(store, day, inputs);
  const types = typesOf(inputs);
  const audited = types.some((type) => source[type] !== null);
  const rows = audited ? await verdictRows(store, day) : new Map<string, RowVerdict>();
  const at = (type: Type, hourUs: number): RowVerdict =>
    source[type] === null ? "unknown" : (rows.get(`${type} ${hourUs}`) ?? "unknown");
  const over = (fromUs: number, toUs: number): RowVerdict => {
    let worst: RowVerdict = "good";
    for (let hourUs = Math.floor(fromUs / HOUR_US) * HOUR_US; hourUs < toUs; hourUs += HOUR_US) {
      for (const type of types) worst = worse(worst, at(type, hourUs));
    }
    return worst;
  };
  return { over, source };
}

/** The verdicts that `hourlyVerdicts` would join now; only manifests are looked at. */
export async function verdictSource<Type extends string>(
  store: Store,
  day: SymbolDay,
  inputs: Inputs<Type>,
): Promise<VerdictSource<Type>> {
  const types = Object.keys(inputs) as Type[];
  const manifest = await presentAudit(store, day, types);
  const of = (type: Type): string | null =>
    manifest !== undefined && inputs[type] !== null && auditedHash(manifest, type) === inputs[type]
      ? verdictHash(manifest, type)
      : null;
  return Object.fromEntries(types.map((type) => [type, of(type)])) as VerdictSource<Type>;
}

/** The worst verdict of each type and hour. */
async function verdictRows(store: Store, day: SymbolDay): Promise<ReadonlyMap<string, RowVerdict>> {
  const names = ["hour_start_us", "type", "verdict"];
  const { columns } = await readDerived(store, auditFolder(day), names);
  const types = columns["type"] as readonly string[];
  const verdicts = columns["verdict"] as readonly string[];
  const rows = new Map<string, RowVerdict>();
  (columns["hour_start_us"] as Float64Array).forEach((hourUs, i) => {
    const key = `${types[i]} ${hourUs}`;
    const verdict = ORDER.find((known) => known === verdicts[i]) ?? "unknown";
    rows.set(key, worse(rows.get(key) ?? "good", verdict));
  });
  return rows;
}

/** SHA-256 of the Parquet file of a type as the audit read it. */
function auditedHash(manifest: DerivedManifest, type: string): string | undefined {
  const inputs = manifest.origin["inputs"] as
    | Readonly<Record<string, DerivedManifest["files"]>>
    | undefined;
  return inputs?.[type]?.[PARQUET_FILE]?.sha256;
}

function typesOf<Type extends string>(inputs: Inputs<Type>): readonly Type[] {
  return (Object.keys(inputs) as Type[]).filter((type) => inputs[type] !== null);
}

function worse(a: RowVerdict, b: RowVerdict): RowVerdict {
  return ORDER.indexOf(b) > ORDER.indexOf(a) ? b : a;
}
