import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type MeasuredRun, measuredChild, pythonOf } from "./measured-child.js";

const ROOT = path.resolve(__dirname, "..", "..");
const MIB = 2 ** 20;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "tickbook-measured-"));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

function python(code: string, timeoutSeconds = 60): Promise<MeasuredRun> {
  const outputFile = path.join(folder, "output");
  return measuredChild(ROOT, { command: [pythonOf(ROOT), "-c", code], outputFile, timeoutSeconds });
}

test("peak memory is the child's, also when it was given back before the end", async () => {
  const small = await python("print('small')");
  const large = await python("block = bytearray(120 << 20); del block; print('large')");
  expect(small.output).toBe("small\n");
  const added = (large.peakBytes - small.peakBytes) / MIB;
  expect(added).toBeGreaterThan(115);
  expect(added).toBeLessThan(125);
});

test("a small child of a large process counts as small", async () => {
  const ballast = Buffer.alloc(300 * MIB, 1);
  const { peakBytes } = await python("print(1)");
  expect(ballast[7]).toBe(1);
  expect(peakBytes / MIB).toBeLessThan(100);
});

test("memory of children that live at the same time is added up", async () => {
  if (process.platform !== "linux") return;
  const child = "import sys; block = bytearray(60 << 20); print(1, flush=True); sys.stdin.read()";
  const { peakBytes } = await python(`
import subprocess, sys, time
children = [subprocess.Popen([sys.executable, "-c", ${JSON.stringify(child)}],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE) for _ in range(2)]
for child in children: child.stdout.readline()
time.sleep(1)
for child in children: child.communicate()`);
  expect(peakBytes / MIB).toBeGreaterThan(120);
});

test("processor time is counted, of its children too", async () => {
  const work = "import time\nwhile time.process_time() < 0.3: pass";
  const { cpuSeconds } = await python(
    `import subprocess, sys; subprocess.run([sys.executable, "-c", ${JSON.stringify(work)}])`,
  );
  expect(cpuSeconds).toBeGreaterThan(0.3);
});

test("a program that fails is an error that ends with its complaint", async () => {
  await expect(python("import sys; sys.exit('no such day')")).rejects.toThrow(
    /ended with exit code 1: no such day/,
  );
});

test("a program that does not end is ended", async () => {
  await expect(python("import time; time.sleep(600)", 1)).rejects.toThrow(/did not end within 1 s/);
});

test("a program that is not there is an error that names it", async () => {
  const missing = { command: ["no-such-program-here"], outputFile: "/dev/null" };
  await expect(measuredChild(ROOT, missing)).rejects.toThrow(/no-such-program-here/);
});
