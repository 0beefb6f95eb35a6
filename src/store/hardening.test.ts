// Nothing that a query or a name says leaves the store, writes into it, or changes what queries mean.
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { OptionError, WorkbenchError } from "../core/errors.js";
import { type Random, seededRandom } from "../core/random.js";
import { readDerived, writeDerived } from "./derived.js";
import { listPartitions } from "./list.js";
import { partitionFolder, partitionKey, tablePlace } from "./partition.js";
import { pruneStore } from "./prune.js";
import { query } from "./query.js";
import { readManifest, readTrades } from "./read.js";
import { openStore, type Store } from "./store.js";
import { tableFolders } from "./table-folders.js";
import { FORBIDDEN } from "./test-statements.js";
import { TRADES_KEY, writeTestTrades } from "./test-trades.js";

const SECRET = "this lies outside of the store";
/** The campaign `payloads` of `tickbook faults ingest --full` tries 500 in each place. */
const PAYLOADS = 130;

/** The two long tests; a busy machine may take minutes. */
const LONG_MS = 300_000;

let base: string;
let outside: string;
let store: Store;
let whole: Readonly<Record<string, string>>;

beforeAll(async () => {
  base = await mkdtemp(path.join(tmpdir(), "tickbook-hardening-"));
  outside = path.join(base, "outside");
  store = await openStore(path.join(base, "store"));
  await writeTestTrades(store, 20);
  await mkdir(outside);
  await writeFile(path.join(outside, "secret.csv"), `${SECRET}\n`);
  await writeFile(path.join(outside, "secret.json"), JSON.stringify({ secret: SECRET }));
  await symlink(outside, path.join(store.root, "link"));
  await symlink(path.join(outside, "secret.csv"), path.join(store.root, "link.csv"));
  whole = await hashes();
});

afterAll(async () => {
  await store.close();
  await rm(base, { recursive: true, force: true });
});

