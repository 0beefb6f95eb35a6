import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import {
  HFTBACKTEST_PACKAGES,
  POLARS_PACKAGES,
  SCIKIT_LEARN_PACKAGES,
  TA_LIB_PACKAGES,
} from "./rivals.js";

const TOOLS = path.resolve(__dirname, "../../tools");
const HASHED = /^[\w-]+==[\w.]+ [^\n]*\\\n +--hash=sha256:/;

/** Entries of a file of pins, without what stands above them. */
function entriesOf(file: string): readonly string[] {
  return readFileSync(path.join(TOOLS, file), "utf8")
    .split(/^(?=[\w-]+==)/m)
    .slice(1);
}

test("every package that a benchmark asks for is pinned with hashes, and no other", () => {
  const entries = entriesOf("requirements-bench.txt");
  const pinned = new Set(entries.map((entry) => entry.split("==")[0]));
  const asked = new Set([
    ...POLARS_PACKAGES,
    ...HFTBACKTEST_PACKAGES,
    ...SCIKIT_LEARN_PACKAGES,
    ...TA_LIB_PACKAGES,
  ]);
  expect([...pinned].sort()).toEqual([...asked].sort());
  for (const entry of entries) expect(entry).toMatch(HASHED);
});

test("PyTorch is pinned with hashes for every Python from 3.10 on, and nothing that only a GPU's run loads", () => {
  const entries = entriesOf("requirements-torch.txt");
  for (const entry of entries) expect(entry).toMatch(HASHED);
  const torch = entries.filter((entry) => entry.startsWith("torch=="));
  expect(torch.map((entry) => entry.split(" ")[3]).sort()).toEqual(["<", ">="]);
  const names = new Set(entries.map((entry) => entry.split("==")[0]));
  for (const name of ["sympy", "nvidia-cublas", "nvidia-cudnn-cu13"]) expect(names).toContain(name);
  for (const name of ["triton", "nvidia-cusolver"]) expect(names).not.toContain(name);
});

test("NautilusTrader is pinned with hashes, and all that it needs", () => {
  const entries = entriesOf("requirements-nautilus.txt");
  for (const entry of entries) expect(entry).toMatch(HASHED);
  const names = new Set(entries.map((entry) => entry.split("==")[0]));
  for (const name of ["nautilus-trader", "pandas", "pyarrow", "msgspec"])
    expect(names).toContain(name);
});
