import { expect, test } from "vitest";
import { evaluateGates, type GateInput, overallVerdict } from "./gates.js";

const figure = (estimate: number, spread = 0.01) => ({
  estimate,
  lower: estimate - 2 * spread,
  upper: estimate + 2 * spread,
  standardError: spread,
});

/** A model that may pass. */
const PERFECT: GateInput = {
  model: "lstm",
  labelKind: "mid",
  blocks: 100,
  actedBlocks: 100,
  accuracy: figure(1, 0),
  coverage: 1,
  aboveMajority: figure(0.49),
  aboveLogistic: figure(0.3),
  majorityRate: 0.51,
  breakEvenAccuracy: 0.69,
  brierSkill: figure(1),
  calibrationError: figure(0.001, 0.0001),
  calibrationRows: 5000,
  calibrationNoiseFloor: 0.01,
  sharpe: figure(12, 1),
  leftOpen: 0,
  days: 120,
  deflatedSharpe: 1,
  trials: 3,
  badShare: 0,
  unauditedRows: 0,
  unauditedFittedRows: 0,
  canariesRight: 2,
  canaries: 2,
  canariesNotRun: [],
};

const BESIDE = new Set(["calibrationNoiseFloor", "leftOpen", "blocks", "actedBlocks"]);

const verdictOf = (change: Partial<GateInput>, name: string): string | undefined =>
  evaluateGates({ ...PERFECT, ...change }).find((gate) => gate.name === name)?.verdict;

test("perfect foresight on enough data passes every gate", () => {
  const gates = evaluateGates(PERFECT);
  expect(gates.filter(({ verdict }) => verdict !== "pass")).toEqual([]);
  expect(overallVerdict(gates)).toBe("pass");
  expect(gates.every(({ margin }) => margin >= 0)).toBe(true);
});

test("whatever figure is missing, the whole never passes", () => {
  const missing = {
    estimate: Number.NaN,
    lower: Number.NaN,
    upper: Number.NaN,
    standardError: Number.NaN,
  };
  for (const [name, value] of Object.entries(PERFECT)) {
    // What is only printed beside a value decides nothing.
    if (typeof value === "string" || Array.isArray(value) || BESIDE.has(name)) continue;
    const broken = { ...PERFECT, [name]: typeof value === "number" ? Number.NaN : missing };
    expect([name, overallVerdict(evaluateGates(broken))]).not.toEqual([name, "pass"]);
  }
  const noInterval = { ...figure(1), lower: Number.NaN };
  for (const name of ["accuracy", "aboveMajority", "brierSkill", "calibrationError", "sharpe"]) {
    expect(overallVerdict(evaluateGates({ ...PERFECT, [name]: noInterval }))).not.toBe("pass");
  }
  expect(overallVerdict([])).toBe("undecided");
});

test("a constant ½ passes neither accuracy nor majority nor skill", () => {
  const half = {
    accuracy: figure(0.5, 0),
    aboveMajority: figure(-0.01),
    brierSkill: figure(-0.001),
  };
  for (const name of ["accuracy", "better-than-majority", "brier-skill"]) {
    expect(verdictOf(half, name)).toBe("fail");
  }
});

test("accuracy needs 68 % and a lower bound above base rate and break-even", () => {
  expect(verdictOf({ accuracy: figure(0.67, 0.001) }, "accuracy")).toBe("fail");
  expect(verdictOf({ accuracy: figure(0.7, 0.001) }, "accuracy")).toBe("pass");
  expect(verdictOf({ accuracy: figure(0.7, 0.02) }, "accuracy")).toBe("undecided");
  expect(verdictOf({ accuracy: figure(0.7, 0.001), majorityRate: 0.72 }, "accuracy")).toBe(
    "undecided",
  );
});

test("a break-even accuracy above 100 % is said to be out of reach", () => {
  const besideOf = (breakEvenAccuracy: number): string | undefined =>
    evaluateGates({ ...PERFECT, breakEvenAccuracy }).find(({ name }) => name === "accuracy")
      ?.beside;
  expect(besideOf(1.06)).toContain("break-even 106.0 %, which cannot be reached");
  expect(besideOf(1)).toMatch(/break-even 100\.0 %$/);
});

test("a model that acts on fewer than 5 % of bars fails, however right it is on those", () => {
  expect(verdictOf({ coverage: 0.05 }, "accuracy")).toBe("pass");
  expect(verdictOf({ coverage: 0.049 }, "accuracy")).toBe("fail");
  expect(verdictOf({ coverage: Number.NaN }, "accuracy")).toBe("undecided");
});

test("calibration and Sharpe are undecided on too little data, however good or bad", () => {
  for (const error of [0.001, 0.2]) {
    const change = { calibrationError: figure(error), calibrationRows: 2999 };
    expect(verdictOf(change, "calibration-error")).toBe("undecided");
  }
  expect(verdictOf({ calibrationError: figure(0.051) }, "calibration-error")).toBe("fail");
  expect(verdictOf({ sharpe: figure(5), days: 89 }, "sharpe")).toBe("undecided");
  expect(verdictOf({ sharpe: figure(0.9) }, "sharpe")).toBe("fail");
  expect(verdictOf({ deflatedSharpe: 0.94 }, "deflated-sharpe")).toBe("fail");
});

