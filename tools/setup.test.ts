// The set-up says what is missing, leaves nothing half done in the cache, and counts tests honestly.
import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { cached } from "./setup/places.mjs";
import { step } from "./setup/terminal.mjs";
import { count } from "./setup/vitest.mjs";
import { pinnedVersion } from "./setup/wheels.mjs";

let scratch = "";
beforeAll(() => {
  scratch = mkdtempSync(path.join(tmpdir(), "tickbook-setup-"));
});
afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});

function runSetup(
  environment: Record<string, string>,
  setup = path.join(__dirname, "setup.mjs"),
): { status: number | null; text: string } {
  const { status, stdout } = spawnSync(process.execPath, [setup], {
    env: environment,
    encoding: "utf8",
  });
  return { status, text: stdout };
}

test("a machine without npm is told which command installs it", () => {
  const { status, text } = runSetup({ PATH: scratch });
  expect(status).toBe(2);
  expect(text).toMatch(
    /✗ prerequisites +npm was not found; install it with `.*apt-get install nodejs npm`/,
  );
});

test("a machine without Python is told which command installs it", () => {
  const npm = path.join(scratch, "npm-cli.js");
  writeFileSync(npm, "");
  const { status, text } = runSetup({ PATH: scratch, npm_execpath: npm });
  expect(status).toBe(2);
  expect(text).toMatch(/Python 3\.10 or newer is needed and none was found; install it with `/);
});

/** A Python that says it is there and whose `venv` fails. */
function brokenPython(): string {
  const file = path.join(scratch, "broken-python");
  const has = { hasVenv: true, hasEnsurepip: true, hasPip: true, hasVirtualenv: false };
  const answer = JSON.stringify({ version: "3.11.0", executable: file, ...has });
  writeFileSync(file, `#!/bin/sh\n[ "$1" = -m ] && exit 3\necho '${answer}'\n`, { mode: 0o755 });
  return file;
}

test("a Python environment that cannot be made is a failed step, not a silent end", () => {
  const clone = path.join(scratch, "clone");
  cpSync(__dirname, path.join(clone, "tools"), { recursive: true });
  const npm = path.join(scratch, "npm-cli.js");
  writeFileSync(npm, "process.exit(1);");
  const environment = { PATH: scratch, npm_execpath: npm, TICKBOOK_PYTHON: brokenPython() };
  const { status, text } = runSetup(environment, path.join(clone, "tools", "setup.mjs"));
  expect(status).toBe(1);
  expect(text).toMatch(/✗ environment +python -m venv failed \(exit code 3\)/);
});

test("in an activated environment of the clone the Python outside makes it anew, not the one that is removed", () => {
  const clone = path.join(scratch, "activated");
  cpSync(__dirname, path.join(clone, "tools"), { recursive: true });
  const npm = path.join(scratch, "npm-cli.js");
  writeFileSync(npm, "process.exit(1);");
  const python = (folder: string): void => {
    mkdirSync(folder, { recursive: true });
    const file = path.join(folder, "python3");
    const has = { hasVenv: true, hasEnsurepip: true, hasPip: true, hasVirtualenv: false };
    const answer = JSON.stringify({ version: "3.11.0", executable: file, ...has });
    const script = `[ "$1" = -m ] && { /bin/mkdir -p "$3/bin"; exit 0; }`;
    writeFileSync(file, `#!/bin/sh\n${script}\necho '${answer}'\n`, { mode: 0o755 });
  };
  const [inside, outside] = [path.join(clone, ".venv", "bin"), path.join(scratch, "outside")];
  for (const folder of [inside, outside]) python(folder);
  const environment = { PATH: `${inside}${path.delimiter}${outside}`, npm_execpath: npm };
  const { text } = runSetup(environment, path.join(clone, "tools", "setup.mjs"));
  expect(text).toMatch(/✓ environment/);
  expect(existsSync(path.join(clone, ".venv", "bin"))).toBe(true);

  const named = { ...environment, TICKBOOK_PYTHON: path.join(inside, "python3") };
  python(inside);
  const refused = runSetup(named, path.join(clone, "tools", "setup.mjs"));
  expect(refused.status).toBe(2);
  expect(refused.text).toMatch(/none was found \(TICKBOOK_PYTHON is .*\.venv/);
});

test("a cache that cannot be written to is told in one sentence with a remedy", async () => {
  const file = path.join(scratch, "no-folder");
  writeFileSync(file, "");
  const lines: string[] = [];
  const write = vi.spyOn(process.stdout, "write").mockImplementation((line) => {
    lines.push(String(line));
    return true;
  });
  const make = (cache: string) => step("things", () => cached("thing", async () => {}, cache));
  try {
    for (const cache of [path.join(file, "cache"), "/proc/no-cache"]) {
      await expect(make(cache)).rejects.toMatchObject({ exitCode: 2 });
    }
  } finally {
    write.mockRestore();
  }
  for (const line of lines) expect(line).toMatch(/✗ things +E\w+: .*; .*TICKBOOK_CACHE/);
});

test("the cache holds a thing whole or not at all, also when two make it at once", async () => {
  const cache = path.join(scratch, "cache");
  const fill = async (folder: string): Promise<void> => {
    writeFileSync(path.join(folder, "half"), "");
    await new Promise((resolve) => setTimeout(resolve, 20));
    writeFileSync(path.join(folder, "whole"), "");
  };
  const fillBadly = (folder: string): Promise<void> =>
    fill(folder).then(() => Promise.reject(new Error("no")));
  await expect(cached("thing", fillBadly, cache)).rejects.toThrow("no");
  expect(readdirSync(cache)).toEqual([]);
  const made = await Promise.all([cached("thing", fill, cache), cached("thing", fill, cache)]);
  expect(new Set(made.map(({ folder }) => folder)).size).toBe(1);
  expect(readdirSync(cache)).toEqual(["thing"]);
  expect(readdirSync(made[0]!.folder)).toEqual(["half", "whole"]);
  expect((await cached("thing", fill, cache)).isNew).toBe(false);
});

test("test tools that cannot be had are a warning with the reason, and nothing half done is left", () => {
  const module = JSON.stringify(path.join(__dirname, "setup", "test-tools.mjs"));
  const script = `import(${module}).then(async (tools) => console.log(JSON.stringify(await tools.installTestTools())))`;
  const cache = path.join(scratch, "empty-cache");
  const index = { PIP_INDEX_URL: "http://127.0.0.1:1/simple", PIP_RETRIES: "0" };
  const environment = {
    PATH: scratch,
    TICKBOOK_CACHE: cache,
    PIP_CONFIG_FILE: "/dev/null",
    ...index,
  };
  const { stdout } = spawnSync(process.execPath, ["-e", script], {
    env: environment,
    encoding: "utf8",
  });
  expect(JSON.parse(stdout)).toEqual({
    mark: "warn",
    found: expect.stringMatching(
      /S3 server.*pip install failed \(exit code 1\).*will fail; ERROR: No/,
    ),
  });
  expect(readdirSync(cache)).toEqual([]);
});

test("every wheel that may be unpacked is pinned to one version", () => {
  expect(["tensorflow", "tensorflow-cpu", "ziglang"].map(pinnedVersion)).toEqual([
    expect.stringMatching(/^2\.\d+\.\d+$/),
    expect.stringMatching(/^2\.\d+\.\d+$/),
    expect.stringMatching(/^0\.\d+\.\d+$/),
  ]);
});

test("crashed files, unsound ends and empty runs count as failed", () => {
  const passing = { status: "passed", assertionResults: [{ status: "passed" }] };
  const crashed = { status: "failed", assertionResults: [] };
  const report = (numPassedTests: number, numFailedTests: number, testResults: unknown[]) => ({
    numPassedTests,
    numFailedTests,
    testResults,
  });
  expect(count(report(1, 0, [passing]), true)).toEqual({ passed: 1, failed: 0 });
  expect(count(report(1, 0, [passing, crashed]), false)).toEqual({ passed: 1, failed: 1 });
  const failing = { status: "failed", assertionResults: [{ status: "failed" }] };
  expect(count(report(1, 1, [passing, failing]), false)).toEqual({ passed: 1, failed: 1 });
  expect(count(report(1, 0, [passing]), false)).toEqual({ passed: 1, failed: 1 });
  expect(count(report(0, 0, []), true)).toEqual({ passed: 0, failed: 1 });
  expect(count(undefined, false)).toEqual({ passed: 0, failed: 1 });
});
