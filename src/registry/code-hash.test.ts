import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
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
    const before = await codeHash(project);
    const write = (file: string) => writeFile(path.join(project, "src", file), "changed");
    await write("models/lstm.test.ts");
    await write("training/test-dataset.ts");
    await write("index.ts");
    expect(await codeHash(project)).toBe(before);
    await write("models/lstm.ts");
    const changed = await codeHash(project);
    expect(changed).not.toBe(before);
    await write("core/new-file.ts");
    expect(await codeHash(project)).not.toBe(changed);
  } finally {
    await rm(project, { recursive: true });
  }
});

test("a content's hash does not depend on key order, but on everything else", () => {
  const hash = contentHash({ a: 1, b: { c: [1, 2], d: "x" } });
  expect(contentHash({ b: { d: "x", c: [1, 2] }, a: 1 })).toBe(hash);
  expect(contentHash({ a: 1, b: { c: [2, 1], d: "x" } })).not.toBe(hash);
});
