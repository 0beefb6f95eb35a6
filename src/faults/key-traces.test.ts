import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { canaryKey, filesWithTraces, findTrace, keyTraces } from "./key-traces.js";

const KEY = canaryKey(7, "test");
const TRACES = keyTraces(KEY);

test("a key is found whole, in part and in every coding, wherever it begins", () => {
  const base64 = [0, 1, 2, 3, 4].map((before) =>
    Buffer.from(`${"x".repeat(before)}${KEY}, and more`).toString("base64"),
  );
  const hex = Buffer.from(KEY).toString("hex");
  for (const text of [
    `Bearer ${KEY}`,
    KEY.slice(5, 13),
    KEY.slice(-8),
    ...base64,
    ...base64.map((coded) => Buffer.from(coded, "base64").toString("base64url")),
    hex,
    hex.toUpperCase(),
    `?key=${encodeURIComponent(KEY)}`,
    hex.replace(/../g, "%$&"),
  ]) {
    expect(findTrace(`before ${text} after`, TRACES)).toBeDefined();
  }
});

test("other keys and texts hold no trace", () => {
  for (const text of [canaryKey(8, "test"), canaryKey(7, "other"), KEY.slice(3, 10), "TD.", ""]) {
    expect(findTrace(text, TRACES)).toBeUndefined();
  }
});

test("files below a folder are searched, and their names", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "tickbook-traces-"));
  try {
    await writeFile(path.join(folder, "clean.txt"), "nothing");
    expect(await filesWithTraces(folder, TRACES)).toEqual([]);
    await writeFile(
      path.join(folder, "binary"),
      Buffer.concat([Buffer.alloc(9, 255), Buffer.from(KEY)]),
    );
    await writeFile(path.join(folder, `${Buffer.from(KEY).toString("hex")}.txt`), "");
    expect(await filesWithTraces(folder, TRACES)).toHaveLength(2);
    const cache = path.join(folder, "cache");
    await mkdir(path.join(cache, "packages"), { recursive: true });
    await writeFile(path.join(cache, "speeds.json"), KEY);
    await writeFile(path.join(cache, "packages", "large"), KEY);
    expect(await filesWithTraces(folder, TRACES)).toHaveLength(4);
    expect(await filesWithTraces(folder, TRACES, { unread: cache })).toHaveLength(3);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
