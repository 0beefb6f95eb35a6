import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { processPlace } from "../../core/process-place.js";
import { holdFile } from "./hold-file.js";
import { temporaryData } from "./test-databases.js";

const { data, remove } = temporaryData();
afterAll(remove);

const holder = (pid: number): string => JSON.stringify({ host: processPlace(), pid, id: "x" });

test("what is held is refused until it is released", async () => {
  const file = path.join(data, "held");
  const release = await holdFile(file, "the thing");
  await expect(holdFile(file, "the thing")).rejects.toThrow(
    `the thing is in use by process ${process.pid}`,
  );
  await release();
  expect(existsSync(file)).toBe(false);
  await (await holdFile(file, "the thing"))();
});

test("what a process that ended held is taken over, and what a running one holds is not", async () => {
  const file = path.join(data, "left");
  const { pid } = spawnSync(process.execPath, ["-e", ""]);
  writeFileSync(file, holder(pid));
  const release = await holdFile(file, "the thing");
  expect(readFileSync(file, "utf8")).toContain(`"pid":${process.pid}`);
  await release();
  const running = spawn(process.execPath, ["-e", "setTimeout(() => {}, 60_000)"]);
  writeFileSync(file, holder(running.pid!));
  await expect(holdFile(file, "the thing")).rejects.toThrow(`in use by process ${running.pid}`);
  running.kill("SIGKILL");
});

test("what an earlier process of this one's number held is taken over", async () => {
  const file = path.join(data, "renumbered");
  writeFileSync(file, holder(process.pid));
  await (await holdFile(file, "the thing"))();
});

test("what a process of this one's number holds in another container is not taken over", async () => {
  const file = path.join(data, "contained");
  writeFileSync(file, JSON.stringify({ host: "another/id/pid:[1]", pid: process.pid, id: "x" }));
  await expect(holdFile(file, "the thing")).rejects.toThrow("of another");
});

test("a file that names nobody is of a process that was killed while it wrote it, and is taken over", async () => {
  const file = path.join(data, "half");
  for (const text of ["", holder(1).slice(0, 20)]) {
    writeFileSync(file, text);
    await (await holdFile(file, "the thing"))();
  }
});

test("of several that want it at once, one gets it", async () => {
  const file = path.join(data, "wanted");
  const all = await Promise.allSettled([1, 2, 3, 4].map(() => holdFile(file, "the thing")));
  const got = all.filter(({ status }) => status === "fulfilled");
  expect(got).toHaveLength(1);
});
