import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { audit } from "../../audit/audit.js";
import { daysBetween, MINUTE_US } from "../../core/time.js";
import { buildDataset } from "../../dataset/build-dataset.js";
import { columnsOf } from "../../dataset/column-sets.js";
import { readTruth } from "../../evaluation/truth.js";
import { computeFeatures } from "../../features/compute-features.js";
import { ingest } from "../../ingest/ingest.js";
import { openSource } from "../../ingest/open-source.js";
import { simulateMarket } from "../../simulate/simulate-market.js";
import { openStore } from "../../store/store.js";
import { smallMarket } from "./small-market.js";

const folder = mkdtempSync(path.join(tmpdir(), "tickbook-parity-"));
afterAll(() => rmSync(folder, { recursive: true }));

const DAYS = 3;
const SEED = 9;
const MARKET = { exchange: "simulated", symbols: ["BTCUSDT"] } as const;
const ASKED = { ...MARKET, days: daysBetween("2024-01-01", "2024-01-04") };

test("files of the thin market, ingested, give the matrix of the one in memory, bit for bit", async () => {
  const mirror = path.join(folder, "mirror");
  const types = ["trades", "book_snapshot_25", "simulation_truth"] as const;
  await simulateMarket(mirror, {
    symbols: MARKET.symbols,
    from: "2024-01-01",
    to: "2024-01-04",
    seed: SEED,
    edge: "strong",
    isThin: true,
    hasFaults: false,
    types,
  });
  const store = await openStore(path.join(folder, "data"));
  const source = await openSource(mirror);
  await ingest(store, source, { ...ASKED, types }).finally(source.close);
  expect(await audit(store, ASKED)).toMatchObject({ verdict: "good", findings: [] });
  const barUs = 15 * MINUTE_US;
  await computeFeatures(store, { ...ASKED, barUs });
  const features = columnsOf("full");
  const stored = await buildDataset(store, { ...ASKED, barUs, horizonBars: 4, features });
  const truth = await readTruth(store, stored);
  await store.close();
  const shape = { edge: "strong", days: DAYS, symbols: 1, barMinutes: 15 } as const;
  const made = await smallMarket({ ...shape, horizonMinutes: 60 }, SEED);

  expect(stored.featureNames).toEqual(made.dataset.featureNames);
  // The last bar of the last day ends with the next day's first event, which the store does not have.
  expect(stored.rows).toBeGreaterThanOrEqual(DAYS * 96 - 1);
  const width = stored.featureNames.length;
  const known = stored.rows - 5;
  expect(stored.inputs.subarray(0, known * width)).toEqual(
    made.dataset.inputs.subarray(0, known * width),
  );
  for (const name of [
    "barEndUs",
    "entryPrice",
    "halfSpreadBps",
    "labelReturn",
    "outcome",
  ] as const) {
    const [ours, theirs] = [stored[name], made.dataset[name]];
    expect({ name, values: ours.subarray(0, known) }).toEqual({
      name,
      values: theirs.subarray(0, known),
    });
  }
  expect([...stored.inputs].filter((value) => !Number.isNaN(value)).length).toBeGreaterThan(3000);
  // The file rounds to six digits.
  made.truth!.attainableUp.subarray(0, known).forEach((up, row) => {
    expect(truth!.attainableUp[row]).toBeCloseTo(up, 6);
  });
});
