import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { readDoubles, writeDoubles } from "./doubles-file.js";

test("doubles come back as they were, also those of more than one piece", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "tickbook-doubles-"));
  try {
    const file = path.join(folder, "doubles");
    // A piece is 2²³ values.
    const values = new Float64Array(2 ** 23 + 3).map((_, i) => i / 3);
    values[1] = Number.NaN;
    await writeDoubles(file, values.subarray(1));
    const read = await readDoubles(file);
    expect(read.length).toBe(2 ** 23 + 2);
    expect(read.every((value, i) => Object.is(value, values[i + 1]))).toBe(true);
  } finally {
    await rm(folder, { recursive: true });
  }
});
