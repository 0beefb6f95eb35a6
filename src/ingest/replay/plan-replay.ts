// What would a replay do, and what would it need?
import { DataError } from "../../core/errors.js";
import { dayStartUs } from "../../core/time.js";
import type { Store } from "../../store/store.js";
import type { DataType, PartitionKey } from "../../store/tables.js";
import { type IngestRequest, leaveOutUnknownTypes, requestedFiles } from "../plan.js";
import { storedTicks } from "../stored.js";
import { dayNotOver, nothingThere, REPLAY_TYPES } from "./ingest-replay.js";
import type { RawDay, SliceSource } from "./slice-source.js";
import { normalizerOf } from "./tardis-normalizers.js";

/** A day of one symbol and type of a plan. */
export interface PlannedReplay extends PartitionKey {
  /**
   * `stored`: in the store already; `absent`: the exchange does not have the type, or the source no minute of the day;
   * `refused`: the day is not over, the source is sure not to give it or does not have what would mend a damaged
   * partition, or a newer version wrote what is stored; `new`: to be replayed.
   */
  readonly status: "stored" | "absent" | "refused" | "new";
  /** Minutes that the source has; null where only fetching them would tell. */
  readonly minutes: number | null;
  /** Bytes of them. */
  readonly bytes: number | null;
  /** Bytes of the partition; null when it is not stored. */
  readonly storedBytes: number | null;
  /** Why it is refused. */
  readonly reason?: string;
}

/** What a replay will need; NaN, and null for whether it fits, where nobody knows. */
export interface ReplayCost {
  /** Of raw minutes; a day is read once for each of its symbols and types. */
  readonly bytesToRead: number;
  readonly disk: {
    /** Partitions that will be added, estimated from the stored days of the same symbol and type. */
    readonly partitions: number;
    /** The few minutes that are read at once are not counted. */
    readonly temporary: 0;
    readonly needed: number;
    readonly free: number;
    readonly fits: boolean | null;
  };
  readonly time: {
    readonly seconds: number;
    /** What a day of each type took in earlier runs; null where none has replayed the type. */
    readonly secondsADay: Readonly<Record<string, number | null>>;
  };
}

/**
 * What a replay would do. It writes and fetches nothing, and puts back what a killed run had taken out of its place. A
 * folder is looked at; a server, which could only answer by giving its
 * minutes, is asked nothing.
 *
 * @param options.verify - hash stored partitions again, as a run that is asked to
 * @returns days by symbol, type and day; of types that were not named, those of which the source may have any
 * @throws {OptionError} the source has none of the days, or a name, type or day is wrong
 */
export async function planReplay(
  store: Store,
  source: SliceSource,
  request: IngestRequest,
  { verify = false }: { readonly verify?: boolean } = {},
): Promise<readonly PlannedReplay[]> {
  const keys = requestedFiles(request, REPLAY_TYPES);
  await source.requireKnown(request.exchange);
  const looked = new Map<string, Promise<RawDay | undefined>>();
  const lookUp: LookUp = ({ exchange, date }) => {
    const day = looked.get(date) ?? source.lookUp(exchange, dayStartUs(date));
    looked.set(date, day);
    return day;
  };
  const days: PlannedReplay[] = [];
  for (const key of keys) {
    days.push({ ...key, ...(await planDay(store, key, { verify, lookUp })) });
  }
  if (days.every(({ status }) => status === "absent")) throw nothingThere(source, days);
  return request.types === undefined ? leaveOutUnknownTypes(days) : days;
}

type LookUp = (key: PartitionKey) => Promise<RawDay | undefined>;
type Planned = Omit<PlannedReplay, keyof PartitionKey>;

const NOTHING_KNOWN = { minutes: null, bytes: null, storedBytes: null };

async function planDay(
  store: Store,
  key: PartitionKey,
  { verify, lookUp }: { readonly verify: boolean; readonly lookUp: LookUp },
): Promise<Planned> {
  try {
    const { kept, damage } = await storedTicks(store, key, { verify });
    if (kept !== undefined) {
      const storedBytes = Object.values(kept.files).reduce((sum, { bytes }) => sum + bytes, 0);
      return { ...NOTHING_KNOWN, status: "stored", storedBytes };
    }
    const early = dayNotOver(key);
    if (early !== undefined) return refused(early);
    const isMade = (await normalizerOf(key.exchange, key.type)) !== undefined;
    if (!isMade) return lacking(damage, NOTHING_KNOWN);
    const there = await lookUp(key);
    if (there === undefined) return { ...NOTHING_KNOWN, status: "new" };
    if (there.minutes === 0) return lacking(damage, there);
    return { status: "new", ...there, storedBytes: null };
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    return refused(error);
  }
}

/** What becomes of a day that the source does not have. */
function lacking(
  damage: DataError | undefined,
  { minutes, bytes }: Pick<PlannedReplay, "minutes" | "bytes">,
): Planned {
  if (damage !== undefined) return refused(damage);
  return { status: "absent", minutes, bytes, storedBytes: null };
}

function refused({ message }: DataError): Planned {
  return { ...NOTHING_KNOWN, status: "refused", reason: message };
}

/**
 * Adds up what the days of a plan will need.
 *
 * @param options.freeBytes - where the store is
 * @param options.secondsADay - what a day of one symbol took in earlier runs, by type
 */
export function replayCost(
  days: readonly PlannedReplay[],
  {
    freeBytes,
    secondsADay,
  }: {
    readonly freeBytes: number;
    readonly secondsADay: Readonly<Partial<Record<DataType, number>>>;
  },
): ReplayCost {
  const wanted = days.filter(({ status }) => status === "new");
  const needed = sum(wanted.map((day) => usualBytes(days, day)));
  return {
    bytesToRead: sum(wanted.map(({ bytes }) => bytes ?? Number.NaN)),
    disk: {
      partitions: needed,
      temporary: 0,
      needed,
      free: freeBytes,
      fits: Number.isNaN(needed) ? null : needed <= freeBytes,
    },
    time: {
      seconds: sum(wanted.map(({ type }) => secondsADay[type] ?? Number.NaN)),
      secondsADay: Object.fromEntries(
        wanted.map(({ type }) => [type, secondsADay[type] ?? null] as const),
      ),
    },
  };
}

/** Mean of the stored days of a day's symbol and type; NaN where there is none. */
function usualBytes(days: readonly PlannedReplay[], { symbol, type }: PartitionKey): number {
  const stored = days.flatMap((day) =>
    day.symbol === symbol && day.type === type ? (day.storedBytes ?? []) : [],
  );
  return Math.ceil(sum(stored) / stored.length);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
