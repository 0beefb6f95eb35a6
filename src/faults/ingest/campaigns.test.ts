import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { builtSources } from "../../core/test-build.js";
import type { FaultResult } from "../campaign.js";
import { hasStood } from "../result-table.js";
import type { StepPlan, TracedStep } from "../steps/plan.js";

const run = promisify(execFile);

let folder: string;
let built: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "tickbook-campaigns-"));
  built = await builtSources();
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

test("no campaign's small run loses, doubles or silently changes anything", async () => {
  const names = ["kill-random", "kill-steps", "disk-full", "two-at-once", "same-bytes"];
  const main = JSON.stringify(path.join(built, "cli", "main.js"));
  const script = `require(${main}).main(process.argv.slice(1)).then((code) => { process.exitCode = code; })`;
  const campaign = async (...only: readonly string[]): Promise<readonly FaultResult[]> => {
    const args = ["-e", script, "--", "faults", "ingest", "--json", "--only", only.join(",")];
    const env = { ...process.env, TMPDIR: folder, HOME: path.join(folder, "home") };
    const { stdout, stderr } = await run(process.execPath, args, { env }).catch((failed) => failed);
    if (stdout === "") throw new Error(`the campaign ended without results: ${stderr}`);
    return (JSON.parse(stdout) as { readonly results: readonly FaultResult[] }).results;
  };
  const results = await campaign(...names);
  expect(results.filter((result) => !hasStood(result))).toEqual([]);
  const noteOf = (part: string): string =>
    results.find(({ fault }) => fault.includes(part))?.note ?? "no such row";
  // Without mounting, two of the rows are left out, and that is said.
  expect(noteOf("size limit").includes("2 rows of full disks are missing")).toBe(
    noteOf("the disk is full") === "no such row",
  );
  expect(results.length).toBeGreaterThanOrEqual(13);
  const tries = results.reduce((sum, result) => sum + result.tries, 0);
  expect(tries).toBeGreaterThan(20);
  expect(await readdir(folder)).toEqual([]);
}, 480_000);

test("a preloaded child's steps are seen in every way to call them, and it dies before the one named", async () => {
  const place = path.join(folder, "steps");
  const work = `
    const fs = require("node:fs");
    const { Worker, isMainThread } = require("node:worker_threads");
    const at = (name) => require("node:path").join(${JSON.stringify(place)}, name);
    if (isMainThread) (async () => {
      fs.mkdirSync(at("a/b"), { recursive: true });
      fs.writeFileSync(at("a/sync"), "one");
      await fs.promises.appendFile(at("a/promise"), "two");
      const handle = await fs.promises.open(at("a/handle"), "w");
      await handle.write(Buffer.from("three"));
      await handle.writev([Buffer.from("fo"), Buffer.from("ur")]);
      await handle.sync();
      await handle.close();
      await new Promise((done) => fs.writeFile(at("a/callback"), "five", done));
      await new Promise((done) => fs.createWriteStream(at("a/stream")).on("close", done).end("six"));
      fs.writeFileSync("/dev/null", "outside");
      await fs.promises.rename(at("a/sync"), at("a/moved"));
      fs.readFileSync(at("a/moved"));
      await new Promise((done) => new Worker(process.argv[1]).on("exit", done));
      await fs.promises.rm(at("a"), { recursive: true, force: true });
    })();
    else fs.writeFileSync(at("a/worker"), "seven");`;
  const script = path.join(folder, "work.cjs");
  await (await import("node:fs/promises")).writeFile(script, work);
  const steps = async (plan: Partial<StepPlan>): Promise<readonly TracedStep[]> => {
    const trace = path.join(folder, "trace.jsonl");
    await rm(trace, { force: true });
    await rm(place, { recursive: true, force: true });
    await mkdir(place);
    const preload = path.join(built, "faults", "steps", "preload.js");
    const TICKBOOK_STEP_PLAN = JSON.stringify({ folder: place, trace, ...plan });
    const env = { ...process.env, TICKBOOK_STEP_PLAN };
    const args = ["--require", preload, script];
    const ended = await run(process.execPath, args, { env }).catch((failed) => failed);
    expect(ended.signal ?? null).toBe(plan.killAt === undefined ? null : "SIGKILL");
    const lines = (await readFile(trace, "utf8")).trim().split("\n");
    return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as TracedStep);
  };
  const told = (all: readonly TracedStep[]): readonly string[] =>
    all.map(({ kind, path: file }) => `${kind} ${path.relative(place, file)}`);
  const write = (name: string): readonly string[] =>
    ["open", "write", "close"].map((kind) => `${kind} a/${name}`);
  const whole = await steps({});
  const made = [
    ...["mkdir a", "mkdir a/b", ...write("sync"), ...write("promise")],
    ...["open a/handle", "write a/handle", "write a/handle", "sync a/handle", "close a/handle"],
    ...[...write("callback"), ...write("stream"), "rename a/sync", ...write("worker")],
  ];
  const removed = ["b", "callback", "handle", "moved", "promise", "stream", "worker"];
  const unlinked = removed.map((name) => `${name === "b" ? "rmdir" : "unlink"} a/${name}`);
  expect(told(whole)).toEqual([...made, ...unlinked, "rmdir a"]);
  expect(whole.map(({ step }) => step)).toEqual(whole.map((_, i) => i + 1));

  // Before its tenth step the child has written five letters of nine.
  expect(told(await steps({ killAt: 11 }))).toEqual(made.slice(0, 10));
  expect(await readFile(path.join(place, "a", "handle"), "utf8")).toBe("three");
  await steps({ killAt: 11, isTorn: true });
  expect(await readFile(path.join(place, "a", "handle"), "utf8")).toBe("threefo");
  await steps({ killAt: made.length - 1, isTorn: true });
  expect(await readFile(path.join(place, "a", "worker"), "utf8")).toBe("se");
});
