import path from "node:path";
import type { PartitionKey } from "../../store/tables.js";
import type { Contestant } from "../alternate.js";
import { measuredChild } from "../measured-child.js";
import type { BestLevels } from "./best-levels.js";

/** What a contestant prints: seconds of following the day, and what its book was. */
export interface BookOutcome {
  /** The first time that the process does it, and the fastest, when all code is compiled. */
  readonly first: number;
  readonly fastest: number;
  /** States of the book. */
  readonly messages: number;
  /** The best levels at each of the moments. */
  readonly levels: readonly BestLevels[];
}

/** Times that a process follows the day: so often that it works for some seconds. */
const TIMES = { ours: "20", deep: "5", hftbacktest: "5" };

/** Our own names. */
export const OURS = "OrderBook";
export const OURS_DEEP = "OrderBook, 25 levels read after each message";
/** The rivals'. */
export const TARDIS = "tardis-dev's OrderBook";
export const ROI = "hftbacktest's ROIVectorMarketDepth";
export const HASH = "hftbacktest's HashMapMarketDepth";
export const ROI_LOCAL = "hftbacktest's ROIVectorMarketDepth, its local side alone";

/** What is asked of hftbacktest: which depth, fed for which side. */
const HFTBACKTEST: Readonly<Record<string, readonly [depth: string, rows: string]>> = {
  [ROI]: ["roi", "both"],
  [HASH]: ["hashmap", "both"],
  [ROI_LOCAL]: ["roi", "local"],
};

/** Where contestants work, and on which day. */
export interface BookArena {
  readonly root: string;
  readonly folder: string;
  /** Root of the store that holds the day. */
  readonly store: string;
  readonly key: PartitionKey;
  /** File of the moments at which levels are compared. */
  readonly moments: string;
  /** How hftbacktest is run and the file of its events; undefined leaves it out. */
  readonly hftbacktest?: {
    readonly python: string;
    readonly packages: string;
    readonly events: string;
  };
}

/** All who are measured; each is a process of its own. */
export function bookContestants(arena: BookArena): readonly Contestant<BookOutcome>[] {
  const { root, folder, store, moments, hftbacktest } = arena;
  const { exchange, symbol, date } = arena.key;
  const day = [store, exchange, symbol, date, moments];
  const child = (name: string): string => path.join(root, "dist", "bench", "book", name);
  const contestant = (
    name: string,
    command: readonly string[],
    environment: Readonly<Record<string, string>> = {},
  ): Contestant<BookOutcome> => ({
    name,
    run: async () => {
      const outputFile = path.join(folder, "output.json");
      const { output } = await measuredChild(root, { command, outputFile, environment });
      return JSON.parse(output) as BookOutcome;
    },
  });
  const node = process.execPath;
  const ours = child("book-child.js");
  const vendor = child("vendor-child.js");
  return [
    contestant(OURS, [node, ours, ...day, TIMES.ours, "1"]),
    contestant(OURS_DEEP, [node, ours, ...day, TIMES.deep, "25"]),
    contestant(TARDIS, [node, "--expose-gc", vendor, ...day]),
    ...Object.entries(hftbacktest === undefined ? {} : HFTBACKTEST).map(([name, which]) => {
      const { python, packages, events } = hftbacktest!;
      const script = path.join(root, "tools", "bench", "hftbacktest_book.py");
      const command = [python, script, events, moments, TIMES.hftbacktest, ...which];
      return contestant(name, command, { PYTHONPATH: packages });
    }),
  ];
}
