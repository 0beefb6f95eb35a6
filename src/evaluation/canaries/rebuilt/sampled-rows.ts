// Which rows are made again? A few of each symbol, from a few stretches of its events.
import { type Random, seededRandom } from "../../../core/random.js";
import type { Dataset } from "../../../dataset/matrix.js";

/** Stretches of events that are read again at least, where there are so many; one a symbol where there are more symbols. */
const LEAST_STRETCHES = 4;

/** Stretches up to which one is read of each day, or of each other thing that stretches are told apart by. */
const MOST_STRETCHES = 20;

/** Rows that one reading of events can make again. */
export interface SampledStretch<Events> {
  /** Row numbers of one symbol, ascending. */
  readonly rows: readonly number[];
  readonly events: Events;
}

/** What was drawn, and of how much. */
export interface Sample<Events> {
  readonly stretches: readonly SampledStretch<Events>[];
  /** Stretches that were drawn and whose events are not there. */
  readonly lacking: number;
  /** Rows that were drawn from, and stretches that they lie in. */
  readonly of: { readonly rows: number; readonly stretches: number };
}

/** How to draw. */
export interface SampleSettings<Events> {
  readonly seed: number;
  /** About how many rows, over all stretches. */
  readonly rows: number;
  /** What one reading of events goes over: rows of a symbol with the same key. */
  readonly stretchOf: (row: number) => number | string;
  /** What the store has of a row's stretch; undefined where it lacks what the row was made of. */
  readonly eventsOf: (row: number) => Promise<Events | undefined>;
}

/**
 * Draws rows of all symbols, one stretch of each day up to a bound. A stretch whose events are not there is left out and
 * counted; another is drawn for it. Where a stretch has rows that are left out, one of its own is such a row: they are few, and
 * why they are must be asked too.
 *
 * @param from - rows to draw from, ascending
 */
export async function sampledRows<Events>(
  dataset: Pick<Dataset, "symbolIndex" | "isUsable">,
  from: Uint32Array,
  { seed, rows, stretchOf, eventsOf }: SampleSettings<Events>,
): Promise<Sample<Events>> {
  const random = seededRandom(seed, "rows rebuilt from events");
  const all = bySymbol(dataset, from, stretchOf);
  const waiting = all.map((stretches) => drawn(stretches, stretches.length, random));
  const keyOf = ([row]: readonly number[]): number | string => stretchOf(row!);
  const keys = new Set(all.flat().map(keyOf)).size;
  const most = Math.max(LEAST_STRETCHES, waiting.length, Math.min(MOST_STRETCHES, keys));
  const chosen: SampledStretch<Events>[] = [];
  const seen = new Set<number | string>();
  let lacking = 0;
  while (chosen.length < most && waiting.some((stretches) => stretches.length > 0)) {
    for (const stretches of waiting) {
      const own =
        chosen.length < most ? next(stretches, (one) => !seen.has(keyOf(one))) : undefined;
      if (own === undefined) continue;
      const events = await eventsOf(own[0]!);
      if (events === undefined) lacking++;
      else {
        chosen.push({ rows: own, events });
        seen.add(keyOf(own));
      }
    }
  }
  const each = Math.ceil(rows / chosen.length);
  const stretches = chosen.map(({ rows: own, events }) => {
    const leftOut = own.filter((row) => dataset.isUsable[row] === 0);
    const [asked] = each > 1 ? drawn(leftOut, 1, random) : [];
    const others = own.filter((row) => row !== asked);
    const any = drawn(others, asked === undefined ? each : each - 1, random);
    const mixed = asked === undefined ? any : [...any, asked];
    return { rows: mixed.sort((a, b) => a - b), events };
  });
  return { stretches, lacking, of: { rows: from.length, stretches: all.flat().length } };
}

/** Takes out the first of some things that is preferred, or the first one where none is. */
function next<Thing>(things: Thing[], isPreferred: (thing: Thing) => boolean): Thing | undefined {
  return things.splice(Math.max(0, things.findIndex(isPreferred)), 1)[0];
}

/** Rows of each symbol that has any, by stretch. */
function bySymbol(
  { symbolIndex }: Pick<Dataset, "symbolIndex">,
  from: Uint32Array,
  stretchOf: (row: number) => number | string,
): readonly (readonly (readonly number[])[])[] {
  const symbols = new Map<number, Map<number | string, number[]>>();
  for (const row of from) {
    const symbol = symbolIndex[row]!;
    const stretches = symbols.get(symbol) ?? new Map<number | string, number[]>();
    symbols.set(symbol, stretches);
    const key = stretchOf(row);
    const rows = stretches.get(key);
    if (rows === undefined) stretches.set(key, [row]);
    else rows.push(row);
  }
  return [...symbols.values()].map((stretches) => [...stretches.values()]);
}

/** So many of some things, each at most once, in random order. */
function drawn<Thing>(things: readonly Thing[], count: number, random: Random): Thing[] {
  const left = [...things];
  const taken: Thing[] = [];
  while (taken.length < count && left.length > 0) {
    const at = random.below(left.length);
    taken.push(left[at]!);
    left[at] = left.at(-1)!;
    left.pop();
  }
  return taken;
}
