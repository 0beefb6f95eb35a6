// Each defect of the stock kernel that our launcher mends, tried on a real kernel.
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

const ROOT = path.resolve(__dirname, "..");
const PYTHON = path.join(ROOT, ".venv", "bin", "python");
const LAUNCHER = path.join(__dirname, "tslab-launcher.cjs");

/** What a client saw of one request. */
interface Seen {
  readonly status: "ok" | "error" | "aborted" | "lost";
  readonly error: string;
  readonly text: string;
  readonly displays: readonly Record<string, unknown>[];
}

type Step =
  | { readonly run: string }
  | { readonly together: readonly string[] }
  | { readonly pauseSeconds: number }
  | { readonly write: string; readonly to: string };

/** Runs named groups of steps in one new kernel. */
function drive<Name extends string>(
  groups: Readonly<Record<Name, readonly Step[]>>,
  { root, folder }: { readonly root: string; readonly folder: string },
): Record<Name, readonly Seen[]> {
  const names = Object.keys(groups) as Name[];
  const answer = execFileSync(
    PYTHON,
    [path.join(__dirname, "kernel_driver.py"), LAUNCHER, folder],
    {
      input: JSON.stringify(names.flatMap((name) => groups[name])),
      env: { ...process.env, NODE: process.execPath, TICKBOOK_KERNEL_ROOT: root },
      encoding: "utf8",
      maxBuffer: 1e8,
    },
  );
  const answers = JSON.parse(answer) as (Seen | readonly Seen[] | null)[];
  const seen = {} as Record<Name, readonly Seen[]>;
  for (const name of names) {
    const own = answers.splice(0, groups[name].length);
    // What requests sent together gave stands in a row with the others.
    seen[name] = own.flat().filter((one): one is Seen => one !== null);
  }
  return seen;
}

const show = 'globalThis["tickbookDisplay"]';
const bundle = { "application/vnd.plotly.v1+json": { data: [] }, "text/plain": "a figure" };

/** Cells over names of earlier cells, each with what it prints. */
const overNames: readonly (readonly [string, string])[] = [
  [
    "({ exchange, [exchange]: 1, op: typeof { op }.op.mean })",
    "{ exchange: 'x', x: 1, op: 'function' }",
  ],
  ["const nested = async () => [{ a: { exchange } }]; (await nested())[0]!.a", "{ exchange: 'x' }"],
  [
    "const shadow = (exchange: number) => ({ exchange, days }); shadow(3)",
    "{ exchange: 3, days: 1 }",
  ],
  [
    "class Row { bid = days; both() { return { exchange, bid: this.bid }; } } new Row().both()",
    "{ exchange: 'x', bid: 1 }",
  ],
  ["const { bid: best, ask } = quote; [best, ask]", "[ 1, 2 ]"],
  [`const bidOf = ({ bid: price }: Quote) => \`\${exchange} \${price}\`; bidOf(quote)`, "x 1"],
  [
    "type Name = typeof exchange; const copy: Quote & { name: Name } = { ...quote, name: exchange }; copy.name",
    "x",
  ],
  ["days = 2; [days, daysThen(), { days }.days]", "[ 2, 2, 2 ]"],
  ["days += 1; [days, setDays(7), days, daysThen()]", "[ 3, 7, 7, 7 ]"],
  [
    "({ days, left = 5 } = { days: 8 } as { days: number; left?: number }); [daysThen(), sum()]",
    "[ 8, 7 ]",
  ],
  ["[left, right] = [right, left]; [left, right, sum()]", "[ 2, 5, 7 ]"],
  ["for (days of [4, 9]) {} daysThen()", "9"],
  ["let low = 1, high = low + 1; const span = () => high - low; high = 5; span()", "4"],
  ["high = 9; span()", "8"],
];

