import { expect, test } from "vitest";
import { OptionError } from "../core/errors.js";
import { TRIPLE_BARRIER } from "../dataset/label-rule.js";
import { COST_PRESETS } from "../trading/costs.js";
import { type AskedParameters, askedExperiment } from "./asked-experiment.js";

const USUAL: AskedParameters = {
  featureSource: "ticks",
  label: "direction",
  horizonBars: 15,
  latencyMs: 500,
  folds: 1,
  coverage: 1,
  costs: "ftmo",
  embargoBars: null,
};

test("the usual parameters ask for what is done where nothing is asked", () => {
  expect(askedExperiment(USUAL)).toEqual({
    data: { source: "ticks" },
    cut: { horizonBars: 15, latencyMs: 500, labelRule: { kind: "direction" }, folds: 1 },
    final: { coverage: 1 },
    trading: { costs: "ftmo" },
    map: { latencyMs: 500, costs: COST_PRESETS.ftmo },
    splits: {},
  });
});

test("every parameter reaches the step that it is for", () => {
  const asked = askedExperiment({
    featureSource: "candles",
    label: "triple-barrier",
    horizonBars: 5,
    latencyMs: 0,
    folds: 3,
    coverage: 0.2,
    costs: "perpetual",
    embargoBars: 0,
  });
  expect(asked).toEqual({
    data: { source: "candles" },
    cut: { horizonBars: 5, latencyMs: 0, labelRule: TRIPLE_BARRIER, folds: 3 },
    final: { coverage: 0.2 },
    trading: { costs: "perpetual" },
    map: { latencyMs: 0, costs: COST_PRESETS.perpetual },
    splits: { embargoBars: 0 },
  });
});

test.each([
  ["featureSource", "tick", /featureSource: was "tick", expected one of ticks, candles/],
  ["label", "up", /label: was "up", expected one of direction, triple-barrier/],
  ["costs", "free", /costs: was "free", expected one of ftmo, spot, perpetual/],
  ["costs", "toString", /expected one of ftmo/],
  ["horizonBars", 0, /horizonBars: was 0, expected a whole number from 1 to 1440/],
  ["horizonBars", 1.5, /horizonBars/],
  ["latencyMs", -1, /latencyMs: was -1, expected a number from 0 to 60000/],
  ["folds", 0, /folds: was 0, expected a whole number from 1 to 999/],
  ["coverage", 0, /coverage: was 0, expected a share above 0, at most 1/],
  ["coverage", 20, /coverage/],
  ["coverage", Number.NaN, /coverage/],
  ["embargoBars", -1, /embargoBars: was -1, expected a whole number from 0, or null/],
] as const)("%s %s is refused with its name and what it may be", (name, value, words) => {
  const ask = () => askedExperiment({ ...USUAL, [name]: value });
  expect(ask).toThrow(OptionError);
  expect(ask).toThrow(words);
});
