import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { runFolder } from "./run-folder.js";

test("a run's folder is empty, and what killed processes left is removed, all else is not", async () => {
  const cache = await mkdtemp(path.join(tmpdir(), "tickbook-run-folder-"));
  try {
    const { pid: gone } = spawnSync(process.execPath, ["--version"]);
    const kept = [`unfinished-${process.ppid}-a`, "rivals-1", "unfinished", `bench-run-${gone}0x`];
    for (const name of [...kept, `unfinished-${gone}-a`, `bench-run-${gone}`]) {
      await mkdir(path.join(cache, name));
      await writeFile(path.join(cache, name, "file"), "left");
    }
    const own = await runFolder(cache);
    expect(await readdir(own)).toEqual([]);
    expect((await readdir(cache)).sort()).toEqual([...kept, path.basename(own)].sort());
  } finally {
    await rm(cache, { recursive: true });
  }
});
