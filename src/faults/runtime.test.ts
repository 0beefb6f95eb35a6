import { execFile } from "node:child_process";
import { chmod, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { builtSources } from "../core/test-build.js";
import type { FaultResult } from "./campaign.js";
import { hasStood } from "./result-table.js";

let folder: string;
let built: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "tickbook-runtime-faults-"));
  // The servers below it are another user's where tests run as root.
  await chmod(folder, 0o755);
  built = await builtSources();
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

test("whatever is done to a run, no order is lost, doubled or unlogged, and it comes to the same end", async () => {
  const main = JSON.stringify(path.join(built, "cli", "main.js"));
  const script = `require(${main}).main(process.argv.slice(1)).then((code) => { process.exitCode = code; })`;
  const args = ["-e", script, "--", "faults", "runtime", "--json"];
  const env = { ...process.env, TMPDIR: folder, HOME: path.join(folder, "home") };
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { env }).catch(
    (failed) => failed,
  );
  if (stdout === "") throw new Error(`the campaigns ended without results: ${stderr}`);
  const { results, failed } = JSON.parse(stdout) as {
    readonly results: readonly FaultResult[];
    readonly failed: readonly unknown[];
  };
  expect(failed).toEqual([]);
  expect(results.filter((result) => !hasStood(result))).toEqual([]);
  expect(results.length).toBe(10);
  const stops = results.slice(0, 5).reduce((sum, { tries }) => sum + tries, 0);
  expect(stops).toBeGreaterThan(25);
  expect(await readdir(folder)).toEqual([]);
}, 480_000);
