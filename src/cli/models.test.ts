import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { writeBundle } from "../registry/bundles.js";
import { readLedger } from "../registry/ledger.js";
import { evaluateTrial, trainTrial } from "../registry/test-registry.js";
import { modelName, type Trial, versionOf } from "../registry/trial.js";
import { runCommandLine } from "./test-output.js";

/** Hash of the installed code of evaluations; a test may install another. */
const installed = vi.hoisted(() => ({ evaluation: "1", prediction: "1" }));
vi.mock("../registry/code-hash.js", () => ({
  codeHash: async ({ of }: { readonly of: keyof typeof installed }) => installed[of],
}));

let root = "";
beforeEach(() => {
  installed.evaluation = "1";
  root = mkdtempSync(path.join(tmpdir(), "tickbook-models-"));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

const run = (...argv: string[]) => runCommandLine(...argv, "--data", root);
const bundleFile = ({ model, key }: Trial, name: string) =>
  path.join(root, "registry", "models", model, versionOf(key), name);

test("a line a model: what it predicts, accuracy beside majority, last verdict, standing, files", async () => {
  const promoted = await trainTrial(root, 1);
  const failed = await trainTrial(root, 2);
  const unseen = await trainTrial(root, 3);
  await evaluateTrial(root, unseen, { verdict: "undecided", gates: [], figures: {} });
  const sharpe = { name: "sharpe", verdict: "fail", value: 0, margin: -1 } as const;
  await evaluateTrial(root, failed, { verdict: "fail", gates: [sharpe] });
  await evaluateTrial(root, promoted);
  expect((await run("promote", modelName(promoted), "--sign-off", "Ann")).code).toBe(0);
  const { code, out } = await run("models");
  expect(code).toBe(0);
  const lines = out.trimEnd().split("\n");
  expect(lines[0]).toMatch(
    /^model +predicts +accuracy % +majority % +last evaluation +standing +files$/,
  );
  expect(lines[1]).toMatch(
    new RegExp(
      `^${modelName(promoted)} +SIMULATED simulated BTCUSDT from ticks, direction of the mid over 15 min +71.0 +51.0 +pass, 10 of 10 gates +promoted in entry 7, Ann +2 whole$`,
    ),
  );
  expect(lines[2]).toMatch(/71\.0 +51\.0 +fail, 0 of 1 gates +not promoted +2 whole$/);
  expect(lines[3]).toMatch(new RegExp(`^${modelName(unseen)}.* 53\\.0 +— +never evaluated +not`));
  const json = JSON.parse((await run("models", "--json")).out) as { models: object[] };
  expect(json.models).toHaveLength(3);
  expect(json.models[0]).toMatchObject({
    name: "logistic",
    version: versionOf(promoted.key),
    exchange: "simulated",
    symbols: ["BTCUSDT"],
    horizonBars: 15,
    isSimulated: true,
    source: "ticks",
    labelKind: "mid",
    labelRule: { kind: "direction" },
    evaluation: { verdict: "pass", isVoid: false, trials: { count: 3, unknown: 1 } },
    standing: "promoted",
    promotion: { since: 7, signOff: "Ann" },
    isWhole: true,
  });
});

test("an ensemble's members are told beside it, with their weights", async () => {
  const members = [
    { name: "logistic@0a1b2c3d4e5f", weights: [0.75], voices: [0.9] },
    { name: "mlp@0a1b2c3d4e5f", weights: [0.25], voices: [0.1] },
  ];
  const trial = await trainTrial(root, 1, "ensemble", { members });
  await trainTrial(root, 2);
  const { out } = await run("models");
  expect(out).toContain(`${modelName(trial)}, member logistic@0a1b2c3d4e5f: weight 0.75, 90 %`);
  expect(out.match(/, member /g)).toHaveLength(2);
  const json = JSON.parse((await run("models", "--json")).out) as { models: object[] };
  expect(json.models[0]).toMatchObject({ name: "ensemble", members });
  expect(json.models[1]).not.toHaveProperty("members");
});

test("a damaged file is named and exits 1; a folder that was removed is left out unless promoted", async () => {
  const whole = await trainTrial(root, 1);
  const damaged = await trainTrial(root, 2);
  const removed = await trainTrial(root, 3);
  writeFileSync(bundleFile(damaged, "fold2.safetensors"), "x");
  rmSync(bundleFile(removed, ""), { recursive: true });
  const first = await run("models");
  expect(first.code).toBe(1);
  expect(first.out).toMatch(
    /2 whole\n.* damaged\ndamaged .*fold2\.safetensors: had another SHA-256/,
  );
  expect(first.out).not.toContain(modelName(removed));
  rmSync(bundleFile(damaged, ""), { recursive: true });
  await evaluateTrial(root, whole);
  expect((await run("promote", modelName(whole))).code).toBe(0);
  rmSync(bundleFile(whole, "bundle.json"));
  const second = await run("models", "--json");
  expect(second.code).toBe(1);
  expect(JSON.parse(second.out)).toMatchObject({
    models: [
      {
        standing: "promoted",
        isWhole: false,
        damage: expect.stringContaining("bundle.json: is not there"),
      },
    ],
  });
});

test("a view that was changed stops every command until it is mended from the ledger", async () => {
  await trainTrial(root, 1);
  const view = path.join(root, "registry", "promoted.json");
  const text = readFileSync(view, "utf8");
  writeFileSync(view, text.replace('"promoted":[]', '"promoted":[{"name":"logistic"}]'));
  for (const command of ["models", "trials"]) {
    const { code, err } = await run(command);
    expect(code).toBe(1);
    expect(err).toMatch(/promoted\.json: was changed.*`npx tickbook models --mend`\n$/);
  }
  const mended = await run("models", "--mend");
  expect(mended.out).toMatch(/^promoted\.json written anew from the ledger\n/);
  expect(readFileSync(view, "utf8")).toBe(text);
  expect((await run("models", "--mend")).out).toMatch(/^promoted\.json was whole\n/);
});

test("a ledger that was cut with its view is refused; mending says what it sets aside, and N stays", async () => {
  await trainTrial(root, 1);
  const files = ["trials.jsonl", "promoted.json"].map((name) => path.join(root, "registry", name));
  const texts = files.map((file) => readFileSync(file, "utf8"));
  const cut = await trainTrial(root, 2);
  for (const [i, file] of files.entries()) writeFileSync(file, texts[i]!);
  for (const argv of [["models"], ["trials"], ["promote", modelName(cut)]]) {
    const { code, err } = await run(...argv);
    expect(code).toBe(1);
    expect(err).toMatch(/is a model that no entry of the ledger names: .* --mend`.*\n$/);
  }
  const mended = await run("models", "--mend");
  expect(mended.code).toBe(0);
  const place = path.join("registry", "set-aside", "2", "models", "logistic", versionOf(cut.key));
  expect(mended.out).toContain(`set aside ${place}: no entry named it\n1 place set aside: `);
  const { out } = await run("trials");
  expect(out).toContain("N = 2 tries of 1 trial in the ledger");
  expect(out).toContain(
    "of 1 model was set aside, because no entry named it; N counts it as tried",
  );
  expect(JSON.parse((await run("models", "--mend", "--json")).out)).toMatchObject({ setAside: [] });
});

test("a cut that took the view and the cut models' folders with it is warned of when it is mended, and recorded", async () => {
  await trainTrial(root, 1);
  await trainTrial(root, 2);
  const ledger = path.join(root, "registry", "trials.jsonl");
  const text = readFileSync(ledger, "utf8");
  const cut = await trainTrial(root, 3);
  writeFileSync(ledger, text);
  rmSync(bundleFile(cut, ""), { recursive: true });
  rmSync(path.join(root, "registry", "promoted.json"));
  expect((await run("models")).code).toBe(1);
  const { code, out } = await run("models", "--mend");
  expect(code).toBe(0);
  expect(out).toMatch(
    /^WARNING promoted\.json was not there, though the ledger has entries: whoever cut the ledger may have taken it away.* N may be too small.*--expect-head.*records that it was gone\npromoted\.json written anew from the ledger\n/,
  );
  expect(out).toMatch(/ledger head \w+ after 3 entries\n$/);
  expect((await run("trials")).out).toContain("promoted.json was gone before entry 3");
  expect((await run("models", "--mend")).out).toMatch(/^promoted\.json was whole\n/);
  rmSync(path.join(root, "registry", "promoted.json"));
  const json = JSON.parse((await run("models", "--mend", "--json")).out);
  expect(json).toMatchObject({ isRewritten: true, isViewGone: true, entries: 4 });
});

test("mending goes on where a card's evaluation was cut, and the card is told until it is evaluated again", async () => {
  const trial = await trainTrial(root, 1);
  const files = ["trials.jsonl", "promoted.json"].map((name) => path.join(root, "registry", name));
  const texts = files.map((file) => readFileSync(file, "utf8"));
  const { number } = await evaluateTrial(root, trial);
  const folder = path.join(root, "registry", "models", "logistic", versionOf(trial.key));
  writeFileSync(path.join(folder, "card.json"), JSON.stringify({ entry: number }));
  writeFileSync(path.join(folder, "card.html"), "<p>");
  for (const [i, file] of files.entries()) writeFileSync(file, texts[i]!);
  for (let k = 0; k < 2; k++) {
    const { code, out, err } = await run("models", "--mend");
    expect([code, err]).toEqual([1, ""]);
    expect(out).toMatch(
      /card\.json: is of an evaluation that the ledger does not hold; evaluate it again/,
    );
  }
});

test("what a killed process left is named and stays", async () => {
  await trainTrial(root, 1);
  const version = "0a1b2c3d4e5f";
  await writeBundle(root, { name: "lstm", version, trial: version, content: {}, files: {} });
  const { code, out } = await run("models");
  expect(code).toBe(0);
  expect(out).toMatch(/not recorded registry\/models\/lstm\/0a1b2c3d4e5f: .* killed, or .*; train/);
});

test("the head is printed, found when it was noted, and missed when the ledger lost it", async () => {
  await trainTrial(root, 1);
  await trainTrial(root, 2);
  const { head } = await readLedger(root);
  const listed = await run("models");
  expect(listed.out).toMatch(new RegExp(`\nledger head ${head.slice(0, 12)} after 2 entries\n$`));
  expect(JSON.parse((await run("models", "--json")).out)).toMatchObject({ head, entries: 2 });
  await trainTrial(root, 3);
  const found = await run("models", "--expect-head", head.slice(0, 12).toUpperCase());
  expect(found.out).toMatch(/the expected head is entry 2: all up to it is as it was then\n$/);
  rmSync(path.join(root, "registry"), { recursive: true });
  await trainTrial(root, 1);
  for (const argv of [["models"], ["models", "--mend"]]) {
    const { code, err } = await run(...argv, "--expect-head", head);
    expect(code).toBe(1);
    expect(err).toMatch(/trials\.jsonl: has no entry with the hash .* written anew or cut/);
  }
});

test("an evaluation by other code is stale, and its model is not promoted", async () => {
  const trial = await trainTrial(root, 1);
  await evaluateTrial(root, trial);
  const evaluated = async () =>
    (JSON.parse((await run("models", "--json")).out) as { models: { evaluation: object }[] })
      .models[0]!.evaluation;
  expect(await evaluated()).toMatchObject({ verdict: "pass", isStale: false });
  installed.evaluation = "2";
  expect(await evaluated()).toMatchObject({ verdict: "pass", isStale: true });
  expect((await run("models")).out).toContain("pass, 10 of 10 gates; stale, by other code");
  const { code, err } = await run("promote", modelName(trial));
  expect(code).toBe(1);
  expect(err).toMatch(/by other code than this version's; evaluate it with `npx tickbook evaluate/);
});

test("every file of a model's folder is checked: older evaluations, and what nobody wrote there", async () => {
  const trial = await trainTrial(root, 1);
  const { evaluation: older } = await evaluateTrial(root, trial, { isVoid: true });
  await evaluateTrial(root, trial);
  expect((await run("models")).code).toBe(0);
  const file = bundleFile(trial, `evaluations/${older.slice(0, 12)}.json`);
  const text = readFileSync(file, "utf8");
  writeFileSync(file, text.replace("0.71", "0.91"));
  for (const name of ["evil.js", "evaluations/evil.json"])
    writeFileSync(bundleFile(trial, name), "x");
  // What a kill left half-written is no file yet.
  const unfinished = "card.json.7d9f6a44-0a9b-4a51-8cf4-0d8d0f3f5b1e.tmp";
  writeFileSync(bundleFile(trial, unfinished), "x");
  const { code, out } = await run("models");
  expect(code).toBe(1);
  expect(out).toContain(
    `damaged ${modelName(trial)}: ${file}: had another SHA-256 than the ledger says; bring it back from a copy, or delete it: a later evaluation counts; ` +
      `${bundleFile(trial, "evil.js")}: is no file of this model; delete it; ` +
      `${bundleFile(trial, "evaluations/evil.json")}: is no file of this model; delete it\n`,
  );
});

test("an evaluation that is gone is lost once another counts, and damage while it is the last or promoted on", async () => {
  const trial = await trainTrial(root, 1);
  const fileOf = ({ evaluation }: { evaluation: string }) =>
    bundleFile(trial, `evaluations/${evaluation.slice(0, 12)}.json`);
  const older = fileOf(await evaluateTrial(root, trial, { isVoid: true }));
  rmSync(older);
  const last = await run("models");
  expect(last.code).toBe(1);
  expect(last.out).toContain(`damaged ${modelName(trial)}: ${older}: is not there; evaluate again`);
  const passed = fileOf(await evaluateTrial(root, trial));
  const whole = await run("models");
  expect(whole.code).toBe(0);
  expect(whole.out).toContain(
    `lost ${modelName(trial)}: ${older}: is not there; a later evaluation counts, and what it said is not known any more\n`,
  );
  expect(JSON.parse((await run("models", "--json")).out)).toMatchObject({
    models: [{ isWhole: true, lost: [older] }],
  });
  await run("promote", modelName(trial));
  const newer = await evaluateTrial(root, trial, { isVoid: true });
  rmSync(passed);
  const promoted = await run("models");
  expect(promoted.code).toBe(1);
  expect(promoted.out).toContain(
    `${passed}: is not there; evaluate and promote again, or demote the model: it was promoted on this`,
  );
  await run("demote", modelName(trial));
  expect((await run("models")).code).toBe(0);
  rmSync(fileOf(newer));
  expect((await run("models")).code).toBe(1);
  // The same evaluation again brings its file back.
  await evaluateTrial(root, trial, { isVoid: true });
  expect((await run("models")).code).toBe(0);
});

test("where nothing was recorded yet, there is nothing to mend", async () => {
  const mended = await run("models", "--mend");
  expect(mended.code).toBe(0);
  expect(mended.out).toMatch(/^no ledger yet: nothing to mend\nno models yet/);
  expect(mended.out).not.toContain("promoted.json");
});
