import { execFile } from "node:child_process";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { builtSources } from "./test-build.js";

/** Priorities before, in and after work; in a process of its own, since they go down but not always up again. */
async function prioritiesOf(
  priority: number,
  options: { readonly uid?: number } = {},
): Promise<readonly number[]> {
  const file = path.join(await builtSources(), "core", "process-priority.js");
  const script = `
    const { getPriority } = require("node:os");
    const { withPriority } = require(${JSON.stringify(file)});
    const seen = [getPriority()];
    withPriority(${priority}, async () => seen.push(getPriority()))
      .then(() => console.log(JSON.stringify([...seen, getPriority()])));`;
  const { stdout } = await promisify(execFile)(process.execPath, ["-e", script], options);
  return JSON.parse(stdout) as readonly number[];
}

test("work has the priority that it asks for, where this user may have it, and the process its own again", async () => {
  const own = os.getPriority();
  expect((await prioritiesOf(own + 3)).slice(0, 2)).toEqual([own, own + 3]);
  const isRoot = process.getuid?.() === 0;
  const [before, within, after] = await prioritiesOf(own - 5);
  expect([before, after]).toEqual([own, own]);
  expect(isRoot ? [own, own - 5] : [own]).toContain(within);
});

test.runIf(process.getuid?.() === 0)(
  "where the system does not let a user go first, the work is done all the same",
  async () => {
    const own = os.getPriority();
    expect(await prioritiesOf(own - 5, { uid: 65_534 })).toEqual([own, own, own]);
  },
);
