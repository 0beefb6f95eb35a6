import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { DataError } from "../core/errors.js";
import { requireInside } from "./inside.js";

test("a place that cannot be looked at is named with what to do about it", async () => {
  const root = mkdtempSync(path.join(tmpdir(), "tickbook-inside-"));
  try {
    const loop = path.join(root, "lake");
    symlinkSync(loop, loop);
    const failure = await requireInside(root, "lake/trades").catch((error: Error) => error);
    expect(failure).toBeInstanceOf(DataError);
    expect((failure as Error).message).toBe(
      `${path.join(root, "lake/trades")}: could not be looked at (ELOOP); ` +
        "let this user read it and the folders above it",
    );
  } finally {
    rmSync(root, { recursive: true });
  }
});
