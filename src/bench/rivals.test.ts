import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import {
  HFTBACKTEST_PACKAGES,
  POLARS_PACKAGES,
  SCIKIT_LEARN_PACKAGES,
  TA_LIB_PACKAGES,
} from "./rivals.js";

const PINS = path.resolve(__dirname, "../../tools/requirements-bench.txt");

test("every package that a benchmark asks for is pinned with hashes, and no other", () => {
  const entries = readFileSync(PINS, "utf8")
    .split(/^(?=[\w-]+==)/m)
    .slice(1);
  const pinned = new Set(entries.map((entry) => entry.split("==")[0]));
  const asked = new Set([
    ...POLARS_PACKAGES,
    ...HFTBACKTEST_PACKAGES,
    ...SCIKIT_LEARN_PACKAGES,
    ...TA_LIB_PACKAGES,
  ]);
  expect([...pinned].sort()).toEqual([...asked].sort());
  for (const entry of entries) expect(entry).toMatch(/^[\w-]+==[\w.]+ [^\n]*\\\n +--hash=sha256:/);
});
