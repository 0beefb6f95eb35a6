import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { cachedFolder } from "./cached-folder.js";

let cache = "";
beforeEach(() => {
  cache = path.join(mkdtempSync(path.join(tmpdir(), "tickbook-cache-")), "cache");
});
afterEach(() => rmSync(path.dirname(cache), { recursive: true, force: true }));

const fill = async (folder: string): Promise<void> => {
  writeFileSync(path.join(folder, "file"), folder);
};

test("a folder is filled once, aside, also by two at the same time", async () => {
  const both = await Promise.all([
    cachedFolder(cache, "one", fill),
    cachedFolder(cache, "one", fill),
  ]);
  const never = async (): Promise<void> => {
    throw new Error("it was there");
  };
  expect([...both, await cachedFolder(cache, "one", never)]).toEqual(
    Array(3).fill(path.join(cache, "one")),
  );
  expect(readdirSync(cache)).toEqual(["one"]);
  expect(readFileSync(path.join(cache, "one", "file"), "utf8")).toContain("unfinished-");
});

test("a folder that could not be filled is not there, and nothing is left of it", async () => {
  const failing = cachedFolder(cache, "one", async (folder) => {
    await fill(folder);
    throw new Error("half-way");
  });
  await expect(failing).rejects.toThrow("half-way");
  expect(existsSync(cache) && readdirSync(cache)).toEqual([]);
});
