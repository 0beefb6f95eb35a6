// For tests only: the table that an audit of what the store holds now would leave, with verdicts as a test wants them.
import { dayStartUs, HOUR_US } from "../core/time.js";
import { writeDerived } from "../store/derived.js";
import { readManifest, type SymbolDay } from "../store/read.js";
import type { Store } from "../store/store.js";

/** Verdict of one type in one hour of the day. */
export interface PlantedHour {
  readonly type: "trades" | "incremental_book_L2" | "quotes";
  /** 0 to 23. */
  readonly hour: number;
  readonly verdict: string;
}

/** Stores verdicts of a day as the audit stores them, with the very files that the store holds as their inputs. */
export async function plantAudit(
  store: Store,
  day: SymbolDay,
  hours: readonly PlantedHour[],
): Promise<void> {
  const inputs: Record<string, Readonly<Record<string, { bytes: number; sha256: string }>>> = {};
  for (const type of ["trades", "incremental_book_L2", "quotes"] as const) {
    const manifest = await readManifest(store, { ...day, type });
    if (manifest !== undefined) inputs[type] = manifest.files;
  }
  const columns = {
    hour_start_us: Float64Array.from(hours, ({ hour }) => dayStartUs(day.date) + hour * HOUR_US),
    type: hours.map(({ type }) => type),
    verdict: hours.map(({ verdict }) => verdict),
    reasons: hours.map(() => "planted"),
  };
  const folder = `audit/exchange=${day.exchange}/symbol=${day.symbol}/date=${day.date}`;
  await writeDerived(store, folder, columns, { key: "planted", inputs });
}

/** Verdicts of trades and book in all hours of a day: good but where a test says otherwise. */
export function dayOfHours(
  verdictAt: (hour: number, type: PlantedHour["type"]) => string = () => "good",
): readonly PlantedHour[] {
  return (["trades", "incremental_book_L2"] as const).flatMap((type) =>
    Array.from({ length: 24 }, (_, hour) => ({ type, hour, verdict: verdictAt(hour, type) })),
  );
}
