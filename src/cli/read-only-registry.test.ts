import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test, vi } from "vitest";
import { runCommandLine } from "./test-output.js";

const folder = mkdtempSync(path.join(tmpdir(), "tickbook-read-only-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Below which folder nothing can be written, as the system says it of a disk that is read only. */
const disk = vi.hoisted(() => ({ readOnly: "" }));

vi.mock("node:fs/promises", async (original) => {
  const real = await original<typeof import("node:fs/promises")>();
  const access = async (file: string, mode: number): Promise<void> => {
    if (`${path.normalize(`${file}/`)}`.includes(`${disk.readOnly}${path.sep}`)) {
      throw Object.assign(new Error("EROFS: read-only"), { code: "EROFS" });
    }
    return await real.access(file, mode);
  };
  return { ...real, access };
});

test.each([
  "registry",
  path.join("registry", "models"),
  path.join("registry", "models", "logistic"),
  path.join("registry", "checkpoints"),
])("%s that takes no writing is said before anything is read or fitted", async (below) => {
  disk.readOnly = path.join(folder, below);
  mkdirSync(disk.readOnly, { recursive: true });
  const market = ["--exchange", "simulated", "--symbols", "BTC", "--from", "2024-01-01"];
  const { code, err } = await runCommandLine(
    ...["train", "--model", "logistic", ...market, "--data", folder],
  );
  expect([code, err]).toEqual([
    2,
    `tickbook: ${disk.readOnly}: cannot be written to (EROFS); get the right to it, or give another folder with --data or TICKBOOK_DATA\n`,
  ]);
});
