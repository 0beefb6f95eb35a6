import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { BenchReport } from "../bench/benchmark.js";
import { builtSources } from "../core/test-build.js";
import { runBench } from "./test-bench.js";

/** Processes one after the other take seconds, and much longer on a busy machine. */
const LIMIT_MS = 300_000;
let folder: string;
let report: BenchReport;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "tickbook-bench-"));
  await builtSources();
  const few = ["--rows", "60", "--rounds", "1", "--no-install"];
  const { out, err } = await runBench(path.join(folder, "cache"), "runtime", ...few, "--json");
  expect(out, err).not.toBe("");
  report = JSON.parse(out) as BenchReport;
}, LIMIT_MS);

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

const found = (what: RegExp): BenchReport["results"] =>
  report.results.filter((result) => what.test(result.what));

test("bench runtime finds live runs equal to the batch, to the last bit", () => {
  const equal = found(/^live beside batch/);
  expect(equal.map(({ what, ours, ok }) => [what, ours, ok])).toEqual([
    ["live beside batch, store, dry run, ensemble", 0, true],
    ["live beside batch, store, paper, logistic", 0, true],
    ["live beside batch, exchange's socket, dry run, logistic", 0, true],
  ]);
  for (const { unit, note } of equal) {
    expect(unit).toBe("differences in 120 bars");
    expect(note).toMatch(/; [1-9]\d* sides taken/);
  }
  expect(report.facts["input"]).toMatch(/^60 bars from 2024-01-02 on of BTCUSDT, ETHUSDT, sim/);
});

test("bench runtime finds that models take the same sides row by row and for many rows", () => {
  const kinds = found(/^sides of one row at a time/);
  expect(kinds.map(({ ours, unit }) => [ours, unit])).toEqual(
    new Array(5).fill([0, "differences in 120 rows"]),
  );
});

test("bench runtime compares recorded messages, or says that there are none", () => {
  const recorded = found(/^Binance's own messages/);
  expect(recorded.map(({ ours, ok, note }) => [ok, ours === 0 || /^not comp/.test(note!)])).toEqual(
    recorded.length === 1 ? [[true, true]] : new Array(2).fill([true, true]),
  );
});

test("bench runtime times events, decisions and commits of two models and of two databases", () => {
  const times = report.results.filter(({ unit }) => unit === "ms");
  expect(times).toHaveLength(21);
  for (const { what, ours } of times) {
    // Few bars may hold no entry, for which a run would wait for the database.
    if (!/committed/.test(what)) expect(ours).toBeGreaterThan(0);
  }
  const barred = times.filter(({ bar }) => bar !== null);
  expect(barred.map(({ bar, what }) => [bar, what.split(", ").slice(1).join(" ")]).sort()).toEqual([
    [5, "p99 logistic PGlite"],
    [5, "p99 logistic PostgreSQL"],
    [5, "p99 lstm PGlite"],
  ]);
});

test("bench runtime judges the pace at which its latencies were measured", () => {
  const paces = found(/^messages that the exchange sent/);
  expect(paces.map(({ bar, isLeast, ours }) => [bar, isLeast, ours! > 0])).toEqual(
    new Array(3).fill([4900, true, true]),
  );
  const [decided] = report.results.filter(({ bar, unit }) => unit === "ms" && bar === 5);
  expect(decided!.note).toMatch(/the least of the rounds, as all figures of this table/);
});

test("bench runtime holds a day within its minutes and memory flat, and needs no rival", () => {
  const [day] = found(/^24 hours/);
  expect(day).toMatchObject({ bar: 10 });
  expect(day!.ours).toBeGreaterThan(0);
  expect(found(/^reachable memory/)).toMatchObject([{ ours: null, bar: null }]);
  const [rival] = found(/beside NautilusTrader/);
  expect(rival).toMatchObject({ rival: null, ok: true });
  expect(rival!.note).toMatch(/requirements-nautilus\.txt.*nothing may be installed/);
});
