import type { LiveModel } from "../../runtime/signal/live-model.js";
import { openStore } from "../../store/store.js";
import type { Benchmark, BenchOptions } from "../benchmark.js";
import { machineFacts } from "../machine.js";
import { nautilusRival } from "../nautilus-rival.js";
import { requireDisk } from "../require-disk.js";
import { engineRival } from "./engine-rival.js";
import { latency } from "./latency.js";
import { type Kind, liveModels } from "./live-models.js";
import { type LiveStore, LONG_BAR_US, liveStore } from "./live-store.js";
import { marketDay } from "./market-day.js";
import { parity } from "./parity.js";
import { rawMinutes } from "./raw-minutes.js";
import { type StoredStream, storedStreams } from "./stored-inputs.js";

/** Bars of the day that is gone through. */
const DAY_BARS = 1440;
/** With fewer, fewer symbols are simulated, too. */
const SYMBOLS = 3;
const FEW_SYMBOLS = 2;

/** A round of latencies takes minutes: its market has a pace of its own. */
const ROUNDS = 2;
const FULL_ROUNDS = 5;

/** Days over which memory is looked at where all counts are full. */
const FULL_DAYS = 5;

/** Long bars of a round that count: of three symbols more than 500 decisions. */
const LATENCY_BARS = 168;

const DISK_BYTES = 2e9;

interface Prepared {
  readonly live: LiveStore;
  readonly streams: readonly StoredStream[];
  readonly models: Readonly<Record<Kind, LiveModel>>;
}

/** The runtime: as the batch decides, soon enough, a day in minutes, and no more memory each day. */
export const runtimeBenchmark: Benchmark = {
  name: "runtime",
  about: "live runs: live = batch bit for bit, event to decision, a day in minutes, memory",
  leastRows: 60,
  run: async (options) => {
    const { root, folder, cache, seed, isFull, onProgress } = options;
    const bars = options.rows ?? DAY_BARS;
    const rounds = options.rounds ?? (isFull ? FULL_ROUNDS : ROUNDS);
    await requireDisk(cache, DISK_BYTES);
    onProgress(0, 1, "simulating days and computing their features");
    const short = await prepared(options, bars);
    const long = await withLongBars(short.live, seed);
    const installed = await nautilusRival(options);
    const machine = await machineFacts(root);
    const { live, models } = short;
    const arena = { root, folder, live, bars };
    const equal = await parity({ ...short, bars }, onProgress);
    const recorded = await rawMinutes({ root, folder });
    const longBars = Math.min(LATENCY_BARS, Math.floor((bars * live.barUs) / LONG_BAR_US));
    const timed = { rounds, seed, onRun: onProgress };
    const times = await latency({ root, folder, ...long, bars: longBars }, timed);
    const model = models.logistic;
    const day = await marketDay({ ...arena, model }, timed);
    const rival = await engineRival({ ...arena, rounds }, installed, day);
    const weighed = isFull
      ? await marketDay({ ...arena, model, bars: bars * FULL_DAYS }, { ...timed, rounds: 0 })
      : undefined;
    const results = [
      ...equal,
      ...recorded,
      ...times,
      ...day.results,
      rival,
      ...(weighed?.results ?? []),
    ];
    const versions = "missing" in installed ? {} : installed.versions;
    return { results, facts: { input: describe(short, bars), ...machine, ...versions } };
  },
};

async function prepared(options: BenchOptions, bars: number): Promise<Prepared> {
  const symbols = bars < DAY_BARS ? FEW_SYMBOLS : SYMBOLS;
  const days = options.isFull ? FULL_DAYS : 1;
  const live = await liveStore(options, { symbols, days });
  return await decided(live, options.seed);
}

async function withLongBars(live: LiveStore, seed: number): Promise<Prepared> {
  return await decided({ ...live, barUs: LONG_BAR_US }, seed);
}

async function decided(live: LiveStore, seed: number): Promise<Prepared> {
  const store = await openStore(live.root);
  const streams = await storedStreams(store, live);
  await store.close();
  return { live, streams, models: await liveModels(live, streams, seed) };
}

function describe({ live, models }: Prepared, bars: number): string {
  const { symbols, days } = live;
  const inputs = models.logistic.predictor.featureNames.length;
  return (
    `${bars.toLocaleString("en")} bars from ${days[0]} on of ${symbols.join(", ")}, simulated in full, after a day that models of ${inputs} inputs are fitted on; ` +
    "weights of networks' layers are drawn"
  );
}
