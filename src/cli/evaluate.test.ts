import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { LocatedFinding } from "../audit/audit.js";
import { excludedText } from "../core/excluded-text.js";
import { seededRandom } from "../core/random.js";
import { DAY_US, dayStartUs, SECOND_US } from "../core/time.js";
import type { SliceSpan } from "../dataset/fold-timeline.js";
import type { Canary } from "../evaluation/canaries.js";
import type { ModelEvaluation } from "../evaluation/evaluate-model.js";
import type { Gate } from "../evaluation/gates.js";
import { dayOfHours, plantAudit } from "../features/test-audit.js";
import { changeColumns, storeMarket, tradeColumns } from "../features/test-market.js";
import type { MemberFacts } from "../registry/member-facts.js";
import * as stores from "../store/store.js";
import type { EnsembleFit, SliceCounts } from "../training/fold-fit.js";
import { main } from "./main.js";
import * as bars from "./progress.js";
import { captureOutput } from "./test-output.js";

/** Two days of a random walk with a book that moves every few seconds. */
const DAYS = ["2024-03-01", "2024-03-02"];
const MARKET = [
  "--exchange",
  "binance",
  "--symbols",
  "BTCUSDT",
  "--from",
  DAYS[0]!,
  "--to",
  "2024-03-03",
];

let folder = "";
const output = captureOutput();

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "tickbook-evaluate-"));
  const store = await stores.openStore(folder);
  const random = seededRandom(1, "evaluate command");
  let bid = 1000;
  for (const date of DAYS) {
    const startUs = dayStartUs(date);
    const changes: Parameters<typeof changeColumns>[0][number][] = [];
    const trades: Parameters<typeof tradeColumns>[0][number][] = [];
    let timeUs = startUs;
    const change = (side: 1 | -1, price: number, amount: number, isSnapshot = false): void => {
      changes.push({ timeUs, isSnapshot, side, price, amount });
    };
    for (let depth = 0; depth < 5; depth++) {
      change(1, bid - depth, 1 + random.uniform(), true);
      change(-1, bid + 1 + depth, 1 + random.uniform(), true);
    }
    for (;;) {
      timeUs += 1 + random.below(8 * SECOND_US);
      if (timeUs >= startUs + DAY_US) break;
      const isUp = random.uniform() < 0.5;
      change(isUp ? -1 : 1, isUp ? bid + 1 : bid, 0);
      change(isUp ? -1 : 1, isUp ? bid + 6 : bid - 5, 1 + random.uniform());
      bid += isUp ? 1 : -1;
      change(isUp ? 1 : -1, isUp ? bid : bid + 1, 1 + random.uniform());
      const side = isUp ? 1 : -1;
      trades.push({ timeUs, side, price: bid + (isUp ? 1 : 0), amount: 0.1 + random.uniform() });
    }
    const day = { exchange: "binance", symbol: "BTCUSDT", date };
    await storeMarket(store, day, {
      trades: tradeColumns(trades),
      bookChanges: changeColumns(changes),
    });
  }
  await store.close();
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (...argv: string[]): Promise<number> => {
  process.exitCode = undefined;
  return main([...argv, "--json", "--data", folder]);
};

/** The JSON document of the last command. */
function answer(): Record<string, unknown> {
  const document = JSON.parse(output.printed) as Record<string, unknown>;
  output.printed = "";
  return document;
}

/** The bar of steps begins before the first, names each while it runs, and ends. */
function requireSteps(calls: readonly (readonly [number, number, ...unknown[]])[]): void {
  const steps = calls.filter(([, total]) => total === calls.at(-1)![1]);
  const names = ["canaries", "refits", "rebuilt rows", "books", "models"];
  expect([...new Set(steps.map(([, , what]) => what))]).toEqual(names);
  expect(steps.map(([done]) => done)).toEqual(steps.map((_, i) => i));
  expect(steps.at(-1)![0]).toBe(steps.at(-1)![1]);
  expect(calls[0]).toEqual([1, 1, "symbols"]);
}

test("audit gives verdict, findings and hours; a clean market has nothing to find", async () => {
  expect(await run("audit", ...MARKET)).toBe(0);
  const { verdict, findings, hours } = answer();
  expect([verdict, findings]).toEqual(["good", [] satisfies LocatedFinding[]]);
  expect(hours).toHaveLength(2 * 2 * 24);
});

