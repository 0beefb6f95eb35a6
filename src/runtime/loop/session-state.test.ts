import { mkdtempSync } from "node:fs";
import { mkdir, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { type HeldState, heldFile, heldState, readState, writeState } from "./session-state.js";

const root = mkdtempSync(path.join(tmpdir(), "tickbook-state-"));
afterAll(async () => await rm(root, { recursive: true }));

const STATE = heldState({ desk: { portfolio: 1 } } as never);

test("a state that the disk does not take is told, and the next one is written", async () => {
  const file = heldFile(root, "run");
  await mkdir(path.join(file, "in-the-way"), { recursive: true });
  expect(await writeState(file, STATE)).toMatch(/EISDIR|ENOTEMPTY|EEXIST|EPERM/);
  await rm(file, { recursive: true });
  expect(await writeState(file, STATE)).toBe("");
  expect(await readState<HeldState>(file)).toEqual(STATE);
  expect(await readdir(path.dirname(file))).toEqual(["held.json"]);
});

test("a state that is no JSON is a mistake of ours, and thrown", async () => {
  const round: Record<string, unknown> = {};
  round["self"] = round;
  const file = heldFile(root, "other");
  await expect(writeState(file, heldState(round as never))).rejects.toThrow("circular");
});
