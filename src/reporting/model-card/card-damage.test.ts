import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runCommandLine } from "../../cli/test-output.js";
import { evaluateTrial, trainTrial } from "../../registry/test-registry.js";
import { modelName, type Trial } from "../../registry/trial.js";
import { sampleEvaluation, sampleSource } from "./test-card.js";
import { type WrittenCard, writeModelCard } from "./write-model-card.js";

const evaluation = sampleEvaluation();
const logistic = evaluation.models.filter(({ model }) => model === "logistic");
const { verdict, gates, figures } = sampleSource({ ...evaluation, models: logistic }).record;

let root: string;
let trial: Trial;
let written: WrittenCard;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), "tickbook-cards-"));
  trial = await trainTrial(root, 1);
  await evaluateTrial(root, trial, { verdict, gates, figures, evaluation });
  written = await writeModelCard(root, { name: "logistic" });
});
afterEach(async () => {
  await rm(root, { recursive: true });
});

const models = (...argv: string[]) => runCommandLine("models", ...argv, "--data", root);

const edit = async (file: string, change: (text: string) => string) =>
  await writeFile(file, change(await readFile(file, "utf8")));

/** What may be done to a card, and the file that is named. */
const DEEDS: readonly (readonly [string, keyof WrittenCard & ("json" | "html"), () => unknown])[] =
  [
    [
      "a figure",
      "json",
      () => edit(written.json, (text) => text.replace(/"value": 0/, '"value": 1')),
    ],
    [
      "its entry",
      "json",
      () => edit(written.json, (text) => text.replace('"entry": 2', '"entry": 1')),
    ],
    ["no JSON", "json", () => writeFile(written.json, "")],
    ["no file", "json", () => rm(written.json)],
    ["a byte at its end", "html", () => appendFile(written.html, " ")],
    [
      "a script",
      "html",
      () => edit(written.html, (text) => text.replace("</body>", "<script></script>")),
    ],
    ["no page", "html", () => rm(written.html)],
  ];

test.each(DEEDS)(
  "a card with %s instead is damaged until it is written anew",
  async (_, which, deed) => {
    const texts = [await readFile(written.json, "utf8"), await readFile(written.html, "utf8")];
    expect((await models()).code).toBe(0);
    await deed();
    const { code, out } = await models();
    expect(code).toBe(1);
    expect(out).toContain(
      `damaged ${modelName(trial)}: ${written[which]}: is not what this version writes of its evaluation`,
    );
    const mended = await models("--mend");
    expect(mended.code).toBe(0);
    expect(mended.out).toContain(
      `card of ${modelName(trial)} written anew from its last evaluation\n`,
    );
    expect([await readFile(written.json, "utf8"), await readFile(written.html, "utf8")]).toEqual(
      texts,
    );
  },
);

test("a card of an earlier evaluation is whole, and one that was never written lacks nothing", async () => {
  await evaluateTrial(root, trial, { isVoid: true });
  expect((await models()).code).toBe(0);
  await rm(written.json);
  await rm(written.html);
  expect((await models()).code).toBe(0);
});
