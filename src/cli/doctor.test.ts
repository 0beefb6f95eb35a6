import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { PROJECT_ROOT } from "../core/settings-file.js";
import { diagnose } from "./doctor.js";

const empty = mkdtempSync(path.join(tmpdir(), "tickbook-doctor-"));
afterAll(() => rmSync(empty, { recursive: true, force: true }));

test("a clone that is set up has all that is needed", async () => {
  const { findings, ...diagnosis } = await diagnose(PROJECT_ROOT, {});
  expect(findings.filter(({ value, isNeeded }) => isNeeded && value === null)).toEqual([]);
  expect(diagnosis).toMatchObject({
    node: process.versions.node,
    kernel: "tslab 1.0.22",
    duckdb: expect.stringMatching(/^v1\./),
    python: expect.stringMatching(/^3\./),
    hasTardisKey: false,
    ok: true,
  });
});

test("a clone without Python and kernel is not ok, and each remark says how to get them", async () => {
  const { kernel, python, findings, ok } = await diagnose(empty, {});
  expect([kernel, python, ok]).toEqual([null, null, false]);
  for (const { remark } of findings.filter(({ value, isNeeded }) => isNeeded && value === null)) {
    expect(remark).toContain("npm run setup");
  }
});

test("the vendor's key is said to be set and never shown", async () => {
  const diagnosis = await diagnose(empty, { TARDIS_API_KEY: "TD.secret" });
  expect(diagnosis.hasTardisKey).toBe(true);
  expect(JSON.stringify(diagnosis)).not.toContain("secret");
});
