import path from "node:path";
import { SIMULATED_EXCHANGE } from "../core/symbols.js";
import { MINUTE_US } from "../core/time.js";
import type { UpProbabilities } from "./ceilings.js";
import { mirrorPath, type WrittenFile } from "./day-files.js";
import { gzipFile } from "./gzip-file.js";
import type { HiddenDay } from "./hidden-days.js";
import { DAY_MINUTES, HORIZON_MINUTES, SYMBOL_SETTINGS } from "./settings.js";

const HEADER: string = [
  "exchange,symbol,timestamp,local_timestamp,pressure,volatility_bps,filtered_pressure",
  ...HORIZON_MINUTES.map((minutes) => `oracle_up_${minutes}m,attainable_up_${minutes}m`),
].join(",");

/**
 * Writes what is hidden of one symbol's day: a row per minute bar, stamped with the bar's end. The last row's time is
 * the next day's 00:00; it is filed with the day of its bar.
 *
 * @param root - root of the mirror
 */
export async function writeTruthFile(
  root: string,
  day: HiddenDay,
  symbol: number,
  { oracle, attainable }: UpProbabilities,
): Promise<WrittenFile> {
  const settings = SYMBOL_SETTINGS[symbol]!;
  const minutes = day.symbols[symbol]!;
  const name = mirrorPath("simulation_truth", settings.symbol, day.date);
  const file = gzipFile(path.join(root, name));
  file.writer.text(`${HEADER}\n`);
  let halfTicks = minutes.startHalfTicks;
  for (let bar = 0; bar < DAY_MINUTES; bar++) {
    const timeUs = day.startUs + (bar + 1) * MINUTE_US;
    const volatilityBps = (1e4 * Math.sqrt(minutes.variation[bar]!)) / halfTicks;
    halfTicks += minutes.move[bar]!;
    const cells = [
      SIMULATED_EXCHANGE,
      settings.symbol,
      timeUs,
      timeUs,
      minutes.pressure[bar]!.toFixed(6),
      volatilityBps.toFixed(4),
      minutes.filtered[bar]!.toFixed(6),
      ...HORIZON_MINUTES.flatMap((_, h) => [
        oracle[h]![bar]!.toFixed(6),
        attainable[h]![bar]!.toFixed(6),
      ]),
    ];
    file.writer.text(`${cells.join(",")}\n`);
  }
  return { path: name, rows: DAY_MINUTES, bytes: await file.close() };
}
