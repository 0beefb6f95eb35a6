import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { readDotEnv } from "./dot-env.js";
import { OptionError } from "./errors.js";

test("a folder in the place of .env is wrong input", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "tickbook-dot-env-"));
  try {
    await mkdir(path.join(folder, ".env"));
    expect(() => readDotEnv(folder)).toThrow(OptionError);
    expect(() => readDotEnv(folder)).toThrow(/^\.env: is a folder, expected a file; remove it/);
  } finally {
    await rm(folder, { recursive: true });
  }
});
