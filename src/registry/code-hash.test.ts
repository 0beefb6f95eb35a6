import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { contentHash } from "../core/content-hash.js";
import { codeHash } from "./code-hash.js";

test("code that decides a fit changes the hash; tests and other folders do not", async () => {
  const project = await mkdtemp(path.join(tmpdir(), "tickbook-code-"));
  try {
    for (const folder of ["models", "core", "training"]) {
      await cp(path.resolve(__dirname, "..", folder), path.join(project, "src", folder), {
        recursive: true,
      });
    }
    const before = await codeHash({ project });
    const write = (file: string) => writeFile(path.join(project, "src", file), "changed");
    await write("models/lstm.test.ts");
    await write("training/test-dataset.ts");
    await write("index.ts");
    expect(await codeHash({ project })).toBe(before);
    await write("models/lstm.ts");
    const changed = await codeHash({ project });
    expect(changed).not.toBe(before);
    await write("core/new-file.ts");
    expect(await codeHash({ project })).not.toBe(changed);
  } finally {
    await rm(project, { recursive: true });
  }
});

test("an evaluation's hash knows trading and gates, a prediction's only what a fitted model is fed", async () => {
  const project = await mkdtemp(path.join(tmpdir(), "tickbook-code-"));
  const write = async (folder: string): Promise<void> => {
    await mkdir(path.join(project, "src", folder), { recursive: true });
    await writeFile(path.join(project, "src", folder, "a.ts"), `${folder}`);
  };
  const hashes = async () => ({
    fit: await codeHash({ project }),
    evaluation: await codeHash({ of: "evaluation", project }),
    prediction: await codeHash({ of: "prediction", project }),
  });
  const moved = async (folder: string): Promise<string[]> => {
    const before = await hashes();
    await write(folder);
    const after = await hashes();
    return (["fit", "evaluation", "prediction"] as const).filter((of) => before[of] !== after[of]);
  };
  try {
    for (const folder of ["core", "market", "features", "models"]) {
      expect(await moved(folder)).toEqual(["fit", "evaluation", "prediction"]);
    }
    for (const folder of ["dataset", "training"]) {
      expect(await moved(folder)).toEqual(["fit", "evaluation"]);
    }
    for (const folder of ["store", "trading", "evaluation", "registry"]) {
      expect(await moved(folder)).toEqual(["evaluation"]);
    }
    for (const folder of ["reporting", "cli"]) expect(await moved(folder)).toEqual([]);
  } finally {
    await rm(project, { recursive: true });
  }
});

test("a content's hash does not depend on key order, but on everything else", () => {
  const hash = contentHash({ a: 1, b: { c: [1, 2], d: "x" } });
  expect(contentHash({ b: { d: "x", c: [1, 2] }, a: 1 })).toBe(hash);
  expect(contentHash({ a: 1, b: { c: [2, 1], d: "x" } })).not.toBe(hash);
});
