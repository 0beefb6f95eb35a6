// A bar on a terminal must neither hold a process nor keep Ctrl-C from it.
import { spawn } from "node:child_process";
import path from "node:path";
import { beforeAll, expect, test } from "vitest";
import { builtSources } from "../core/test-build.js";

let progress: string;
beforeAll(async () => {
  progress = path.join(await builtSources(), "cli", "progress.js");
});

/** Runs code in a process whose standard error says that it is a terminal; kills it when it has printed `now`. */
async function run(
  code: string,
  signal: NodeJS.Signals = "SIGKILL",
): Promise<{ readonly ended: NodeJS.Signals | number | null; readonly drawn: string }> {
  const script = `process.stderr.isTTY = true; process.stderr.columns = 200;
    for (const name of ["cursorTo", "clearLine", "moveCursor"]) process.stderr[name] ??= () => true;
    const { printProgress, endProgress } = require(${JSON.stringify(progress)});
    ${code}`;
  const child = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "pipe"] });
  let drawn = "";
  child.stderr.on("data", (text) => {
    drawn += String(text);
  });
  child.stdout.on("data", () => child.kill(signal));
  const ended = await new Promise<NodeJS.Signals | number | null>((resolve) => {
    child.once("close", (exit, by) => resolve(by ?? exit));
  });
  return { ended, drawn };
}

const SHOW_CURSOR = "\u001B[?25h";

test.each(["SIGINT", "SIGTERM"] as const)(
  "%s ends a process that shows a bar, and the cursor is seen again",
  async (signal) => {
    const code = 'printProgress(1, 10, "files"); console.log("now"); setTimeout(() => {}, 20_000);';
    const { ended, drawn } = await run(code, signal);
    expect(ended).toBe(signal);
    expect(drawn).toContain(SHOW_CURSOR);
  },
);

test("a bar that was ended half-way holds no process, and the next one begins anew", async () => {
  const code =
    'printProgress(1, 10, "files"); endProgress(); printProgress(1, 2, "days"); endProgress();';
  const { ended, drawn } = await run(code);
  expect(ended).toBe(0);
  expect(drawn).toMatch(/1\/10 files.*1\/2 days/s);
  expect(drawn.endsWith(SHOW_CURSOR) || drawn.includes(SHOW_CURSOR)).toBe(true);
});

test("a bar tells the time left in the words that it is given, else what the rate says", async () => {
  const given = await run('printProgress(1, 2, "batches", "at most 3 min"); endProgress();');
  expect(given.drawn).toContain("1/2 batches, at most 3 min left");
  const own = await run('printProgress(1, 2, "files"); endProgress();');
  expect(own.drawn).toMatch(/1\/2 files, \S+ left/);
});
