import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { readDotEnv } from "../core/dot-env.js";
import { takeKeys } from "./keys.js";

test("keys of .env are taken where the environment has none, and nothing else is", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "tickbook-keys-"));
  try {
    expect(readDotEnv(folder)).toEqual({});
    const lines = ["TARDIS_API_KEY=of-the-file", 'TICKBOOK_SERVER_KEY="own key"', "PATH=elsewhere"];
    await writeFile(path.join(folder, ".env"), `${lines.join("\n")}\n`);
    const environment = { TARDIS_API_KEY: "of-the-environment", PATH: "here" };
    takeKeys(environment, readDotEnv(folder));
    expect(environment).toEqual({
      TARDIS_API_KEY: "of-the-environment",
      TICKBOOK_SERVER_KEY: "own key",
      PATH: "here",
    });
  } finally {
    await rm(folder, { recursive: true });
  }
});
