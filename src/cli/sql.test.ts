import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { dayStartUs } from "../core/time.js";
import { openStore } from "../store/store.js";
import { writePartition } from "../store/write.js";
import { main } from "./main.js";
import { captureOutput } from "./test-output.js";

const PROGRAM = path.resolve(__dirname, "..", "..", "tools", "tickbook.js");
/** Rows for hours. */
const ENDLESS = "SELECT range AS i FROM range(1000000000000)";

let folder: string;
const output = captureOutput();

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "tickbook-sql-"));
  mkdirSync(path.join(folder, "data"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const sql = (query: string, ...flags: readonly string[]): Promise<number> =>
  main(["sql", query, "--data", path.join(folder, "data"), ...flags]);

/** The command as a process of its own. */
function start(query: string, ...flags: readonly string[]): ChildProcess {
  const args = ["sql", query, "--data", path.join(folder, "data"), "--json"];
  return spawn(process.execPath, [...flags, PROGRAM, ...args]);
}

/** What a process printed, each piece handled before the next is read, and how it ended. */
async function printedBy(
  child: ChildProcess,
  onPiece: (piece: string) => Promise<void> | void = () => undefined,
): Promise<{ readonly code: number | null; readonly complained: string }> {
  let complained = "";
  child.stderr!.on("data", (text) => {
    complained += String(text);
  });
  const closed = once(child, "close");
  for await (const piece of child.stdout!) await onPiece(String(piece));
  const [code] = (await closed) as [number | null];
  return { code, complained };
}

test("--json holds every value of every type as JSON has it", async () => {
  const query = `SELECT 'nan'::DOUBLE AS a, ['inf'::FLOAT, '-inf'::FLOAT, 1.5::FLOAT] AS b, {x: 'nan'::DOUBLE, y: NULL} AS c,
    9007199254740993::BIGINT AS d, 9007199254740991::UBIGINT AS e, 170141183460469231731687303715884105727::HUGEINT AS f,
    DATE '2024-08-08' AS g, TIMESTAMP '2024-08-08 01:02:03.000004' AS h, TIMESTAMPTZ '2024-08-08 01:02:03+02' AS i,
    '\\x00\\xFFa'::BLOB AS j, 0.1::DECIMAL(3, 1) AS k, 1234567890.12345678::DECIMAL(20, 8) AS l, MAP {'m': 'inf'::DOUBLE} AS m,
    union_value(n := 2.5::DOUBLE) AS n, INTERVAL '1 month 2 days 3 seconds' AS o, '"\\ é\u2028' AS p, NULL AS q, true AS r,
    ['nan'::DOUBLE]::VARIANT AS s, 5::BIGINT::VARIANT AS t`;
  expect(await sql(query, "--json")).toBe(0);
  const { columns, types, rows } = JSON.parse(output.printed);
  expect(columns.join("")).toBe("abcdefghijklmnopqrst");
  expect(types.slice(0, 4)).toEqual([
    "DOUBLE",
    "FLOAT[]",
    'STRUCT("x" DOUBLE, "y" INTEGER)',
    "BIGINT",
  ]);
  expect(rows).toEqual([
    [
      "NaN",
      ["Infinity", "-Infinity", 1.5],
      { x: "NaN", y: null },
      "9007199254740993",
      9007199254740991,
      "170141183460469231731687303715884105727",
      "2024-08-08",
      "2024-08-08 01:02:03.000004",
      "2024-08-07 23:02:03+00",
      "\\x00\\xFFa",
      0.1,
      "1234567890.12345678",
      [{ key: "m", value: "Infinity" }],
      { tag: "n", value: 2.5 },
      { months: 1, days: 2, micros: 3000000 },
      '"\\ é\u2028',
      null,
      true,
      ["NaN"],
      5,
    ],
  ]);
});

test("--json has no limit of rows, and no row is lost between two pieces", async () => {
  expect(await sql("SELECT range AS i FROM range(1200000)", "--json")).toBe(0);
  const { rows } = JSON.parse(output.printed);
  expect(rows).toHaveLength(1_200_000);
  expect(rows.every(([i]: readonly number[], at: number) => i === at)).toBe(true);
});

test("--json of no rows is whole, names the columns and ends with its line", async () => {
  expect(await sql("SELECT 1 AS a, 'x' AS b WHERE false", "--json")).toBe(0);
  expect(output.printed).toBe('{"columns":["a","b"],"types":["INTEGER","VARCHAR"],"rows":[]}\n');
});

test.each([
  ["not there", "elsewhere", /--data: was ".*elsewhere", which is not there; give the folder/],
  ["no folder", "file", /--data: was ".*file", which is no folder; give the folder/],
])("a store that is %s is wrong usage, not an empty answer", async (_, name, said) => {
  writeFileSync(path.join(folder, "file"), "");
  const data = ["--data", path.join(folder, name), "--json"];
  for (const command of [
    ["sql", "SELECT count(*) FROM trades"],
    ["store", "list"],
    ["store", "prune"],
  ]) {
    output.complained = "";
    expect(await main([...command, ...data])).toBe(2);
    expect(output.complained).toMatch(said);
    expect(output.printed).toBe("");
  }
  expect(existsSync(path.join(folder, "elsewhere"))).toBe(false);
  rmSync(path.join(folder, "file"));
});

test("a query that fails before its first row prints nothing, one that fails later no whole document", async () => {
  expect(await sql("SELECT missing FROM trades", "--json")).toBe(2);
  expect(output.printed).toBe("");
  expect(output.complained).toMatch(/^tickbook: query: could not be run/);
  output.complained = "";
  const late = "CASE WHEN range < 2000000 THEN range ELSE error('late') END";
  expect(await sql(`SELECT ${late} FROM range(4000000)`, "--json")).toBe(2);
  expect(output.printed.length).toBeGreaterThan(1e6);
  expect(() => JSON.parse(output.printed)).toThrow(SyntaxError);
  expect(output.complained).toMatch(/^tickbook: query: ended in an error after [\d,]+ rows; .*\n$/);
});

test("people are shown 100 rows of a query, which is then ended, and told if there are more", async () => {
  expect(await sql(ENDLESS)).toBe(0);
  const lines = output.printed.trimEnd().split("\n");
  expect(lines.slice(0, 3)).toEqual(["i", "0", "1"]);
  expect(lines.slice(100)).toEqual(["99", "… more rows; --json prints all"]);
  output.printed = "";
  expect(await sql("SELECT range AS i, ['nan'::DOUBLE, NULL] AS x FROM range(100)")).toBe(0);
  expect(output.printed.trimEnd().split("\n").at(-1)).toBe('99\t["NaN",null]');
});

test("--help tells what becomes of values that JSON does not have", async () => {
  expect(await main(["sql", "--help"])).toBe(0);
  expect(output.printed).toMatch(/"NaN", "Infinity" and "-Infinity"/);
});

test("--help tells what an empty side of a quote is and how many levels a snapshot has, as it is", async () => {
  output.printed = "";
  expect(await main(["sql", "--help"])).toBe(0);
  expect(output.printed).toMatch(/empty side of a quote is NaN, not NULL/);
  expect(output.printed).toMatch(/levels, 5 or 25/);

  const store = await openStore(path.join(folder, "quotes"));
  const key = { exchange: "binance", symbol: "BTCUSDT", date: "2024-08-08" } as const;
  const timeUs = Float64Array.of(1, 2).map((us) => dayStartUs(key.date) + us);
  const [whole, empty] = [Float64Array.of(1, 2), Float64Array.of(3, Number.NaN)];
  await writePartition(store, { ...key, type: "quotes" }, async ({ append }) => {
    append([timeUs, timeUs, whole, whole, empty, empty], 2);
    const source = { kind: "file", path: "x.csv.gz", bytes: 1, sha256: "0".repeat(64) } as const;
    return { source, rejected: {} };
  });
  await store.close();
  const ask = async (text: string): Promise<unknown> => {
    output.printed = "";
    expect(await main(["sql", text, "--data", path.join(folder, "quotes"), "--json"])).toBe(0);
    return JSON.parse(output.printed).rows;
  };
  const values = "SELECT avg(bid_price), count(bid_price), count(*) FILTER (bid_price > 1e300)";
  expect(await ask(`${values} FROM quotes`)).toEqual([["NaN", 2, 1]]);
  expect(await ask(`${values} FROM quotes WHERE NOT isnan(bid_price)`)).toEqual([[3, 1, 0]]);
  expect(await ask("SELECT levels FROM book_snapshots WHERE levels IN (5, 25)")).toEqual([]);
});

test("a reader that goes away ends the query and the process without a word", async () => {
  const child = start(ENDLESS);
  child.stdout!.once("data", () => child.stdout!.destroy());
  let complained = "";
  child.stderr!.on("data", (text) => {
    complained += String(text);
  });
  expect(await once(child, "close")).toEqual([0, null]);
  expect(complained).toBe("");
});

test("Ctrl-C amidst the rows leaves no whole document, one sentence and exit code 1", async () => {
  const child = start(ENDLESS);
  let printed = "";
  const { code, complained } = await printedBy(child, (piece) => {
    if (printed === "") child.kill("SIGINT");
    printed += piece;
  });
  expect(code).toBe(1);
  expect(complained).toBe("tickbook: query: was stopped before it ended\n");
  expect(() => JSON.parse(printed)).toThrow(SyntaxError);
  expect(readdirSync(path.join(folder, "data"))).toEqual([]);
});

test("memory stays flat over millions of rows and a reader slower than the query", async () => {
  const preload = path.join(folder, "memory.cjs");
  const tell = "process.stderr.write(String(process.resourceUsage().maxRSS))";
  writeFileSync(preload, `process.on("exit", () => ${tell});`);
  const query = "SELECT range AS i, 'text ' || range AS t FROM range(2500000)";
  let characters = 0;
  const child = start(query, "--require", preload);
  const { code, complained } = await printedBy(child, async (piece) => {
    characters += piece.length;
    await new Promise((resolve) => setImmediate(resolve));
  });
  rmSync(preload);
  expect(code).toBe(0);
  expect(characters).toBeGreaterThan(2_500_000 * 16);
  // Held as rows, they would take three times as much.
  expect(Number(complained)).toBeGreaterThan(10 * 1024);
  expect(Number(complained)).toBeLessThan(320 * 1024);
});
