import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { canonicalJson } from "../core/content-hash.js";
import { DataError, GateError } from "../core/errors.js";
import { entryOf } from "./entries.js";
import { loadPromoted } from "./load-promoted.js";
import { promote } from "./promotion.js";
import { evaluateTrial, trainTrial } from "./test-registry.js";
import { type Trial, versionOf } from "./trial.js";

/** Hash of the installed code; a test may install another. */
const installed = vi.hoisted(() => ({ evaluation: "evaluation 1", prediction: "prediction 1" }));
vi.mock("./code-hash.js", () => ({
  codeHash: async ({ of }: { readonly of: keyof typeof installed }) => installed[of],
}));

let root: string;
beforeEach(async () => {
  Object.assign(installed, { evaluation: "evaluation 1", prediction: "prediction 1" });
  root = await mkdtemp(path.join(tmpdir(), "tickbook-stale-"));
});
afterEach(async () => {
  await rm(root, { recursive: true });
});

const named = ({ model: name, key }: Trial) => ({ name, version: versionOf(key) });
const load = ({ model, key }: Trial) =>
  loadPromoted(root, model, versionOf(key), { catalogueHash: "catalogue 1" });

test("an evaluation by other code promotes nothing until it is made again", async () => {
  const trial = await trainTrial(root, 1);
  expect(await evaluateTrial(root, trial)).toMatchObject({ code: "evaluation 1" });
  installed.evaluation = "evaluation 2";
  const refused = promote(root, named(trial));
  await expect(refused).rejects.toThrow(GateError);
  await expect(refused).rejects.toThrow(
    `was evaluated by other code than this version's; evaluate it with \`npx tickbook evaluate --model logistic@${versionOf(trial.key)}\` again`,
  );
  // The same figures by other code are another evaluation.
  expect((await evaluateTrial(root, trial)).number).toBe(3);
  expect(await promote(root, named(trial))).toMatchObject({ code: "prediction 1" });
});

test("a promoted model runs on when evaluations change, and not when its predictions may", async () => {
  const trial = await trainTrial(root, 1);
  await evaluateTrial(root, trial);
  await promote(root, named(trial));
  installed.evaluation = "evaluation 2";
  await load(trial);
  installed.prediction = "prediction 2";
  const refused = load(trial);
  await expect(refused).rejects.toThrow(DataError);
  await expect(refused).rejects.toThrow(
    /^logistic@\w+, code: was promoted in entry 3 with other code of features and models \(prediction 1\)/,
  );
  await evaluateTrial(root, trial);
  await promote(root, named(trial));
  await load(trial);
});

test("evaluations and promotions from before their code was recorded are read, and are of other code", async () => {
  const trial = await trainTrial(root, 1);
  const { code: _, ...evaluation } = await evaluateTrial(root, trial);
  const read = (entry: object) =>
    entryOf(JSON.parse(canonicalJson(entry)) as Record<string, unknown>);
  expect(read(evaluation)).toEqual({ ...evaluation, code: "" });
  const { code: __, ...promotion } = await promote(root, named(trial));
  expect(read(promotion)).toEqual({ ...promotion, code: "" });
});
