import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { FaultCampaign } from "../campaign.js";
import { hasStood } from "../result-table.js";
import { canaryKeys } from "./canary-key.js";
import { gzipCut } from "./gzip-cut.js";
import { gzipFlip } from "./gzip-flip.js";
import { inflationBomb } from "./inflation-bomb.js";
import { network } from "./network.js";
import { payloads } from "./payloads.js";
import { schemaDrift } from "./schema-drift.js";
import { storeFlip } from "./store-flip.js";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "tickbook-planted-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Campaigns with how often they plant a fault at least when they are small. */
const CAMPAIGNS: readonly (readonly [FaultCampaign, number])[] = [
  [gzipCut, 25],
  [gzipFlip, 30],
  [storeFlip, 24],
  [schemaDrift, 55],
  [inflationBomb, 10],
  [network, 32],
  [payloads, 48],
  [canaryKeys, 120],
];

for (const [campaign, least] of CAMPAIGNS) {
  test(`${campaign.name}: every planted fault is found, and nothing is lost or silently wrong`, async () => {
    const told: number[] = [];
    const results = await campaign.run({
      seed: 11,
      isFull: false,
      folder: path.join(folder, campaign.name),
      onProgress: (done, total) => told.push(done / total),
    });
    expect(results.filter((result) => !hasStood(result))).toEqual([]);
    expect(results.reduce((sum, { tries }) => sum + tries, 0)).toBeGreaterThanOrEqual(least);
    expect(told.at(-1)).toBe(1);
    expect(await readdir(folder)).toEqual([campaign.name]);
  }, 300_000);
}
