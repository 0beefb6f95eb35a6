import { type Random, seededRandom } from "../../core/random.js";
import { DAY_US, HOUR_US, MINUTE_US } from "../../core/time.js";
import type { DayFiles, EventType } from "../day-files.js";
import type { DaySink } from "../day-sink.js";
import type { SymbolSettings } from "../settings.js";
import { FREE_HOURS } from "./choose-kinds.js";
import type { FaultKind, FaultySink } from "./fault-kind.js";
import type { PlantedFault } from "./planted-fault.js";
import { Touched } from "./touched.js";

/** A fault begins this long after its hour does at the earliest, and ends this long before its end. */
const MARGIN_US = 5 * MINUTE_US;

/** A day with faults. */
export interface FaultyDay {
  /** Where to play the day. */
  readonly sink: DaySink;
  /** What was planted, once the day is over. */
  readonly planted: () => readonly PlantedFault[];
}

/**
 * Puts faults into a day, each into an hour of its own at a place that the seed decides.
 *
 * @param files - where the day goes
 * @param options.kinds - which faults, no more of an hour than `FREE_HOURS`
 * @param options.types - types that are written; faults lie in the same places whichever these are
 */
export function faultyDay(files: DayFiles, options: FaultyDayOptions): FaultyDay {
  const { seed, symbol, date, startUs, kinds, types, settings } = options;
  const name = `faults/${symbol}/${date}`;
  const hours = shuffledHours(seededRandom(seed, name));
  const byHour = new Map<number, FaultySink>();
  const touchedBy = new Map<FaultKind, Touched>();
  const plant = (kind: FaultKind, to: DayFiles): FaultySink => {
    const random = seededRandom(seed, `${name}/${kind.name}`);
    const touched = new Touched(files);
    touchedBy.set(kind, touched);
    const { hour, offsetUs } = placeOf(kind, hours, random);
    const fromUs = startUs + hour * HOUR_US + offsetUs;
    const { lastsUs } = kind;
    const sink = kind.plant({ random, fromUs, lastsUs, files: to, touched, settings });
    if (kind.when !== "day") byHour.set(hour, sink);
    return sink;
  };
  for (const kind of kinds) if (kind.when !== "day") plant(kind, files);

  const sinkAt = (localUs: number): FaultySink =>
    byHour.get(Math.floor((localUs - startUs) / HOUR_US)) ?? files;
  let whole: FaultySink = {
    trade: (...sent) => sinkAt(sent[0]).trade(...sent),
    book: (...sent) => sinkAt(sent[0]).book(...sent),
  };
  for (const kind of kinds) if (kind.when === "day") whole = plant(kind, { ...files, ...whole });
  return {
    sink: { ...whole, minuteEnd: files.minuteEnd },
    planted: () =>
      kinds.flatMap((kind) => describe(kind, touchedBy.get(kind)!, { symbol, date, types })),
  };
}

interface FaultyDayOptions {
  readonly seed: number;
  readonly symbol: string;
  readonly date: string;
  /** 00:00 of the day, µs since the epoch. */
  readonly startUs: number;
  readonly kinds: readonly FaultKind[];
  readonly types: readonly EventType[];
  readonly settings: SymbolSettings;
}

/** The hours of a day but the first and the last, in an order to be taken from the end. */
function shuffledHours(random: Random): number[] {
  const hours = Array.from({ length: FREE_HOURS }, (_, i) => i + 1);
  for (let i = hours.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [hours[i], hours[j]] = [hours[j]!, hours[i]!];
  }
  return hours;
}

/** Takes an hour for a fault, and the offset into it. */
function placeOf(
  { when, lastsUs }: FaultKind,
  hours: number[],
  random: Random,
): { readonly hour: number; readonly offsetUs: number } {
  if (when === "start" || when === "day") return { hour: 0, offsetUs: 0 };
  if (when === "end") return { hour: DAY_US / HOUR_US - 1, offsetUs: HOUR_US - lastsUs };
  const hour = hours.pop();
  if (hour === undefined) throw new RangeError("a day has no hour left for another fault");
  return { hour, offsetUs: MARGIN_US + random.below(HOUR_US - 2 * MARGIN_US - lastsUs) };
}

function describe(
  { name, check, types, size, mayAlsoFind }: FaultKind,
  touched: Touched,
  day: Pick<FaultyDayOptions, "symbol" | "date" | "types">,
): readonly PlantedFault[] {
  return types.flatMap((type) => {
    const found = day.types.includes(type) ? touched.types.get(type) : undefined;
    if (found === undefined || !(found.fromUs <= found.toUs)) return [];
    const { symbol, date } = day;
    return [{ kind: name, check, type, symbol, date, ...found, size, mayAlsoFind }];
  });
}
