// Would the campaign see a store that checks nothing?
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test, vi } from "vitest";
import { readManifestFile } from "../../store/manifest.js";
import type { Store } from "../../store/store.js";
import { storeFlip } from "./store-flip.js";

vi.mock("../../store/integrity.js", () => ({
  requireIntact: (store: Store, folder: string) => readManifestFile(store.root, folder),
  intactManifest: (store: Store, folder: string) => readManifestFile(store.root, folder),
}));

test("without hashes, most flips in tables and all in rejected rows pass, and the campaign says so", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "tickbook-blind-"));
  try {
    const options = { seed: 5, isFull: false, folder, onProgress: () => undefined };
    const results = await storeFlip.run(options);
    const found = Object.fromEntries(
      results.map(({ fault, tries, detected }) => [fault.split(" ")[3], { tries, detected }]),
    );
    expect(found["rejected.csv"]!.detected).toBe(0);
    expect(found["part-0.parquet"]!.detected).toBeLessThan(found["part-0.parquet"]!.tries / 2);
    // Manifests are sealed by themselves.
    expect(found["manifest.json"]!.detected).toBe(found["manifest.json"]!.tries);
    const bad = results.reduce((sum, { lost, silent }) => sum + lost + silent, 0);
    expect(bad).toBeGreaterThan(0);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