/** Everything that needs no edit, in one kernel that a client in `notebooks/` starts. */
const inNotebooks = {
  failures: [
    { run: 'throw new RangeError("too deep")' },
    { run: "1 + 1" },
    { run: 'const wrong: number = "text";' },
    { run: 'await Promise.reject(new Error("awaited"))' },
    { run: 'Promise.reject(new Error("nobody waits")); "printed"' },
    { together: ['throw new Error("first")', "7", "8"] },
    { run: "9" },
  ],
  late: [
    { run: 'setTimeout(() => { throw new Error("late"); }, 500); 0' },
    { pauseSeconds: 1 },
    { run: "2" },
    { run: "3" },
  ],
  bursts: [
    { run: "for (let i = 0; i < 5000; i++) console.log(i)" },
    { run: `for (let i = 0; i < 3000; i++) ${show}({ "text/plain": String(i) })` },
    { run: '"still here"' },
  ],
  places: [
    { run: "process.cwd()" },
    { run: 'import * as workbench from "./src/index.js"; typeof workbench' },
    { run: 'import { op } from "arquero"; typeof op.mean' },
  ],
  names: [
    {
      run: `let exchange: string = "x"; let days = 1; let { left, right } = { left: 1, right: 2 };
        const daysThen = () => days; const sum = () => left + right;
        function setDays(value: number) { days = value; return days; }
        interface Quote { bid: number; ask: number } const quote: Quote = { bid: 1, ask: 2 };
        import { op } from "arquero";`,
    },
    ...overNames.map(([run]) => ({ run })),
  ],
  modules: [
    { run: "/** @module sides */ export const side = (): number => 1;" },
    {
      run: '/** @module prices */ import { side } from "./sides"; export const price = (): number => 10 * side();',
    },
    { run: 'import { price } from "./prices"; price()' },
    { run: "/** @module sides */ export const side = (): number => 2;" },
    { run: 'import { side as fresh } from "./sides"; fresh()' },
    { run: '/** @module sides */ export const side = (): number => "2";' },
  ],
  bundle: [{ run: `${show}(${JSON.stringify(bundle)})` }],
} as const;

let seen: Record<keyof typeof inNotebooks, readonly Seen[]>;
let project = "";

beforeAll(() => {
  seen = drive(inNotebooks, { root: ROOT, folder: path.join(ROOT, "notebooks") });
  project = mkdtempSync(path.join(tmpdir(), "tickbook-kernel-"));
});

afterAll(() => rmSync(project, { recursive: true, force: true }));

test("failures of every kind are errors, and the cells after them run", () => {
  const statuses = seen.failures.map(({ status }) => status);
  expect(statuses.slice(0, 5)).toEqual(["error", "ok", "error", "error", "error"]);
  expect(seen.failures.map(({ error }) => error).slice(0, 5)).toEqual([
    "RangeError: too deep",
    "",
    "TypeScriptError: 1:7 - Type 'string' is not assignable to type 'number'.",
    "Error: awaited",
    "Error: nobody waits",
  ]);
  expect(seen.failures[1]!.text.trim()).toBe("2");
});

test("cells that were queued behind a failed one say that they did not run; later ones run", () => {
  const statuses = seen.failures.map(({ status }) => status);
  expect(statuses.slice(5)).toEqual(["error", "aborted", "aborted", "ok"]);
});

test("an error that comes up between two cells fails the next one", () => {
  expect(seen.late.map(({ status }) => status)).toEqual(["ok", "error", "ok"]);
  expect(seen.late[1]!.error).toBe("Error: an earlier cell left an error behind: late");
});

test("bursts of messages arrive whole", () => {
  const count = (length: number): number[] => Array.from({ length }, (_, i) => i);
  const [printed, shown, after] = seen.bursts;
  expect(printed!.text.trim().split("\n").map(Number)).toEqual(count(5000));
  expect(shown!.displays.map((data) => Number(data["text/plain"]))).toEqual(count(3000));
  expect(after!.text).toContain("still here");
});

test("cells see the project's root, its public entry and its packages", () => {
  expect(seen.places.map(({ error }) => error)).toEqual(["", "", ""]);
  expect(seen.places.map(({ text }) => text.trim())).toEqual([ROOT, "object", "function"]);
});

test("a name of an earlier cell is the same variable, however it is written", () => {
  const [declared, ...results] = seen.names;
  expect(declared!.error).toBe("");
  const printed = results.map(({ error, text }, i) => [overNames[i]![0], error || text.trim()]);
  expect(printed).toEqual(overNames);
});

