// Would the campaign see a store that loses partitions while they are replaced?
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { builtSources } from "../../core/test-build.js";
import { TOGETHER } from "../beside/kinds.js";
import type { FaultResult } from "../campaign.js";
import { hasStood } from "../result-table.js";

const SEED = 7;

let folder: string;
let built: string;
/** What all campaigns begin with, as JSON. */
let scene: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "tickbook-beside-"));
  built = await builtSources();
  const place = JSON.stringify(path.join(folder, "scene"));
  scene = await inBuild(`besideScene(${place}, { rows: 3000, seed: ${SEED} })`);
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/**
 * Runs kinds of the small campaign.
 *
 * @param fault - loaded into every child, with its role at hand
 */
async function campaign(kinds: readonly string[], fault = ""): Promise<readonly FaultResult[]> {
  const own = await mkdtemp(path.join(folder, "run-"));
  const preload = path.join(own, "fault.cjs");
  await writeFile(preload, `${FAULTS}\n${fault}`);
  await mkdir(path.join(own, "work"));
  const options = `{ seed: ${SEED}, isFull: false, folder: ${JSON.stringify(path.join(own, "work"))},
    onProgress: () => undefined, scene: ${scene} }`;
  const chosen = `TOGETHER.filter(({ name }) => ${JSON.stringify(kinds)}.includes(name))`;
  const results = await inBuild(`runKinds(${chosen}, ${options})`, `--require=${preload}`);
  const isKilling = TOGETHER.some(({ name, kill }) => kill !== undefined && kinds.includes(name));
  expect(await readdir(path.join(own, "work"))).toEqual(isKilling ? ["watched"] : []);
  return JSON.parse(results) as readonly FaultResult[];
}

/** Evaluates an expression in a process of the compiled sources, and gives its result as JSON. */
async function inBuild(expression: string, nodeOptions = ""): Promise<string> {
  const beside = path.join(built, "faults", "beside");
  const script = `
    const { TOGETHER } = require(${JSON.stringify(path.join(beside, "kinds.js"))});
    const { besideScene } = require(${JSON.stringify(path.join(beside, "scene.js"))});
    const { runKinds } = require(${JSON.stringify(path.join(beside, "run-kinds.js"))});
    ${expression}.then((result) => process.stdout.write(JSON.stringify(result)));`;
  const env = { ...process.env, NODE_OPTIONS: nodeOptions };
  return (await promisify(execFile)(process.execPath, ["-e", script], { env })).stdout;
}

/** What faults are made of. */
const FAULTS = `
  const promises = require("node:fs/promises");
  const timers = require("node:timers/promises");
  const { rename, rm, readdir } = promises;
  const isRole = (role) => (process.argv[2] ?? "").includes('"role":"' + role + '"');
  const isIn = (place, file) => String(file).split("/").includes(place);
  const isTaking = (from, to) => isIn("lake", from) && isIn(".tmp", to);`;

/** The two renames of a replacement are as far from each other as on a slow disk. */
const SLOW = `
  if (isRole("replace")) promises.rename = async (from, to) => {
    await rename(from, to);
    if (isTaking(from, to)) await timers.setTimeout(40);
  };`;

const LISTS = "lists beside replacements";
const SQL = "SQL beside replacements";

test("readers beside replacing, pruning and killed processes see one of both versions at every look", async () => {
  // Beside one replacing process that nothing disturbs, the kinds with prunes look in every way.
  const kinds = TOGETHER.filter(({ name, replacers, pruned, kill }) => {
    return replacers !== 1 || pruned !== undefined || kill !== undefined || name === LISTS;
  });
  const results = await campaign(kinds.map(({ name }) => name));
  expect(results.filter((result) => !hasStood(result))).toEqual([]);
  expect(results.length).toBeGreaterThanOrEqual(kinds.length - 1);
  for (const { note } of results) expect(note).toMatch(/^\d+ looks, a replacement in \d+ of them/);
}, 240_000);

test("a reader that does not look at what is set aside misses partitions, and the campaign says so", async () => {
  const blind = `
    if (isRole("look")) promises.readdir = async (folder, ...rest) => {
      if (isIn(".tmp", folder)) throw Object.assign(new Error("not seen"), { code: "ENOENT" });
      return readdir(folder, ...rest);
    };`;
  const [lists] = await campaign([LISTS], SLOW + blind);
  expect(lists).toMatchObject({ tries: 1, detected: 0, lost: 1, silent: 0 });
  expect(lists!.note).toMatch(/lost: try 0: (listPartitions|tableFolders|store list) missed lake/);
}, 120_000);

test("a commit that removes a partition and then puts the next in its place is found by all who look", async () => {
  const removing = `
    if (isRole("replace")) promises.rename = async (from, to) => {
      if (!isTaking(from, to)) return rename(from, to);
      await rm(from, { recursive: true });
      await timers.setTimeout(40);
    };`;
  const results = await campaign([SQL, LISTS], removing);
  expect(results.map(({ detected, lost }) => ({ detected, lost }))).toEqual([
    { detected: 0, lost: 1 },
    { detected: 0, lost: 1 },
  ]);
}, 120_000);

test("replacements that replace nothing are too few to have shown anything", async () => {
  const idle = `
    let left = 30;
    if (isRole("replace")) promises.rename = async (from, to) => {
      if (!isIn("lake", to)) return rename(from, to);
      if (left-- === 0) process.exit(0);
    };`;
  const [lists] = await campaign([LISTS], idle);
  expect(lists).toMatchObject({ tries: 1, detected: 0, lost: 0 });
  expect(lists!.note).toMatch(/lacked 1 looks with a replacement in them by listPartitions/);
}, 120_000);
