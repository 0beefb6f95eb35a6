// In a file of its own: it changes where programs are looked for.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test, vi } from "vitest";
import { nvidiaGpus } from "./nvidia-gpus.js";

const scratch = mkdtempSync(path.join(tmpdir(), "tickbook-nvidia-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function programSaying(script: string): void {
  const file = path.join(scratch, "nvidia-smi");
  writeFileSync(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  vi.stubEnv("PATH", `${scratch}${path.delimiter}${process.env["PATH"]}`);
}

test("where the driver has no folder its program is asked", () => {
  programSaying(
    '[ "$1" = --query-gpu=name,uuid ] && echo "Tesla T4, GPU-11" && echo "Tesla T4, GPU-12"',
  );
  expect(nvidiaGpus(path.join(scratch, "gpus"))).toEqual([
    { name: "Tesla T4", uuid: "GPU-11" },
    { name: "Tesla T4", uuid: "GPU-12" },
  ]);
});

test("a program that cannot reach the driver stands for a machine without a GPU", () => {
  programSaying('echo "NVIDIA-SMI has failed, because it could not reach the driver"; exit 9');
  expect(nvidiaGpus(path.join(scratch, "gpus"))).toEqual([]);
});