test("cells can be modules of each other, and a later cell has the changed one", () => {
  expect(seen.modules.map(({ text, error }) => error || text.trim())).toEqual([
    "",
    "",
    "10",
    "",
    "2",
    expect.stringContaining("sides.ts 1:56 - Type 'string' is not assignable to type 'number'."),
  ]);
});

test("a bundle of several mime types is one display", () => {
  expect(seen.bundle[0]!.displays).toEqual([bundle]);
});

test("candles come in from a cell, and their functions arrive with types", () => {
  const minutes = Array.from({ length: 1440 }, (_, i) => `${1723075200 + 60 * i},1,3,2,2,1`);
  const file = path.join(project, "candles.csv");
  writeFileSync(file, `time,low,high,open,close,volume\n${minutes.join("\n")}\n`);
  const { typed } = drive(
    {
      typed: [
        { run: 'import { coinbaseClient, fetchCandles, importCandles } from "./src/index.js";' },
        { run: 'import { marketRange, openStore, query } from "./src/index.js";' },
        {
          run: `const store = await openStore(${JSON.stringify(path.join(project, "data"))});
            const whose = { exchange: "bitfinex", symbol: "BTCUSD" };
            const run = await importCandles(store, ${JSON.stringify(file)}, whose); run.rows`,
        },
        { run: 'await query(store, "SELECT count(*), sum(high) FROM candles")' },
        { run: "const wrong: string = run.gaps;" },
        { run: 'const days = marketRange("coinbase", "BTC", "2024-08-08", "2024-08-09");' },
        { run: "const wrong: string = fetchCandles(store, coinbaseClient(), days);" },
      ],
    },
    { root: ROOT, folder: project },
  );
  expect(typed.slice(0, 4).map(({ error }) => error)).toEqual(["", "", "", ""]);
  expect(typed[2]!.text.trim()).toBe("1440");
  expect(typed[3]!.text).toContain("[ 1440, 4320 ]");
  expect(typed[4]!.error).toMatch(
    /Type 'readonly CandleGap\[\]' is not assignable to type 'string'/,
  );
  expect(typed[6]!.error).toMatch(/Type 'Promise<CandleRun>' is not assignable to type 'string'/);
});

test("an edited module, those that depend on it and names imported earlier are fresh", () => {
  const inSource = (name: string): string => path.join(project, "src", name);
  mkdirSync(inSource(""));
  for (const name of ["tsconfig.json", "tsconfig.build.json", "package-lock.json"]) {
    copyFileSync(path.join(ROOT, name), path.join(project, name));
  }
  symlinkSync(path.join(ROOT, "node_modules"), path.join(project, "node_modules"));
  mkdirSync(path.join(project, "notebooks"));
  writeFileSync(inSource("price.ts"), "export const price = (): number => 1;\n");
  writeFileSync(
    inSource("value.ts"),
    'import { price } from "./price.js";\nexport const value = (): number => 2 * price();\n',
  );
  writeFileSync(inSource("index.ts"), 'export { value } from "./value.js";\n');
  const importValue = { run: 'import { value } from "./src/index.js"; value()' };
  const use = { run: "value()" };
  const edit = (text: string): Step => ({
    write: `export const price = (): number => ${text};\n`,
    to: inSource("price.ts"),
  });
  const { edits } = drive(
    {
      edits: [
        importValue,
        ...[edit("21"), use],
        ...[edit("50"), importValue],
        ...[edit('"broken"'), use],
        ...[edit("4"), use],
        ...[{ write: "export const other = 1;\n", to: inSource("index.ts") }, use, use],
        { run: 'import { other } from "./src/index.js"; other' },
      ],
    },
    { root: project, folder: path.join(project, "notebooks") },
  );
  const results = edits.map(({ status, text }) =>
    status === "ok" ? text.trim().split("\n").at(-1) : status,
  );
  expect(results).toEqual(["2", "42", "100", "error", "8", "error", "error", "1"]);
  expect(edits[1]!.text).toContain("loaded again after an edit: src/price.ts");
  expect(edits[3]!.error).toContain("src/price.ts(1,");
});
