import { readDerived, readDerivedManifest } from "../store/derived.js";
import type { SymbolDay } from "../store/read.js";
import type { Store } from "../store/store.js";
import { FEATURES } from "./catalogue.js";
import { warmUpOf } from "./feature.js";
import { neighbour } from "./feature-days.js";
import { featuresFolder } from "./feature-partition.js";
import { beginsStream } from "./row-parts.js";
import { StreamClock } from "./stream-clock.js";

/**
 * The clock of the stream that a stored day goes on, as it stands before the day: back to where the stream began, or as far
 * as any warm-up reaches.
 *
 * @param day - left out, or one that begins a stream, gives a clock that has not begun
 * @param barUs - length of a bar, µs
 * @param options.since - date of the first day that is of the stream, where the store's days before it are not
 * @throws {DataError} a partition is damaged
 */
export async function clockBefore(
  store: Store,
  day: SymbolDay | undefined,
  barUs: number,
  { since }: { readonly since?: string } = {},
): Promise<StreamClock> {
  const clock = new StreamClock(barUs);
  if (day === undefined) return clock;
  for (const one of await daysBefore(store, day, barUs, since)) {
    const names = ["bar_end_us", "close", "valid"];
    const { manifest, columns } = await readDerived(store, featuresFolder(one, barUs), names);
    const barEndUs = columns["bar_end_us"] as Float64Array;
    const close = columns["close"] as Float64Array;
    const valid = columns["valid"] as BigUint64Array;
    if (beginsStream(manifest)) clock.beginStream();
    for (let row = 0; row < barEndUs.length; row++) {
      clock.next(barEndUs[row]!, close[row]!, valid[row]!);
    }
  }
  return clock;
}

async function daysBefore(
  store: Store,
  first: SymbolDay,
  barUs: number,
  since: string | undefined,
): Promise<SymbolDay[]> {
  const days: SymbolDay[] = [];
  let day = first;
  let manifest = await readDerivedManifest(store, featuresFolder(day, barUs));
  const longest = Math.max(...FEATURES.map((feature) => warmUpOf(feature, barUs)));
  for (let bars = 0; bars <= longest; bars += manifest.rows) {
    if (manifest === undefined || beginsStream(manifest) || day.date === since) break;
    day = neighbour(day, -1);
    manifest = await readDerivedManifest(store, featuresFolder(day, barUs));
    if (manifest === undefined) break;
    days.unshift(day);
  }
  return days;
}
