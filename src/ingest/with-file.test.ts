import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DataError } from "../core/errors.js";
import type { Source } from "./source.js";
import { KEY } from "./test-mirror.js";
import { vendorPath } from "./vendor-path.js";
import { withFile } from "./with-file.js";

let file: string;
let fetched = 0;

beforeAll(async () => {
  file = path.join(await mkdtemp(path.join(tmpdir(), "tickbook-with-file-")), "file");
});
afterAll(() => rm(path.dirname(file), { recursive: true, force: true }));

/** A source that gives other bytes each time. */
function source(isLocal: boolean): Source {
  return {
    name: "source",
    defaultTypes: [KEY.type],
    isLocal,
    requireKnown: async () => undefined,
    refusal: () => undefined,
    size: async () => 1,
    fetch: async () => {
      await writeFile(file, String(++fetched));
      return file;
    },
    close: () => undefined,
  };
}

test("only a download that is damaged is fetched again: no local file, and none that another place failed for", async () => {
  const damage = new DataError({ file: vendorPath(KEY), message: "was damaged" });
  const full = new DataError({ file: "lake/trades", message: "the disk is full" });
  for (const [error, isLocal, times] of [
    [damage, false, 2],
    [damage, true, 1],
    [full, false, 1],
    [new Error("of the code"), false, 1],
  ] as const) {
    fetched = 0;
    const work = async (): Promise<never> => {
      throw error;
    };
    await expect(withFile(source(isLocal), KEY, file, work)).rejects.toBe(error);
    expect(fetched).toBe(times);
  }
});
