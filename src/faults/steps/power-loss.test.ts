import { expect, test } from "vitest";
import type { StepKind, TracedStep } from "./plan.js";
import { appearances } from "./power-loss.js";

const isTemporary = (file: string): boolean => file.includes("/.tmp");

/** Steps one after the other, none beside another. */
function trace(...steps: readonly (readonly [StepKind, string, string?])[]): readonly TracedStep[] {
  return steps.map(([kind, path, to], i) => ({
    ...{ step: i + 1, begun: 2 * i, ended: 2 * i + 1, kind, path },
    ...(to === undefined ? {} : { to }),
  }));
}

/** A partition as it should be committed. */
const SAFE: readonly (readonly [StepKind, string, string?])[] = [
  ["mkdir", "/s"],
  ["sync", "/"],
  ["mkdir", "/s/.tmp"],
  ["mkdir", "/s/.tmp/1"],
  ["open", "/s/.tmp/1/table"],
  ["write", "/s/.tmp/1/table"],
  ["write", "/s/.tmp/1/table"],
  ["sync", "/s/.tmp/1/table"],
  ["open", "/s/.tmp/1/manifest"],
  ["write", "/s/.tmp/1/manifest"],
  ["sync", "/s/.tmp/1/manifest"],
  ["sync", "/s/.tmp/1"],
  ["mkdir", "/s/lake"],
  ["rename", "/s/.tmp/1", "/s/lake/day"],
  ["sync", "/s/lake"],
  ["sync", "/s"],
];

test("a commit in the right order is safe, and needs every one of its flushes", () => {
  const [whole] = appearances(trace(...SAFE), isTemporary);
  expect(whole).toEqual({ path: "/s/lake/day", unsafe: [] });
  const flushes = SAFE.flatMap(([kind], i) => (kind === "sync" ? [i] : []));
  for (const left of flushes) {
    const [without] = appearances(trace(...SAFE.filter((_, i) => i !== left)), isTemporary);
    expect(without!.unsafe).toHaveLength(1);
  }
});

test("a flush that came too early, failed, or ended after the rename began does not count", () => {
  const late = SAFE.map((step, i) => (i === 6 ? SAFE[7]! : i === 7 ? SAFE[6]! : step));
  expect(appearances(trace(...late), isTemporary)[0]!.unsafe).toEqual([
    "table was not flushed before the rename",
  ]);
  const failed = trace(...SAFE).map((step, i) => (i === 10 ? { ...step, error: "EIO" } : step));
  expect(appearances(failed, isTemporary)[0]!.unsafe).toEqual([
    "manifest was not flushed before the rename",
  ]);
  const beside = trace(...SAFE).map((step, i) => (i === 11 ? { ...step, ended: 27.5 } : step));
  expect(appearances(beside, isTemporary)[0]!.unsafe).toEqual([
    "its folder was not flushed before the rename",
  ]);
});

test("a file written under its final name is never safe; one moved twice keeps its history", () => {
  expect(appearances(trace(["open", "/s/lake/day"]), isTemporary)).toEqual([
    { path: "/s/lake/day", unsafe: ["it was written under its final name"] },
  ]);
  const moved = trace(
    ["open", "/s/.tmp/a"],
    ["write", "/s/.tmp/a"],
    ["rename", "/s/.tmp/a", "/s/.tmp/b"],
    ["rename", "/s/.tmp/b", "/s/day"],
    ["sync", "/s"],
  );
  expect(appearances(moved, isTemporary)[0]!.unsafe).toEqual([
    "b was not flushed before the rename",
  ]);
});