test("audit of what is not there, and evaluate of no model, are wrong usage", async () => {
  expect(
    await run("audit", "--exchange", "binance", "--symbols", "NONE", "--from", "2024-03-01"),
  ).toBe(2);
  expect(output.complained).toMatch(/of which the store has nothing/);
  expect(await run("evaluate", "--model", "lstm")).toBe(2);
  expect(output.complained).toMatch(/which no trained model is called/);
});

test.each([
  ["--capital", "0"],
  ["--capital", "1e-9"],
  ["--capital", "4.99"],
  ["--capital", "1000000001"],
  ["--capital", "1e300"],
  ["--capital", "-5"],
  ["--capital", "much"],
  ["--capital", "0x10"],
  ["--capital", "1e400"],
  ["--capital", " "],
  ["--costs", "free"],
])("evaluate %s %j exits 2 before the store is opened", async (option, value) => {
  const open = vi.spyOn(stores, "openStore").mockRejectedValue(new Error("the store was opened"));
  expect(await run("evaluate", "--model", "logistic", option, value)).toBe(2);
  expect(output.complained).toContain(option);
  expect(output.complained).toMatch(
    /: was ".*", expected 5 to 1000000000 USD; give for example 100000|ftmo, spot, perpetual/,
  );
  expect(open).not.toHaveBeenCalled();
});

test("a model of a random walk is refused, with every gate's rule and value", async () => {
  expect(await run("features", ...MARKET)).toBe(0);
  output.printed = "";
  expect(await run("train", "--model", "logistic", ...MARKET)).toBe(0);
  const trained = answer();
  expect(trained["entries"]).toBe(2);
  const leftOut = `bars left out: ${excludedText(trained["excluded"] as Record<string, number>)}\n`;
  expect(leftOut).toMatch(/: [\d,]+ for warm-up.*, [\d,]+ for no label\n$/);
  expect(output.complained).toContain(leftOut);
  output.complained = "";
  const progress = vi.spyOn(bars, "printProgress");
  expect(await run("evaluate", "--model", "logistic")).toBe(1);
  requireSteps(progress.mock.calls);
  expect(output.complained).toContain(leftOut);
  const { verdict, gates, isVoid, isSimulated, head, entries } = answer();
  expect([entries, head === trained["head"]]).toEqual([3, false]);
  expect(output.complained).toContain(`ledger head ${String(head).slice(0, 12)} after 3 entries`);
  expect([verdict, isVoid, isSimulated]).toEqual(["fail", false, false]);
  for (const gate of gates as Gate[]) {
    expect(Object.keys(gate)).toEqual(expect.arrayContaining(["name", "rule", "value", "verdict"]));
  }
  const verdicts = new Map((gates as Gate[]).map((gate) => [gate.name, gate.verdict]));
  expect(verdicts.get("accuracy")).toBe("fail");
  expect(verdicts.get("canaries")).toBe("pass");
  expect(verdicts.get("data-not-bad")).toBe("pass");
  expect(verdicts.get("sharpe")).toBe("undecided");
});

test("an ensemble is trained after its members, told with their weights, and judged by gates of its own", async () => {
  const members = ["--members", "majority,logistic"];
  expect(await run("train", "--model", "ensemble", ...members, ...MARKET)).toBe(0);
  const trained = answer() as { version: string; members: MemberFacts[]; folds: SliceCounts[] };
  expect(output.complained).toMatch(/logistic: loaded as logistic@\w{12}\n/);
  const named = trained.members.map(({ name }) => name.replace(/@\w{12}$/, ""));
  expect(named).toEqual(["majority", "logistic"]);
  const sum = trained.members.reduce((total, { weights }) => total + weights[0]!, 0);
  expect(sum).toBeCloseTo(1, 12);
  const said = /member majority@\w{12}: weight (0|below 0.01|[01]\.\d\d), \d+ % of what is said/;
  expect(output.complained).toMatch(said);
  const [fold] = trained.folds as (SliceCounts & { ensemble: EnsembleFit })[];
  const { firstRows, purgedRows, secondRows } = fold!.ensemble;
  expect(firstRows + purgedRows + secondRows).toBe(fold!.calibrate);
  // Labels of fifteen bars, which end half a second after a bar begins.
  expect(purgedRows).toBe(15);
  expect(await run("evaluate", "--model", "ensemble")).toBe(1);
  const judged = answer() as unknown as ModelEvaluation & { members: MemberFacts[] };
  expect(judged).toMatchObject({ name: "ensemble", model: "ensemble", members: trained.members });
  expect(judged.gates.map(({ name }) => name)).toContain("better-than-logistic");
  const canaries = (judged as unknown as { canaries: Canary[] }).canaries;
  expect(canaries.find(({ name }) => name === "ensemble refitted without its test")).toMatchObject({
    isRight: true,
    note: "the one fold, to the bit",
  });
  expect(await run("promote", `ensemble@${trained.version}`)).toBe(1);
  expect(output.complained).toMatch(/ensemble@\w{12}: did not pass every gate/);
});

