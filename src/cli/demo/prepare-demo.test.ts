import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { GateError } from "../../core/errors.js";
import { dayStartUs } from "../../core/time.js";
import { experimentOf } from "../../evaluation/experiment-of.js";
import { readLedger } from "../../registry/ledger.js";
import { demote } from "../../registry/promotion.js";
import { evaluateTrial } from "../../registry/test-registry.js";
import { versionOf } from "../../registry/trial.js";
import { simulateMarket } from "../../simulate/simulate-market.js";
import { openStore } from "../../store/store.js";
import { DEMO_SETTINGS, type DemoSettings } from "./demo-plan.js";
import { prepareDemo } from "./prepare-demo.js";

const folder = mkdtempSync(path.join(tmpdir(), "tickbook-demo-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** As few days as there are folds for; nothing of them can pass a gate that asks for 90. */
const SMALL: DemoSettings = {
  ...DEMO_SETTINGS,
  symbols: ["BTCUSDT"],
  barMinutes: 2,
  modelDays: 4,
  liveDays: 1,
  folds: 2,
  shares: { train: 0.6, earlyStop: 0.1, calibrate: 0.1, test: 0.2 },
};

const root = path.join(folder, "demo");
const said: string[] = [];
const told = { say: (line: string) => said.push(line), progress: () => {} };
const stepsSaid = (): readonly string[] => said.map((line) => line.split(/ +/)[1]!);

test("every step is taken and said, and a model that fails its gates is not promoted", async () => {
  // As a run leaves it that was killed within the simulation.
  const mirror = path.join(root, "simulated", "thin-strong-seed1-2024-01-01");
  const market = { symbols: ["BTCUSDT"], from: "2024-01-01", to: "2024-01-03", seed: 1 };
  const types = ["trades", "book_snapshot_25", "simulation_truth"] as const;
  const kind = { edge: "strong", isThin: true, hasFaults: false } as const;
  await simulateMarket(mirror, { ...market, ...kind, types });
  await expect(prepareDemo(folder, told, SMALL)).rejects.toThrow(GateError);
  expect(stepsSaid()).toEqual(["simulate", "ingest", "audit", "features", "train"]);
  expect(said.find((line) => line.includes("audit"))).toMatch(/6 days of 1 symbol: good/);
  expect(existsSync(mirror)).toBe(false);
  const { state } = await readLedger(root);
  expect([...state.trials.values()]).toMatchObject([{ model: "logistic", seed: 1 }]);
  expect(state.promoted.size).toBe(0);
  const [evaluation] = [...state.evaluations.values()];
  const verdictOf = (name: string) => evaluation!.gates.find((gate) => gate.name === name)?.verdict;
  expect(verdictOf("label-is-mid")).toBe("pass");
  expect(verdictOf("sharpe")).toBe("undecided");
  const live = path.join(root, "lake/trades/exchange=simulated/symbol=BTCUSDT");
  expect(readdirSync(live)).toHaveLength(6);
}, 180_000);

test("the folds of its model are found again, shares and all, and no label reaches into the live days", async () => {
  const store = await openStore(root);
  const { state } = await readLedger(root);
  const { dataset, folds, origin } = await experimentOf(store, [...state.trials.values()][0]!);
  await store.close();
  const lastLabelUs = dataset.labelEndUs.reduce((last, end) => Math.max(last, end || 0), 0);
  expect(lastLabelUs).toBeGreaterThan(dayStartUs("2024-01-05"));
  expect(lastLabelUs).toBeLessThan(dayStartUs("2024-01-06"));
  expect(folds).toHaveLength(2);
  expect(origin.cut).toMatchObject({ folds: 2, shares: SMALL.shares });
});

test("a model whose last evaluation passed is promoted without another, and then all is there", async () => {
  said.length = 0;
  const { state } = await readLedger(root);
  const [trial] = [...state.trials.values()];
  await evaluateTrial(root, trial!);
  const demo = await prepareDemo(folder, told, SMALL);
  expect(stepsSaid()).toEqual(["audit", "features", "train", "evaluate,"]);
  expect(demo).toEqual({
    root,
    model: `logistic@${versionOf(trial!.key)}`,
    exchange: "simulated",
    symbols: ["BTCUSDT"],
    from: "2024-01-06",
    to: "2024-01-07",
  });
  const { entries } = await readLedger(root);
  said.length = 0;
  expect(await prepareDemo(folder, told, SMALL)).toEqual(demo);
  expect(said).toEqual([]);
  expect((await readLedger(root)).entries).toEqual(entries);
});

test("a model that somebody demoted stays demoted", async () => {
  const { state } = await readLedger(root);
  const [trial] = [...state.trials.values()];
  await demote(root, { name: "logistic", version: versionOf(trial!.key) });
  await expect(prepareDemo(folder, told, SMALL)).rejects.toThrow(
    /was demoted, and a demo does not take that back; promote it with/,
  );
});
