import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { runCommandLine } from "./test-output.js";

const folder = mkdtempSync(path.join(tmpdir(), "tickbook-absent-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const COMMANDS = [
  ["models"],
  ["models", "--mend"],
  ["trials"],
  ["promote", "logistic@0123456789ab"],
  ["demote", "logistic@0123456789ab"],
  ["evaluate", "--model", "logistic"],
] as const;

for (const argv of COMMANDS) {
  test(`\`${argv.join(" ")}\` of a store that is not there names its path and makes none`, async () => {
    const data = path.join(folder, "typo");
    const { code, err, out } = await runCommandLine(...argv, "--data", data);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain(`--data: was "${data}", which is not there`);
    expect(existsSync(data)).toBe(false);
  });
}
