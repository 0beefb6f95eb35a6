import { DAY_US, dateOf, dayStartUs } from "../../core/time.js";
import { alternate } from "../alternate.js";
import type { Benchmark, BenchOptions } from "../benchmark.js";
import { BOOK_DAY } from "../ingest/book-file.js";
import { machineFacts } from "../machine.js";
import { requireDisk } from "../require-disk.js";
import { pythonRivals, TA_LIB_PACKAGES } from "../rivals.js";
import { type DayRun, dayContestants } from "./day-contestants.js";
import { dayFigures } from "./day-figures.js";
import { laws } from "./laws.js";
import { live } from "./live.js";
import { MADE_SYMBOL, type MadeStore, madeStore } from "./made-store.js";
import { parallel } from "./parallel.js";

const ROWS = 10_000_000;
const ROUNDS = 5;

/** Days of which several are worked on at once; each has half of the one day's rows unless all counts are to be full. */
const DAYS = 10;
const PART = 2;

/** Bytes of disk that a row needs: its tables in the cache and in the run's folder. */
const DISK_BYTES_PER_ROW = 24;

/** Messages of one to three rows, spread over most of a day. */
const SPARSE_ROWS = 3;
const SPARSE_SHARE = 0.8;
const LONGEST_GAP_US = 5e6;

/** Features from Parquet: speed, memory, what a second core gains, live latency, and that the laws hold. */
export const featuresBenchmark: Benchmark = {
  name: "features",
  about: "all 53 features from Parquet: events a second, memory, two cores, live latency, laws",
  run: async (options) => {
    const { root, folder, cache, seed, onProgress } = options;
    const rows = options.rows ?? ROWS;
    const dayRows = options.isFull ? rows : Math.ceil(rows / PART);
    await requireDisk(cache, DISK_BYTES_PER_ROW * (2 * rows + DAYS * dayRows));
    onProgress(0, 1, "making days of book and trades");
    const stores = {
      "68 rows a message": await denseDay(options, rows),
      "1 to 3 rows a message": await sparseDays(options, { days: 1, rows }),
    };
    const several = await sparseDays(options, { days: DAYS, rows: dayRows });
    const installed = await pythonRivals(options, TA_LIB_PACKAGES);
    const machine = await machineFacts(root);
    const rounds = { rounds: options.rounds ?? ROUNDS, seed, onRun: onProgress };
    const runs = await alternate<DayRun>(dayContestants({ root, folder, stores }), rounds);
    const results = [
      ...dayFigures(runs, stores),
      ...(await parallel({ root, folder }, several, rounds)),
      ...(await live({ root, folder }, rounds)),
      ...(await laws({ ...options, rounds: rounds.rounds }, installed)),
    ];
    const versions = "missing" in installed ? {} : installed.versions;
    return { results, facts: { input: describe(stores), ...machine, ...versions } };
  },
};

/** A day's book as a busy exchange tells it, about an order after each message. */
function denseDay({ cache, folder, seed }: BenchOptions, rows: number): Promise<MadeStore> {
  const days = [{ ...MADE_SYMBOL, date: BOOK_DAY.date, seed }];
  return madeStore({ cache, folder, name: "dense-day" }, days, { rows, orders: 1 });
}

/** Days of the same book told a few rows at a time, so that there are many more states to look at. */
function sparseDays(
  { cache, folder, seed }: BenchOptions,
  { days, rows }: { readonly days: number; readonly rows: number },
): Promise<MadeStore> {
  const messages = rows / ((1 + SPARSE_ROWS) / 2);
  const messageUs = Math.min((SPARSE_SHARE * DAY_US) / messages, LONGEST_GAP_US);
  const made = Array.from({ length: days }, (_, i) => ({
    ...MADE_SYMBOL,
    date: dateOf(dayStartUs(BOOK_DAY.date) + i * DAY_US),
    seed: seed + i,
  }));
  const options = { rows, orders: 0.03, pace: { mostRows: SPARSE_ROWS, messageUs } };
  return madeStore({ cache, folder, name: `${days}-sparse` }, made, options);
}

function describe(stores: Readonly<Record<string, MadeStore>>): string {
  const parts = Object.entries(stores).map(
    ([name, { bookChanges, trades }]) =>
      `${bookChanges.toLocaleString("en")} book rows, ${name}, and ${trades.toLocaleString("en")} trades`,
  );
  return `${parts.join("; ")} (made, seeded)`;
}
