import { appendFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import { partitionFolder } from "../store/partition.js";
import type { Store } from "../store/store.js";
import { openSource } from "./open-source.js";
import { planIngest } from "./plan.js";
import {
  cleanUp,
  csv,
  freshStore,
  ingestFrom,
  KEY,
  makeNewer,
  mirror,
  takeAway,
  trade,
} from "./test-mirror.js";
import { vendorPath } from "./vendor-path.js";

afterEach(cleanUp);

const FOLDER = partitionFolder(KEY);
const NAME = "BTCUSDT 2024-08-08";
const FILE = csv([trade(0)]);
const NEXT_DAY = { "BTCUSDT 2024-08-09": csv([]) };

/** What may have happened to a partition before a run. */
const STORED: Readonly<Record<string, (store: Store) => Promise<unknown>>> = {
  "that is not stored": ({ root }) => rm(path.join(root, "lake"), { recursive: true }),
  "that is stored": async () => undefined,
  "whose table has a changed byte": async (store) => {
    const table = store.path(`${FOLDER}/part-0.parquet`);
    const bytes = await readFile(table);
    bytes[9]! ^= 1;
    await writeFile(table, bytes);
  },
  "whose manifest was altered": (store) => appendFile(store.path(`${FOLDER}/manifest.json`), " "),
  "that a newer version wrote": (store) => makeNewer(store, FOLDER),
  "that a killed run had taken away": (store) => takeAway(store, FOLDER),
};

/** What a mirror may have in the place of its file. */
const SOURCES: Readonly<Record<string, () => Promise<string>>> = {
  "the same file": () => mirror({ [NAME]: FILE, ...NEXT_DAY }),
  "another file": () => mirror({ [NAME]: csv([trade(0), trade(1)]), ...NEXT_DAY }),
  "no file": () => mirror(NEXT_DAY),
  "a folder in its place": async () => {
    const root = await mirror(NEXT_DAY);
    await mkdir(path.join(root, vendorPath(KEY)), { recursive: true });
    return root;
  },
};

const PLANNED = { written: "new", kept: "stored", absent: "absent", failed: "refused" } as const;

const cases = Object.keys(STORED).flatMap((stored) =>
  Object.keys(SOURCES).flatMap((source) =>
    [false, true].map((verify) => ({ stored, source, verify })),
  ),
);

test.each(cases)(
  "of a day $stored, with $source and verify $verify, a plan says what the run does",
  async ({ stored, source, verify }) => {
    const store = await freshStore();
    await ingestFrom(await mirror({ [NAME]: FILE }), store);
    await STORED[stored]!(store);
    const root = await SOURCES[source]!();
    const days = [KEY.date, "2024-08-09"];
    const request = { exchange: KEY.exchange, symbols: [KEY.symbol], days };
    const [plan] = await planIngest(store, await openSource(root), request, { verify });
    const [run] = await ingestFrom(root, store, { days, verify });
    expect(plan!.status).toBe(PLANNED[run!.status]);
    expect(plan!.reason).toBe(run!.reason);
    expect(plan!.replacedRows).toBe(run!.replacedRows);
  },
);