test("calibration is judged on all rows and where money acts, each on its own rows", () => {
  const gateOf = (change: Partial<GateInput>) =>
    evaluateGates({ ...PERFECT, ...change }).find(({ name }) => name === "calibration-error")!;
  const of = (error: number, calibrationRows: number) => {
    return { calibrationError: figure(error), calibrationRows, calibrationNoiseFloor: 0.03 };
  };
  // A few sure rows that look bad are too few to tell, and that look good as well.
  for (const error of [0.2, 0.0001]) {
    expect(gateOf({ actedCalibration: of(error, 190) })).toMatchObject({
      ...{ value: error, verdict: "undecided", reason: "190 effective rows" },
      beside: "noise floor 3.0 % on the bars that are acted on",
    });
  }
  expect(gateOf({ actedCalibration: of(0.2, 4000) })).toMatchObject({
    value: 0.2,
    verdict: "fail",
  });
  // What fails on all rows fails, whatever few of them say.
  expect(gateOf({ ...of(0.06, 4000), actedCalibration: of(0.2, 190) })).toMatchObject({
    ...{ value: 0.06, verdict: "fail", beside: "noise floor 3.0 %" },
  });
  expect(gateOf({ actedCalibration: of(0.04, 4000) })).toMatchObject({
    ...{ value: 0.04, verdict: "pass" },
  });
  const missing = { ...of(Number.NaN, 4000) };
  expect(gateOf({ actedCalibration: missing }).verdict).toBe("undecided");
});

test("a figure above 0 passes only beyond its interval", () => {
  expect(verdictOf({ brierSkill: figure(0.03, 0.01) }, "brier-skill")).toBe("pass");
  expect(verdictOf({ brierSkill: figure(0.03, 0.02) }, "brier-skill")).toBe("undecided");
  expect(verdictOf({ aboveLogistic: figure(-0.01) }, "better-than-logistic")).toBe("fail");
});

test("a figure without an interval is undecided, however good, and says how much time it takes", () => {
  const short = { ...figure(0.9), lower: Number.NaN, upper: Number.NaN };
  const figures = { accuracy: short, aboveMajority: short, brierSkill: short };
  const gatesOf = (blocks: number) =>
    evaluateGates({ ...PERFECT, ...figures, blocks, actedBlocks: blocks }).filter(({ name }) =>
      ["accuracy", "better-than-majority", "brier-skill"].includes(name),
    );
  for (const { verdict, reason } of gatesOf(2.96)) {
    const text = "no interval: the rows fill 2.9 blocks of time, and it takes 3";
    expect([verdict, reason]).toEqual(["undecided", text]);
  }
  for (const { verdict, reason } of gatesOf(50)) {
    expect([verdict, reason]).toEqual(["undecided", "some resamples lack the figure"]);
  }
});

test("bad hours and a wrong canary fail; an unaudited test period and no canary are undecided", () => {
  expect(verdictOf({ badShare: 0.01 }, "data-not-bad")).toBe("fail");
  expect(verdictOf({ badShare: 0.01, unauditedRows: 9 }, "data-not-bad")).toBe("fail");
  expect(verdictOf({ badShare: Number.NaN }, "data-not-bad")).toBe("undecided");
  for (const unaudited of [{ unauditedRows: 1 }, { unauditedFittedRows: 1 }]) {
    expect(verdictOf(unaudited, "data-not-bad")).toBe("undecided");
    expect(overallVerdict(evaluateGates({ ...PERFECT, ...unaudited }))).toBe("undecided");
  }
  expect(verdictOf({ canariesRight: 1 }, "canaries")).toBe("fail");
  expect(verdictOf({ canaries: 0, canariesRight: 0 }, "canaries")).toBe("undecided");
});

test("labels on the close fail their gate, and no other is evaluated", () => {
  const gates = evaluateGates({ ...PERFECT, labelKind: "close", sharpe: figure(-3) });
  for (const { name, verdict } of gates) {
    expect([name, verdict]).toEqual([name, name === "label-is-mid" ? "fail" : "undecided"]);
  }
  expect(overallVerdict(gates)).toBe("not evaluated");
});

test("canaries that could not be run leave their gate undecided and are named; a wrong one still fails it", () => {
  const canariesNotRun = ["shuffled labels", "random walk, a bar ahead"];
  const gate = evaluateGates({ ...PERFECT, canariesNotRun }).find(
    ({ name }) => name === "canaries",
  );
  const reason = "2 canaries not run: shuffled labels; random walk, a bar ahead";
  expect(gate).toMatchObject({ verdict: "undecided", reason });
  expect(verdictOf({ canariesNotRun, canariesRight: 1 }, "canaries")).toBe("fail");
  expect(verdictOf({ canariesNotRun, canariesRight: 0, canaries: 0 }, "canaries")).toBe(
    "undecided",
  );
});

test("what no book took at the end is read beside the Sharpe ratio, where there is any", () => {
  const besideOf = (leftOpen: number): string | undefined =>
    evaluateGates({ ...PERFECT, leftOpen }).find(({ name }) => name === "sharpe")?.beside;
  expect(besideOf(0)).toBeUndefined();
  expect(besideOf(0.034)).toMatch(/^left open 3\.40 % of the capital/);
  expect(besideOf(1e-7)).toMatch(/^left open under 0\.01 %/);
});

test("one is one: a day, a try, a row", () => {
  const gates = evaluateGates({
    ...PERFECT,
    days: 1,
    trials: 1,
    calibrationRows: 1,
    unauditedRows: 1,
    unauditedFittedRows: 0,
  });
  const notes = gates.flatMap(({ reason, beside }) => [reason, beside]).join("; ");
  for (const one of ["1 daily return;", "1 try,", "1 effective row;", "1 traded row,"]) {
    expect(notes).toContain(one);
  }
  expect(notes).not.toMatch(/\b1 [a-z ]*(returns|tries|rows)\b/);
});
