// The same day by another event-driven engine, with a strategy that looks at the best prices each minute and trades.
import path from "node:path";
import type { BenchResult } from "../benchmark.js";
import { compare, type Rival } from "../compare.js";
import type { InstalledRival } from "../installed-rival.js";
import { measuredChild, pythonOf } from "../measured-child.js";
import type { LiveStore } from "./live-store.js";
import type { DayFindings } from "./market-day.js";

const OURS = "tickbook live, on paper";
const NAUTILUS = "NautilusTrader's backtest engine";

const NOTE =
  "for information, since it is not the same work: ours reads Parquet, computes 53 features a bar and symbol, asks a model and flushes a journal to the disk; " +
  "NautilusTrader's is told objects that were made before, keeps the books, looks at the best prices each minute, trades, and matches orders against each event";

/** What the rival's process prints. */
interface NautilusWork {
  readonly events: number;
  readonly seconds: number;
  readonly filled: number;
  readonly looks: number;
}

/** Where the rival works, and on how much. */
export interface RivalArena {
  readonly root: string;
  readonly folder: string;
  readonly live: LiveStore;
  readonly bars: number;
  readonly rounds: number;
}

/** Seconds for the same events, beside ours. */
export async function engineRival(
  arena: RivalArena,
  installed: InstalledRival,
  ours: DayFindings,
): Promise<BenchResult> {
  const options = { what: "one day of the same trades and books", unit: "s", bar: null };
  const own = { name: OURS, runs: ours.seconds };
  if ("missing" in installed) return compare(own, { name: NAUTILUS, ...installed }, options);
  const work = await replayed(arena, installed.folder);
  const rival: Rival = { name: NAUTILUS, runs: [work.seconds] };
  const rate = (seconds: number): string => Math.round(work.events / seconds).toLocaleString("en");
  const least = Math.min(...ours.seconds);
  const note = `${work.events.toLocaleString("en")} messages, ${rate(least)} a second beside ${rate(work.seconds)}, ${work.filled} orders filled there; ${NOTE}`;
  return compare(own, rival, { ...options, note });
}

async function replayed(
  { root, folder, live, bars, rounds }: RivalArena,
  packages: string,
): Promise<NautilusWork> {
  const { mirror, exchange, symbols, days } = live;
  const script = path.join(root, "tools", "bench", "nautilus_replay.py");
  const minutes = (bars * live.barUs) / 60e6;
  const asked = [mirror, exchange, symbols.join(","), days[0]!, String(minutes), String(rounds)];
  const { output } = await measuredChild(root, {
    command: [pythonOf(root), script, ...asked],
    outputFile: path.join(folder, "nautilus.json"),
    environment: { PYTHONPATH: packages },
  });
  return JSON.parse(output) as NautilusWork;
}
