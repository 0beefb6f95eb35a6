import { writeFile } from "node:fs/promises";
import path from "node:path";
import { ingest } from "../../ingest/ingest.js";
import { openSource } from "../../ingest/open-source.js";
import { openStore } from "../../store/store.js";
import { alternate } from "../alternate.js";
import type { Benchmark, BenchOptions } from "../benchmark.js";
import { type BookFile, bookFile } from "../ingest/book-file.js";
import { machineFacts } from "../machine.js";
import { measuredChild, pythonOf } from "../measured-child.js";
import { requireDisk } from "../require-disk.js";
import { HFTBACKTEST_PACKAGES, pythonRivals } from "../rivals.js";
import { moments } from "./best-levels.js";
import { type BookArena, bookContestants } from "./book-contestants.js";
import { bookResults, rowsASecond } from "./book-results.js";
import { messageCount, wholeDay } from "./whole-day.js";

const ROWS = 10_000_000;
const ROUNDS = 5;

/** Moments besides the day's end at which all contestants' levels are compared. */
const MOMENTS = 1000;

/** Bytes of disk that a row needs: its gzip, its table and hftbacktest's event of it. */
const DISK_BYTES_PER_ROW = 80;

/** A day's order book from columns in memory beside hftbacktest's and tardis-dev's, and that all three are the same book. */
export const bookBenchmark: Benchmark = {
  name: "book",
  about: "order book from columns beside hftbacktest's depths and tardis-dev's OrderBook",
  run: async (options) => {
    const { root, folder, cache, seed, onProgress } = options;
    await requireDisk(cache, DISK_BYTES_PER_ROW * (options.rows ?? ROWS));
    onProgress(0, 1, "making the input");
    const file = await bookFile({ cache, rows: options.rows ?? ROWS, seed });
    const store = path.join(folder, "store");
    await bringIn(store, file);
    const messages = messageCount(await wholeDay(store, file.key));
    const at = moments(messages, MOMENTS, seed);
    const momentsFile = path.join(folder, "moments.json");
    await writeFile(momentsFile, JSON.stringify(at));
    const rival = await hftbacktest(options, file);
    const arena: BookArena = {
      ...{ root, folder, store, key: file.key, moments: momentsFile },
      ...("missing" in rival ? {} : { hftbacktest: rival }),
    };
    const machine = await machineFacts(root);
    const runs = await alternate(bookContestants(arena), {
      rounds: options.rounds ?? ROUNDS,
      seed,
      onRun: onProgress,
    });
    const missing = "missing" in rival ? rival.missing : undefined;
    const versions = "missing" in rival ? {} : rival.versions;
    const what = `${file.rows.toLocaleString("en")} rows in ${messages.toLocaleString("en")} messages`;
    return {
      results: bookResults(runs, { rows: file.rows, messages, at, missing }),
      facts: {
        input: `${what} (made, seeded)`,
        "rows a second": rowsASecond(runs, file.rows),
        ...machine,
        ...versions,
      },
    };
  },
};

async function bringIn(root: string, file: BookFile): Promise<void> {
  const { exchange, symbol, type, date } = file.key;
  const store = await openStore(root);
  const request = { exchange, symbols: [symbol], types: [type], days: [date] };
  await ingest(store, await openSource(file.mirror), request);
  await store.close();
}

/** Installs hftbacktest and lets its own converter make events of the day; or why that is not possible. */
async function hftbacktest(options: BenchOptions, file: BookFile): Promise<Hftbacktest> {
  const { root, folder, onProgress } = options;
  const installed = await pythonRivals(options, HFTBACKTEST_PACKAGES);
  if ("missing" in installed) return installed;
  onProgress(0, 1, "making hftbacktest's events");
  const python = pythonOf(root);
  const events = path.join(folder, "events.npy");
  const script = path.join(root, "tools", "bench", "hftbacktest_convert.py");
  const input = [file.mirror, path.relative(file.mirror, file.file), String(file.rows)];
  await measuredChild(root, {
    command: [python, script, ...input, events],
    outputFile: "/dev/null",
    environment: { PYTHONPATH: installed.folder },
  });
  return { python, packages: installed.folder, events, versions: installed.versions };
}

type Hftbacktest =
  | { readonly missing: string }
  | (NonNullable<BookArena["hftbacktest"]> & {
      readonly versions: Readonly<Record<string, string>>;
    });
