import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { runCommandLine } from "./test-output.js";

const folder = mkdtempSync(path.join(tmpdir(), "tickbook-simulate-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("--thin writes the types that a market of few events has", async () => {
  const out = path.join(folder, "thin");
  const asked = ["--symbols", "SOL", "--to", "2024-01-02", "--edge", "strong", "--seed", "3"];
  const { code, out: printed } = await runCommandLine(
    "simulate",
    out,
    "--thin",
    ...asked,
    "--json",
  );
  expect(code).toBe(0);
  const summary = JSON.parse(printed);
  expect(summary).toMatchObject({ files: 4, kept: 0 });
  // Some trades, 7 states and a row of the truth for each of 1,440 minutes, and most candles.
  expect(summary.rows).toBeGreaterThan(4000 + 8 * 1440);
  expect(summary.rows).toBeLessThan(8000 + 10 * 1440);
  expect(summary.attainableAccuracy["60m"]).toBeGreaterThan(0.7);
  expect(summary.oracleAccuracy["60m"]).toBeGreaterThan(summary.attainableAccuracy["60m"]);
  expect(readdirSync(path.join(out, "simulated")).sort()).toEqual([
    "book_snapshot_25",
    "simulation_truth",
    "trades",
  ]);
});

test.each([
  [["--faults"], /--faults: was given with --thin, whose few events have no place for them; leave/],
  [["--types", "trades,quotes"], /--types: named quotes, which the thin market does not have/],
])("--thin with %j is refused in a sentence", async (more, message) => {
  const { code, err } = await runCommandLine(
    "simulate",
    path.join(folder, "no"),
    "--thin",
    ...more,
  );
  expect(code).toBe(2);
  expect(err).toMatch(message);
  expect(readdirSync(folder)).not.toContain("no");
});
