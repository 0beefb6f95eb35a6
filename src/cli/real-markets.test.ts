// Two real markets without a book, from the files to the gates: nothing that comes out may pass for more than it is.
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Uncertainty } from "../core/block-bootstrap.js";
import { columnsOf } from "../dataset/column-sets.js";
import type { ModelEvaluation } from "../evaluation/evaluate-model.js";
import type { ExperimentEvaluation } from "../evaluation/evaluate-models.js";
import { catalogue } from "../features/catalogue.js";
import { CAPTURES, hasCaptures } from "../market/test-captures.js";
import { type EndedCommand, runCommandLine } from "./test-output.js";

/** What `evaluate` prints of one model. */
type Evaluated = Pick<ExperimentEvaluation, "isSimulated" | "isVoid" | "canaries" | "excluded"> &
  Pick<ModelEvaluation, "metrics" | "majorityRate" | "gates" | "rows" | "verdict">;

const BITFINEX = path.join(CAPTURES, "..", "candles", "bitfinex_BTC-USD_1m_2018.csv.gz");

const folder = mkdtempSync(path.join(tmpdir(), "tickbook-real-markets-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (data: string, ...argv: readonly string[]): Promise<EndedCommand> =>
  runCommandLine(...argv, "--data", path.join(folder, data), "--json");

/** Ends in success, and gives what was printed. */
async function done(data: string, ...argv: readonly string[]): Promise<Record<string, unknown>> {
  const { code, out, err } = await run(data, ...argv);
  expect([code, argv[0], code === 0 ? "" : err]).toEqual([0, argv[0], ""]);
  return JSON.parse(out) as Record<string, unknown>;
}

/** What must hold of every evaluation on closes, whatever the figures are. */
function requireHonest({ code, err }: EndedCommand, evaluated: Evaluated): void {
  expect(code).toBe(1);
  const [head, predicts, bounce] = err.split("\n");
  expect(head).toMatch(
    /REAL, 15 minutes: accuracy [\d.]+ % \([\d.]+ % to [\d.]+ %\) on \d+ bars, about [\d,]+ independent rows, beside [\d.]+ % for the majority$/,
  );
  expect(predicts).toMatch(/^predicts REAL .*BOUNCE-PRONE: direction of the close over 15 min$/);
  expect(bounce).toMatch(/^BOUNCE-PRONE: labels are on trade closes/);
  expect(err).toContain("gates not evaluated");
  expect(evaluated).toMatchObject({ isSimulated: false, isVoid: false, verdict: "not evaluated" });
  for (const { name, verdict, reason } of evaluated.gates) {
    if (name === "label-is-mid") {
      expect([verdict, reason]).toEqual(["fail", expect.stringMatching(/BOUNCE-PRONE/)]);
    } else {
      expect([name, verdict]).toEqual([name, "undecided"]);
      expect(reason).toMatch(/not evaluated: the label is bounce-prone/);
    }
  }
  expect(evaluated.gates.length).toBeGreaterThan(6);
  const figures = Object.entries(evaluated.metrics) as [string, Uncertainty | null][];
  // A straight line is not held against itself.
  const known = figures.filter(([name]) => name !== "aboveLogistic");
  expect(known.length).toBeGreaterThan(8);
  for (const [name, figure] of known) {
    const { estimate, lower, upper } = figure as Uncertainty;
    expect([name, [lower, estimate, upper].every(Number.isFinite)]).toEqual([name, true]);
    expect([name, lower < upper]).toEqual([name, true]);
  }
  expect(evaluated.canaries.length).toBeGreaterThan(6);
  expect(evaluated.canaries.filter(({ isRight }) => !isRight)).toEqual([]);
}

/** Rows that a dataset leaves out, all causes together. */
const sumOf = (excluded: object): number =>
  Object.values(excluded).reduce((sum: number, rows: number) => sum + rows, 0);

describe.skipIf(!hasCaptures)(
  "BitMEX XBTUSD, three days of ticks (needs ../shared/market-data)",
  () => {
    const market = ["--exchange", "bitmex", "--symbols", "XBTUSD"];
    const days = ["--from", "2018-01-01", "--to", "2018-01-04"];
    let trained: Record<string, unknown>;
    let ended: EndedCommand;
    let evaluated: Evaluated;

    beforeAll(async () => {
      if (!hasCaptures) return;
      await done("bitmex", "ingest", "--source", CAPTURES, ...market, ...days, "--types", "trades");
      await done("bitmex", "audit", ...market, ...days);
      await done("bitmex", "features", ...market, ...days);
      trained = await done("bitmex", "train", "--model", "logistic", ...market, ...days);
      ended = await run("bitmex", "evaluate", "--model", "logistic");
      evaluated = JSON.parse(ended.out) as Evaluated;
    });

    test("its evaluation is marked bounce-prone, passes no gate and gives no figure without an interval", () => {
      requireHonest(ended, evaluated);
    });

    test("the set that needs a book is refused by the names it lacks", async () => {
      const asked = ["--model", "logistic", ...market, ...days, "--columns", "full"];
      const { code, err } = await run("bitmex", "train", ...asked);
      expect(code).toBe(2);
      for (const { name, inputs } of catalogue()) {
        if (inputs.includes("book")) expect(err).toContain(name);
      }
    });

    test("a day for the size of orders is left out, and the label's reach at the end", () => {
      // Of three whole days in which somebody traded in every minute.
      const excluded = {
        "not in the source": 0,
        "warm-up": 1440,
        "no valid book": 0,
        "no label": 15,
      };
      expect(trained["excluded"]).toEqual(excluded);
      expect(evaluated.excluded).toEqual(excluded);
      expect(ended.err).toContain("bars left out: 1,440 for warm-up, 15 for no label\n");
    });
  },
);

describe.skipIf(!existsSync(BITFINEX))(
  "Bitfinex BTC-USD, two weeks of candles of 2018 (needs ../shared/market-data)",
  () => {
    const market = ["--exchange", "bitfinex", "--symbols", "BTCUSD"];
    const days = ["--from", "2018-03-01", "--to", "2018-03-15"];
    const train = ["train", "--model", "logistic", "--source", "candles", ...market, ...days];
    let trained: Record<string, unknown>;
    let ended: EndedCommand;
    let evaluated: Evaluated;

    beforeAll(async () => {
      if (!existsSync(BITFINEX)) return;
      const file = ["--source", BITFINEX, "--exchange", "bitfinex", "--product", "BTC-USD"];
      await done("bitfinex", "candles", ...file, ...days);
      await done("bitfinex", "audit", ...market, ...days);
      trained = await done("bitfinex", ...train, "--columns", "base");
      ended = await run("bitfinex", "evaluate", "--model", "logistic");
      evaluated = JSON.parse(ended.out) as Evaluated;
    });

    test("its evaluation is marked bounce-prone, passes no gate and gives no figure without an interval", () => {
      requireHonest(ended, evaluated);
    });

    test("all that candles give is used, and what they do not give is refused by name", async () => {
      expect(trained["leftOut"]).toEqual([]);
      const { code, err } = await run("bitfinex", ...train, "--columns", "full");
      expect(code).toBe(2);
      const base = new Set(columnsOf("base"));
      for (const name of columnsOf("full")) if (!base.has(name)) expect(err).toContain(name);
    });

    test("two days are left out for the regime of volatility, and the label's reach at the end", () => {
      expect(trained["excluded"]).toEqual(evaluated.excluded);
      expect(evaluated.excluded).toMatchObject({ "warm-up": 2 * 1440, "no label": 15 });
      expect(sumOf(evaluated.excluded)).toBe(2 * 1440 + 15);
    });
  },
);
