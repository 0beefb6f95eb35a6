import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { CHECK_NAMES } from "../../audit/finding.js";
import { OptionError } from "../../core/errors.js";
import { auditCampaigns } from "../audit.js";
import { hasStood } from "../result-table.js";
import type { AuditFaultResult } from "./audit-table.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "tickbook-audit-faults-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

test("every planted fault is found at its place, nothing else is, and clean days are clean", async () => {
  const [campaign] = auditCampaigns();
  const told: number[] = [];
  const results = await campaign!.run({
    ...{ seed: 21, isFull: false, folder: path.join(folder, "planted") },
    onProgress: (done, total) => told.push(done / total),
  });
  expect(results.filter((result) => !hasStood(result))).toEqual([]);
  const rows = results as readonly AuditFaultResult[];
  // No check is without a fault that it has to find.
  expect(new Set(rows.map(({ check }) => check))).toEqual(new Set([...CHECK_NAMES, "all"]));
  expect(rows.filter(({ tries }) => tries < 1)).toEqual([]);
  expect(rows.find(({ kind }) => kind === "gap:all")).toMatchObject({ tries: 4, silent: 0 });
  expect(rows.find(({ kind }) => kind === "clean")).toMatchObject({ tries: 1, detected: 1 });
  expect(told).toEqual([1]);
  // A seed that stood leaves nothing.
  const left = path.join(folder, "planted");
  expect(existsSync(left) ? await readdir(left) : []).toEqual([]);
  const table = campaign!.table!(results);
  expect(table).toMatch(/check +kind +minimum size +tries +found +worst distance s +false alarms/);
  expect(table).toMatch(/gap +gap:quotes +no quotes for 60 s +1 +1 +0/);
}, 300_000);

test("kinds are chosen by name, check or as clean; others are refused", async () => {
  expect(() => auditCampaigns("gap,flood")).toThrow(OptionError);
  expect(() => auditCampaigns("flood")).toThrow(/--only/);
  expect(auditCampaigns("clean")).toHaveLength(1);
  expect(auditCampaigns()).toHaveLength(1);
});
