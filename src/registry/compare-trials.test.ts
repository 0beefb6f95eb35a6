import { expect, test } from "vitest";
import { compareTrials } from "./compare-trials.js";
import type { Trial } from "./trial.js";

const ensemble = (key: string, ...members: readonly string[]): Trial => ({
  kind: "trial",
  key,
  model: "ensemble",
  data: "d",
  code: "c",
  settings: {
    model: "ensemble",
    members: members.map((name) => ({ name, seed: 1, settings: { units: [32, 16] } })),
  },
  seed: 1,
  backend: "plain",
  figures: {},
  bundle: "",
  part: "",
  number: 1,
  previous: "",
  hash: "",
});

test("ensembles are told apart by the names of their members, which stand for their settings", () => {
  const trials = [ensemble("1", "logistic@1", "mlp@2"), ensemble("2", "logistic@1", "lstm@3")];
  const compared = trials.map((trial) => ({ trial, content: undefined }));
  expect(compareTrials(compared, { evaluations: new Map() }).differences).toEqual([
    { what: "setting members", values: ["logistic@1, mlp@2", "logistic@1, lstm@3"] },
  ]);
});
