import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Command } from "commander";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { dateOf, SECOND_US } from "../core/time.js";
import { FEATURES } from "../features/catalogue.js";
import { featuresFolder } from "../features/feature-partition.js";
import { dayOfHours, plantAudit } from "../features/test-audit.js";
import { START_US, storeMarket, syntheticMarket } from "../features/test-market.js";
import { shownMarket, storeShown } from "../features/test-snapshots.js";
import { readDerived, writeDerived } from "../store/derived.js";
import { openStore } from "../store/store.js";
import { featuresCommand } from "./features.js";

const FROM = dateOf(START_US);
let root: string;
let printed: string;
let said: string;

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), "tickbook-features-"));
  printed = "";
  said = "";
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    said += String(text);
    return true;
  });
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    printed += String(text);
    return true;
  });
});

afterEach(async () => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
  await rm(root, { recursive: true, force: true });
});

async function run(...options: string[]): Promise<void> {
  const program = new Command().option("--data <dir>").option("--json").exitOverride();
  featuresCommand(program);
  const place = [
    "--data",
    root,
    "--json",
    "features",
    "--exchange",
    "simulated",
    "--symbols",
    "BTC",
  ];
  await program.parseAsync([...place, ...options], { from: "user" });
}

test("features prints one JSON document with rows, columns and rate; --check adds ranges and what is missing", async () => {
  const store = await openStore(root);
  const day = { exchange: "simulated", symbol: "BTCUSDT", date: FROM };
  const market = syntheticMarket(1, 590);
  await storeMarket(store, day, market);
  await store.close();
  await run("--from", FROM, "--check");
  const document = JSON.parse(printed);
  expect(process.exitCode).toBe(0);
  const verdicts = { good: 0, usable: 0, bad: 0, unknown: 10 };
  expect(document).toMatchObject({ rows: 10, columns: FEATURES.length, verdicts });
  expect(document.eventsPerSecond).toBeGreaterThan(0);
  expect(document.partitions).toMatchObject([{ ...day, status: "written", rows: 10, verdicts }]);
  expect(document.checks.overall.map(({ name }: { name: string }) => name)).toEqual(
    FEATURES.map(({ name }) => name),
  );
  printed = "";
  await run("--from", FROM, "--bar", "5m");
  expect(JSON.parse(printed)).toMatchObject({ rows: 2 });
});

test("a value out of range is a fault: --check names it and ends with 1; what is for review does not", async () => {
  const store = await openStore(root);
  const day = { exchange: "simulated", symbol: "BTCUSDT", date: FROM };
  await storeMarket(store, day, syntheticMarket(1, 590));
  await run("--from", FROM, "--bar", "1s", "--check");
  expect(process.exitCode).toBe(0);
  const folder = featuresFolder(day, SECOND_US);
  const { manifest, columns } = await readDerived(store, folder);
  const spread = columns["quoted_spread_bps"] as Float64Array;
  spread[100] = -1;
  // Two of a kind are for review.
  (columns["obi_l5"] as Float64Array).set(columns["obi_l1"] as Float64Array);
  await writeDerived(store, folder, columns, manifest.origin);
  await store.close();
  printed = "";
  said = "";
  await run("--from", FROM, "--bar", "1s", "--check");
  expect(process.exitCode).toBe(1);
  const { checks } = JSON.parse(printed);
  expect(checks.findings[0]).toMatchObject({
    ...{ feature: "quoted_spread_bps", symbol: "BTCUSDT", check: "range", severity: "fault" },
  });
  expect(checks.findings.map(({ check }: { check: string }) => check)).toContain("duplicate");
  expect(checks.symbols[0].features[0].coefficients.map(horizonOf)).toEqual([1, 5, 15, 60]);
  expect(said).toMatch(
    /fault.* BTCUSDT quoted_spread_bps has 1 of \d+ values below 0 or infinite: they go from -1 to/,
  );
});

const horizonOf = ({ horizonBars }: { horizonBars: number }): number => horizonBars;

test("features says how many rows have which verdict, and what to do about those without one", async () => {
  const store = await openStore(root);
  const day = { exchange: "simulated", symbol: "BTCUSDT", date: FROM };
  await storeMarket(store, day, syntheticMarket(1, 590));
  await run("--from", FROM);
  expect(said).toContain("0 rows good, 0 usable, 0 bad, 10 unknown");
  expect(said).toContain("run `npx tickbook audit`, then this again");
  await plantAudit(
    store,
    day,
    dayOfHours((hour) => (hour === 23 ? "bad" : "good")),
  );
  await store.close();
  said = "";
  await run("--from", FROM);
  expect(said).toContain("0 rows good, 0 usable, 10 bad, 0 unknown");
  expect(said).not.toContain("never audited");
});

test("an empty store, a bar that no day holds, and a reversed range are wrong usage", async () => {
  await expect(run("--from", FROM)).rejects.toThrow(/no trades and no book.*tickbook ingest/);
  await expect(run("--from", FROM, "--bar", "7m")).rejects.toThrow(/--bar: was 420 seconds/);
  await expect(run("--from", FROM, "--to", FROM)).rejects.toThrow(/not after --from/);
});

test("the kind of book can be chosen; one that the store does not have leaves the book's features missing", async () => {
  const store = await openStore(root);
  const day = { exchange: "simulated", symbol: "BTCUSDT", date: FROM };
  const market = syntheticMarket(1, 590);
  await storeMarket(store, day, market);
  await storeShown(store, day, shownMarket(market, "book_snapshot_5"));
  const sources: unknown[] = [];
  for (const book of ["book_snapshot_5", "incremental_book_L2", "book_snapshot_25"]) {
    await run("--from", FROM, "--book", book);
    const { columns } = await readDerived(store, featuresFolder(day, 60e6), ["source", "obi_l1"]);
    const values = (columns["obi_l1"] as Float64Array).filter((value) => !Number.isNaN(value));
    sources.push([(columns["source"] as readonly string[])[0], values.length > 0]);
  }
  await store.close();
  expect(sources).toEqual([
    ["book_snapshot_5", true],
    ["incremental_book_L2", true],
    ["trades", false],
  ]);
  await expect(run("--from", FROM, "--book", "quotes")).rejects.toThrow(/book_snapshot_25/);
});
