import { spawn } from "node:child_process";
import { once } from "node:events";
import { openSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";

const PROGRAM = path.join(__dirname, "tickbook.js");

test("a reader that goes away, as `| head` does, leaves no stack trace", async () => {
  const child = spawn(process.execPath, [PROGRAM, "--help"]);
  child.stdout.destroy();
  let complained = "";
  child.stderr.on("data", (text) => {
    complained += String(text);
  });
  const [code] = await once(child, "close");
  expect(complained).toBe("");
  expect(code).toBe(0);
});

test.each([
  ["lines", ["--help"]],
  ["a document in pieces", ["sql", "SELECT 1", "--json"]],
])(
  "standard output that cannot be written is one sentence and exit code 1: %s",
  async (_, args) => {
    const unwritable = openSync(PROGRAM, "r");
    const child = spawn(process.execPath, [PROGRAM, ...args], {
      stdio: ["ignore", unwritable, "pipe"],
    });
    let complained = "";
    child.stderr!.on("data", (text) => {
      complained += String(text);
    });
    const [code] = await once(child, "close");
    expect(complained).toMatch(/^tickbook: standard output could not be written \(EBADF\); .*\n$/);
    expect(code).toBe(1);
  },
);
