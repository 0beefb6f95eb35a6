import { homedir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { cacheFolder } from "./cache.js";

test("TICKBOOK_CACHE is stronger than XDG_CACHE_HOME, which is stronger than the home folder", () => {
  expect(cacheFolder({ TICKBOOK_CACHE: "/a", XDG_CACHE_HOME: "/b" })).toBe("/a");
  expect(cacheFolder({ TICKBOOK_CACHE: "", XDG_CACHE_HOME: "/b" })).toBe("/b/tickbook");
  expect(cacheFolder({})).toBe(path.join(homedir(), ".cache", "tickbook"));
});
