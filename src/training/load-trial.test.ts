import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { OptionError } from "../core/errors.js";
import { readIfThere } from "./load-trial.js";

test("a folder in the place of a file is said with its place, and stays", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "tickbook-load-trial-"));
  const place = path.join(folder, "one-fold1.safetensors");
  expect(await readIfThere(place)).toBeUndefined();
  await mkdir(place);
  for (let time = 0; time < 2; time++) {
    const refused = await readIfThere(place).catch((error: unknown) => error);
    // Wrong input, and nothing of the data: what a fit left so far is kept.
    expect(refused).toBeInstanceOf(OptionError);
    expect(String(refused)).toContain(`${place}: is a folder, expected a file; take it away`);
  }
  await rm(folder, { recursive: true });
});
