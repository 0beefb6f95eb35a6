import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { runCommandLine } from "../cli/test-output.js";
import { promote } from "./promotion.js";
import { evaluateTrial, trainTrial } from "./test-registry.js";
import { modelName, type Trial, versionOf } from "./trial.js";

let folder: string;
let whole: string;
let root: string;
let trial: Trial;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "tickbook-things-"));
  whole = path.join(folder, "whole");
  trial = await trainTrial(whole, 1);
  await evaluateTrial(whole, trial);
  await promote(whole, { name: trial.model, version: versionOf(trial.key) });
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});
beforeEach(async () => {
  root = path.join(folder, "copy");
  await rm(root, { recursive: true, force: true });
  await cp(whole, root, { recursive: true });
});

const READING = ["models", "trials", "promote", "demote"];
const ADDING = ["models --mend", "promote", "demote"];

type Wrong = readonly [
  place: string,
  kind: "folder" | "file" | "loop",
  said: RegExp,
  refused: readonly string[],
];
const WRONG: readonly Wrong[] = [
  ["trials.jsonl", "folder", /is a folder.*take it away, and bring the ledger back/, READING],
  ["trials.jsonl", "loop", /is a link that leads to itself; .*bring the ledger back/, READING],
  ["promoted.json", "folder", /is a folder.*take it away, and write it anew .*--mend`/, READING],
  ["promoted.json", "loop", /is a link that leads to itself; .*--mend`/, READING],
  ["trials.jsonl.lock", "folder", /is a folder, expected a file; take it away\n/, ADDING],
  ["trials.jsonl.lock", "loop", /is a link that leads to itself; take it away\n/, ADDING],
  ["", "loop", /registry: is a link that leads to itself; .*bring the folder back/, READING],
  ["", "file", /registry: is a file, expected a folder; .*bring the folder back/, READING],
  ["models", "loop", /models: is a link that leads to itself; take it away\n/, READING],
  ["models", "file", /models: is a file, expected a folder; take it away\n/, READING],
];

test.each(WRONG)(
  "where %j is a %s is said in a sentence, by every command",
  async (name, kind, said, refused) => {
    const place = path.join(root, "registry", name);
    await rm(place, { recursive: true, force: true });
    if (kind === "folder") await mkdir(place);
    if (kind === "file") await writeFile(place, "x");
    if (kind === "loop") await symlink(path.basename(place), place);
    for (const command of new Set([...refused, "models --mend"])) {
      const [first = "", ...more] = command.split(" ");
      const model = ["promote", "demote"].includes(first) ? [modelName(trial)] : [];
      // Signed off by another one, so that there is something to add.
      const signed = first === "promote" ? ["--sign-off", "Ann"] : [];
      const { code, err } = await runCommandLine(
        first,
        ...model,
        ...signed,
        ...more,
        "--data",
        root,
      );
      expect([command, code]).toEqual([command, 1]);
      expect(err).toMatch(said);
      expect(err).toContain(place);
    }
  },
);
