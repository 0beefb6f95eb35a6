import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { expect, test } from "vitest";

test("a reader that goes away, as `| head` does, leaves no stack trace", async () => {
  const program = path.join(__dirname, "tickbook.js");
  const child = spawn(process.execPath, [program, "--help"]);
  child.stdout.destroy();
  let complained = "";
  child.stderr.on("data", (text) => {
    complained += String(text);
  });
  const [code] = await once(child, "close");
  expect(complained).toBe("");
  expect(code).toBe(0);
});