/** SHA-256 of every file inside and outside; what a run in work has of its own is left out. */
async function hashes(): Promise<Readonly<Record<string, string>>> {
  const found: Record<string, string> = {};
  for (const entry of await readdir(base, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    if (entry.isDirectory() || /\/\.(tmp|spill)/.test(file)) continue;
    const bytes = await readFile(file).catch(() => Buffer.alloc(0));
    found[path.relative(base, file)] = createHash("sha256").update(bytes).digest("hex");
  }
  return found;
}

async function expectUnchanged(): Promise<void> {
  expect(await hashes()).toEqual(whole);
  const sums = await query(store, "SELECT count(*), sum(price), min(id) FROM trades");
  expect(sums.rows).toEqual([[20, 67.5, "id'0"]]);
}

const STEPS = [
  "..",
  "../..",
  "%2e%2e",
  "..%2f",
  "．．",
  "‥",
  "...",
  ".",
  "~",
  "//",
  "\\",
  "..\\..",
];
const ENDS = [
  "'",
  "''",
  '"',
  ";--",
  "';--",
  "'; DROP VIEW trades; --",
  "\0",
  "\n",
  "*",
  "?",
  "[a]",
  "{a,b}",
  "$1",
  "𝟎",
  "‮",
  "/*",
  "$$",
  "é",
  "ＢＴＣ",
  " ",
  "NULL",
  "__HIVE_DEFAULT_PARTITION__",
];

/** A text that is no name: steps out of the folder, ends of literals, wildcards and look-alikes in a random mixture. */
function hostile(random: Random): string {
  const pick = <T>(of: readonly T[]): T => of[random.below(of.length)]!;
  const targets = [outside, "/etc/passwd", "secret.csv", "BTCUSDT", "2024-08-08", "trades", ""];
  const parts = Array.from({ length: 1 + random.below(4) }, () =>
    pick([pick(STEPS), `${pick(STEPS)}/`, pick(ENDS), pick(targets)]),
  );
  return random.below(4) === 0 ? `/${parts.join("")}` : parts.join("");
}

test(
  `${PAYLOADS} hostile texts as exchange, symbol, date, type or folder name no path of the store`,
  async () => {
    const random = seededRandom(7, "names");
    const refused = async (what: string, work: () => unknown): Promise<void> => {
      const outcome = await Promise.resolve()
        .then(work)
        .catch((error: unknown) => error);
      const isRight = outcome instanceof WorkbenchError || outcome === undefined;
      expect([what, isRight]).toEqual([what, true]);
    };
    const tryText = async (text: string): Promise<void> => {
      if (/^[\w.-]+$/.test(text) && !/^\.|^(null|__hive.*)$/i.test(text)) return;
      for (const slot of ["exchange", "symbol", "date", "type"] as const) {
        const key = { ...TRADES_KEY, [slot]: text };
        await refused(`${slot} ${text}`, () => readManifest(store, key));
        if (slot !== "type") await refused(`${slot} ${text}`, () => readTrades(store, key).next());
        const folder = `lake/${key.type}/exchange=${key.exchange}/symbol=${key.symbol}/date=${key.date}`;
        expect([text, partitionKey(folder)]).toEqual([text, undefined]);
        if (slot !== "type") expect([text, tablePlace(folder)]).toEqual([text, undefined]);
      }
      const found = await listPartitions(store, { exchange: text, symbols: [text], from: text });
      expect(found).toEqual([]);
      const filter = { exchange: text, types: [text], isAll: true };
      expect(await pruneStore(store, { filter, what: "selected", isFinal: true })).toEqual([]);
      if (/^[\w.=@-]+(\/[\w.=@-]+)*$/.test(text)) return;
      await refused(text, () => writeDerived(store, text, { x: Float64Array.of(1) }, {}));
      await refused(text, () => readDerived(store, text));
    };
    // At once: lists wait for what may come into its place meanwhile.
    const texts = Array.from({ length: PAYLOADS }, () => hostile(random));
    await Promise.all(texts.map(tryText));
    await expectUnchanged();
  },
  LONG_MS,
);

test(
  `${PAYLOADS} hostile texts in SQL compare with nothing, and end no literal`,
  async () => {
    const random = seededRandom(8, "sql");
    for (let i = 0; i < PAYLOADS; i++) {
      const text = hostile(random);
      const literal = `'${text.replaceAll("'", "''")}'`;
      const column = ["symbol", "exchange", "id", "side"][i % 4]!;
      const sqls = [
        `SELECT count(*) FROM trades WHERE ${column} = ${literal}`,
        `SELECT count(*) FROM trades WHERE ${column} = '${text}'`,
        `SELECT content FROM read_text(${literal})`,
        `SELECT * FROM ${literal}`,
        text,
      ];
      for (const sql of [sqls[0]!, sqls[1 + (i % 4)]!]) {
        const outcome = await query(store, sql).catch((error: unknown) => error);
        if (outcome instanceof OptionError) continue;
        const isQuiet = !JSON.stringify(outcome).includes(SECRET);
        expect([sql, outcome instanceof Error, isQuiet]).toEqual([sql, false, true]);
      }
    }
    await expectUnchanged();
  },
  LONG_MS,
);

test("statements that write, load or set, and functions that open files, are refused", async () => {
  const table = store.path(`${partitionFolder(TRADES_KEY)}/part-0.parquet`);
  const unread: string[] = [];
  for (const statement of FORBIDDEN) {
    const sql = statement
      .replaceAll("FILE", path.join(outside, "secret.csv"))
      .replaceAll("OUTSIDE", outside)
      .replaceAll("STORE", store.root)
      .replaceAll("'TABLE'", `'${table}'`);
    for (const form of [sql, ` \n${sql} ;`, sql.replace(/^\w+/, (word) => word.toLowerCase())]) {
      const outcome = await query(store, form).catch((error: unknown) => error);
      if (!(outcome instanceof OptionError)) unread.push(form);
    }
  }
  expect(unread).toEqual([]);
  await expectUnchanged();
});

test("the connection itself reaches nothing outside, loads nothing and keeps its settings", async () => {
  const own = await openStore(store.root);
  const file = path.join(outside, "secret.csv");
  for (const sql of [
    `SELECT * FROM read_text('${file}')`,
    `SELECT * FROM read_text('${store.root}/link/secret.csv')`,
    `SELECT * FROM read_text('${store.root}/link.csv')`,
    `SELECT * FROM read_text('${store.root}/../outside/secret.csv')`,
    `SELECT * FROM glob('${outside}/*')`,
    `COPY (SELECT 1) TO '${outside}/new.csv'`,
    `COPY (SELECT 1) TO '${store.root}/../new.csv'`,
    `COPY (SELECT 1) TO '${store.root}/link/new.csv'`,
    `ATTACH '${outside}/new.duckdb'`,
    "INSTALL httpfs",
    "LOAD httpfs",
    "SET enable_external_access = true",
    "SET allowed_directories = ['/']",
    "SET autoload_known_extensions = true",
    "SET lock_configuration = false",
  ]) {
    const connection = await own.connect();
    await expect(connection.runAndReadAll(sql), sql).rejects.toThrow();
    connection.closeSync();
  }
  const connection = await own.connect();
  const settings = await connection.runAndReadAll(
    "SELECT name, value FROM duckdb_settings() WHERE name LIKE 'auto%_known_extensions' ORDER BY name",
  );
  expect(settings.getRows()).toEqual([
    ["autoinstall_known_extensions", "false"],
    ["autoload_known_extensions", "false"],
  ]);
  connection.closeSync();
  await own.close();
  await expectUnchanged();
});

test("a partition behind a link is neither read, written, listed for pruning, nor seen by a query", async () => {
  const other = await openStore(path.join(base, "other"));
  await writeTestTrades(other, 3);
  const key = { ...TRADES_KEY, symbol: "LINKED" };
  const target = path.dirname(other.path(partitionFolder(TRADES_KEY)));
  const link = path.dirname(store.path(partitionFolder(key)));
  await symlink(target, link);
  const sql = "SELECT count(*) FROM trades WHERE symbol = 'LINKED'";
  for (const work of [
    () => readTrades(store, key).next(),
    () => readManifest(store, key),
    () => writeTestTrades(store, 1, key),
    () => query(store, sql),
  ]) {
    await expect(work()).rejects.toThrow(/is a link or below one/);
  }
  const pruned = await pruneStore(store, {
    filter: { symbols: ["LINKED"] },
    what: "selected",
    isFinal: true,
  });
  expect(pruned).toMatchObject([{ why: "kept", damage: expect.stringMatching(/is a link or/) }]);
  expect(await readdir(target)).toHaveLength(1);
  // Round and round, and to nothing.
  for (const [to, from] of [
    [path.join(store.root, "lake"), path.join(store.root, "lake/trades/loop")],
    [path.join(store.root, "nowhere"), path.join(store.root, "lake/nowhere")],
  ] as const) {
    await symlink(to, from);
    await expect(tableFolders(store, { symbols: ["LINKED"] })).resolves.not.toEqual([]);
    await rm(from);
  }
  await rm(link);
  // A file that is a link is none of the partition's, even where it holds the same bytes.
  const table = store.path(`${partitionFolder(TRADES_KEY)}/part-0.parquet`);
  const bytes = await readFile(table);
  const copy = path.join(base, "copy.parquet");
  await writeFile(copy, bytes);
  await rm(table);
  await symlink(copy, table);
  await expect(readTrades(store, TRADES_KEY).next()).rejects.toThrow(/is a link or no file/);
  await rm(table);
  await writeFile(table, bytes);
  await rm(copy);
  await other.close();
  await rm(other.root, { recursive: true });
  await expectUnchanged();
});

test("the root itself may be a link", async () => {
  const link = path.join(base, "root");
  await symlink(store.root, link);
  const linked = await openStore(link);
  expect((await query(linked, "SELECT count(*) FROM trades")).rows).toEqual([[20]]);
  for await (const { price } of readTrades(linked, TRADES_KEY)) expect(price).toHaveLength(20);
  await linked.close();
  await rm(link);
});
