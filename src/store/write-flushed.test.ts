import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { writeFlushed } from "./write-flushed.js";

/** Takes nothing, as a full disk does. */
const FULL = "/dev/full";

test("a file is written anew, or added to", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "tickbook-flushed-"));
  const file = path.join(folder, "lines");
  await writeFlushed(file, "old\n");
  await writeFlushed(file, Buffer.from("one\n"));
  await writeFlushed(file, "two\n", { flag: "a" });
  expect(readFileSync(file, "utf8")).toBe("one\ntwo\n");
  rmSync(folder, { recursive: true });
});

test.skipIf(!existsSync(FULL))("a file that takes no more is named by the error", async () => {
  await expect(writeFlushed(FULL, "one\n")).rejects.toMatchObject({ code: "ENOSPC", path: FULL });
});