test("a model is not evaluated on other data than it was trained on", async () => {
  rmSync(path.join(folder, "audit"), { recursive: true });
  expect(await run("features", ...MARKET)).toBe(0);
  expect(await run("evaluate", "--model", "logistic")).toBe(1);
  expect(output.complained).toMatch(/other features, labels or verdicts than the store holds now/);
});

test("rows that nobody audited are trained on aloud, and their gate stays undecided", async () => {
  expect(await run("train", "--model", "logistic", ...MARKET)).toBe(0);
  const { folds, unauditedRows } = answer() as { folds: SliceCounts[]; unauditedRows: number };
  const { train, earlyStop, calibrate, test: tested, unaudited } = folds[0]!;
  expect(unaudited).toEqual({ train, earlyStop, calibrate, test: tested });
  expect(unauditedRows).toBe(tested);
  expect(output.complained).toMatch(/NEVER AUDITED: ([\d,]+) of \1 rows.*npx tickbook audit/);
  expect(await run("evaluate", "--model", "logistic")).toBe(1);
  const gate = (answer()["gates"] as Gate[]).find(({ name }) => name === "data-not-bad")!;
  expect(gate).toMatchObject({ verdict: "undecided", value: 0 });
  expect(gate.reason).toMatch(/never audited: [\d,]+ traded rows, [\d,]+ fitted rows/);
});

test("training refuses features that a new audit has overtaken, then leaves its bad hours out and says so", async () => {
  const store = await stores.openStore(folder);
  for (const [i, date] of DAYS.entries()) {
    const bad = i === 0 ? 18 : 20;
    const hours = dayOfHours((hour) => (hour === bad ? "bad" : "good"));
    await plantAudit(store, { exchange: "binance", symbol: "BTCUSDT", date }, hours);
  }
  await store.close();
  expect(await run("train", "--model", "logistic", ...MARKET)).toBe(2);
  expect(await run("evaluate", "--model", "logistic")).toBe(2);
  expect(output.complained).toContain(
    "`npx tickbook features --exchange binance --symbols BTCUSDT --from 2024-03-01 --to 2024-03-03 --bar 1m`",
  );
  output.printed = "";

  expect(await run("features", ...MARKET)).toBe(0);
  const joined = answer() as { verdicts: object; eventsPerSecond: number };
  expect(joined.verdicts).toMatchObject({ bad: 120, unknown: 0 });
  expect(joined.eventsPerSecond).toBe(0);

  expect(await run("train", "--model", "logistic", ...MARKET)).toBe(0);
  const trained = answer() as { folds: SliceCounts[]; badRows: number; figures: object };
  // Windows of thirty bars and labels of fifteen, which end half a second after a bar begins.
  const train = { badHour: 60, badWindow: 29, badLabel: 16 };
  expect(trained.folds[0]!.leftOut.train).toEqual(train);
  expect(trained.badRows).toBe(60);
  expect(trained.figures).toMatchObject({
    badLeftOutTrain: 105,
    badTestRows: 60,
    unauditedRows: 0,
  });
  expect(output.complained).toContain(
    "left out for bad hours: 105 training rows (60 in one, 29 that look back into one, 16 whose label reaches into one)",
  );

  expect(await run("evaluate", "--model", "logistic")).toBe(1);
  const { rows, badRows, withoutBad, gates, slices } = answer() as unknown as ModelEvaluation & {
    slices: SliceSpan[];
  };
  expect([badRows, withoutBad.rows]).toEqual([60, rows - 60]);
  expect(withoutBad.metrics.calibrationError.estimate).toBeGreaterThan(0);
  expect(withoutBad.backtest).toMatchObject({ daily: expect.any(Array) });
  expect(withoutBad.backtest).not.toHaveProperty("equity");
  expect(slices[0]).toMatchObject({ slice: "train", bad: 0, leftOut: train });
  expect(gates.find(({ name }) => name === "data-not-bad")!.verdict).toBe("fail");
  expect(output.complained).toMatch(/without the 60 rows in bad hours: accuracy \d+\.\d %/);
});
