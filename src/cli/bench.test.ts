import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { BenchReport } from "../bench/benchmark.js";
import { builtSources } from "../core/test-build.js";
import { type BenchOutput, runBench } from "./test-bench.js";
import { runCommandLine } from "./test-output.js";

/** Many programs one after the other take seconds, and much longer on a busy machine. */
const LIMIT_MS = 180_000;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "tickbook-bench-"));
  await builtSources();
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

const bench = (...args: readonly string[]): Promise<BenchOutput> =>
  runBench(path.join(folder, "cache"), ...args);

test(
  "bench ingest measures, checks every row, and exits with 1 where a bar is missed",
  async () => {
    const few = ["--rows", "30000", "--rounds", "1", "--no-install"];
    const { code, out, err } = await bench("ingest", ...few, "--json");
    expect({ code, err: err.slice(0, 500) }).toMatchObject({ code: 1 });
    const { results, facts } = JSON.parse(out) as BenchReport;
    const found = (what: RegExp) => results.filter((result) => what.test(result.what));

    // Starting a process takes longer than inflating so little: this bar is always missed here.
    const [gunzip] = found(/whole process.* beside gunzip/);
    expect(gunzip).toMatchObject({ bar: 1.2, aim: 1, ok: false });
    expect(gunzip!.ratio).toBeGreaterThan(1.2);
    expect(gunzip!.ratio).toBe(gunzip!.ours! / gunzip!.rival!);
    const [polars] = found(/whole process.* beside polars/);
    expect(polars).toMatchObject({ rival: null, ratio: null, ok: false });
    expect(polars!.note).toMatch(/requirements-bench\.txt.*nothing may be installed/);

    expect(found(/^rows the same/).map(({ ok, ours }) => [ok, ours])).toEqual([
      [true, 30_000],
      [true, 30_000],
    ]);
    expect(found(/^sums of all columns/)).toMatchObject([{ ours: 1, ok: true }]);
    const peaks = found(/^peak memory, [\d,]+ rows$/);
    expect(peaks.map(({ bar }) => bar)).toEqual([256, 256]);
    for (const { ours } of peaks) expect(ours).toBeGreaterThan(20);
    expect(facts).toMatchObject({ Node: process.versions.node });
    expect(facts["input"]).toMatch(/^30,000 rows, 8\d\.\d bytes each/);
    // Inputs stay for the next run; what a run wrote does not.
    const kept = (await readdir(path.join(folder, "cache"))).filter((name) =>
      /book|bench/.test(name),
    );
    expect(kept.sort()).toEqual(["book-day-v2-seed-1-rows-30000", "book-day-v2-seed-1-rows-60000"]);
  },
  LIMIT_MS,
);

test(
  "bench encoders checks every row that an encoder wrote, and fails without its rivals",
  async () => {
    const { code, out } = await bench(
      "encoders",
      "--rows",
      "20000",
      "--rounds",
      "1",
      "--no-install",
    );
    expect(code).toBe(1);
    expect(out).toMatch(/ok {3}rows the same as the csv's: the store's encoder: 20,000/);
    expect(out).toMatch(/ok {3}rows the same as the csv's: DuckDB appender and COPY: 20,000/);
    expect(out).toMatch(/FAIL .*beside parquet-wasm.*\n.*nothing may be installed/);
  },
  LIMIT_MS,
);

test(
  "bench audit holds all checks beside a count, and fails where something is wrong with the day",
  async () => {
    const { out, err } = await bench("audit", "--rows", "30000", "--rounds", "1", "--json");
    expect(out, err).not.toBe("");
    const { results } = JSON.parse(out) as BenchReport;
    expect(results.map(({ what, bar, aim }) => [what.split(",")[0], bar, aim])).toEqual([
      ["tickbook audit", 5, 2],
      ["all checks alone", 5, 2],
      ["all checks alone", null, undefined],
      ["peak memory", 512, undefined],
      ["peak memory", null, undefined],
    ]);
    for (const { ours } of results) expect(ours).toBeGreaterThan(0);
  },
  LIMIT_MS,
);

test(
  "bench book follows a day by all who are there, finds the same levels, and fails without hftbacktest",
  async () => {
    const few = ["--rows", "30000", "--rounds", "1", "--no-install"];
    const { code, out, err } = await bench("book", ...few, "--json");
    expect({ code, err: err.slice(0, 500) }).toMatchObject({ code: 1 });
    const { results, facts } = JSON.parse(out) as BenchReport;
    const speed = results.filter(({ unit }) => unit === "s per 10 M rows");
    expect(speed.map(({ what, bar, ok, rival }) => [what, bar, ok, rival !== null])).toEqual([
      [expect.stringMatching(/beside hftbacktest's ROIVectorMarketDepth$/), 1 / 4, false, false],
      [expect.stringMatching(/beside hftbacktest's HashMapMarketDepth$/), 1 / 4, false, false],
      [expect.stringMatching(/beside tardis-dev's OrderBook$/), 1 / 15, expect.any(Boolean), true],
      [expect.stringMatching(/its local side alone$/), null, true, false],
      [expect.stringMatching(/first time.* beside hftbacktest's ROI/), null, true, false],
      [expect.stringMatching(/25 levels read.* beside OrderBook$/), null, true, true],
    ]);
    expect(speed[0]!.note).toMatch(/hftbacktest of tools.*nothing may be installed/);
    for (const { ours } of speed) expect(ours).toBeGreaterThan(0);
    const same = results.filter(({ unit }) => unit === "moments");
    expect(same.map(({ what, ok }) => [what.split(": ")[1], ok])).toEqual([
      ["OrderBook", true],
      ["OrderBook, 25 levels read after each message", true],
      ["tardis-dev's OrderBook", true],
    ]);
    for (const { ours } of same) expect(ours).toBeGreaterThan(100);
    expect(facts["rows a second"]).toMatch(/^OrderBook [\d.]+ M, [\d.]+ × tardis-dev's OrderBook/);
  },
  LIMIT_MS,
);

test(
  "bench features measures a small day, holds every law, and fails where TA-Lib is missing",
  async () => {
    const few = ["--rows", "12000", "--rounds", "1", "--no-install"];
    const { code, out, err } = await bench("features", ...few, "--json");
    expect({ code, err: err.slice(0, 500) }).toMatchObject({ code: 1 });
    const { results, facts } = JSON.parse(out) as BenchReport;
    const found = (what: RegExp) => results.filter((result) => what.test(result.what));

    const speeds = found(/^all 53 features from Parquet on one core/);
    expect(speeds.map(({ bar, unit, isLeast }) => [bar, unit, isLeast])).toEqual([
      [4e6, "events/s", true],
      [null, "events/s", true],
    ]);
    for (const { ours } of speeds) expect(ours).toBeGreaterThan(1000);
    expect(found(/^what the rounds gave/).map(({ ours, ok }) => [ours, ok])).toEqual([
      [1, true],
      [1, true],
    ]);
    expect(found(/^peak memory above/).map(({ bar, ok }) => [bar, ok])).toEqual([
      [256, true],
      [256, true],
    ]);
    const [threads] = found(/^bars of 10 days of 6,000 rows, two threads/);
    expect(threads).toMatchObject({ bar: 1 / 1.8 });
    expect(threads!.ratio).toBe(threads!.ours! / threads!.rival!);
    const live = found(/^live/).filter(({ bar }) => bar !== null);
    expect(live.map(({ bar, unit }) => [bar, unit])).toEqual([
      [50, "µs"],
      [1000, "µs"],
    ]);
    for (const { ours } of live) expect(ours).toBeGreaterThan(1);
    expect(found(/changed by another future/)).toMatchObject([{ ours: 0, bar: 0, ok: true }]);
    expect(found(/^batch beside stream/)).toMatchObject([{ ours: 0, bar: 0, ok: true }]);
    const [taLib] = found(/^beside TA-Lib/);
    expect(taLib).toMatchObject({ ours: null, bar: 1e-9, ok: false });
    expect(taLib!.note).toMatch(/ta-lib of tools.*nothing may be installed/);
    expect(facts["input"]).toMatch(/^12,000 book rows, 68 rows a message, and \d+ trades; /);
  },
  LIMIT_MS,
);

test.each([
  [
    ["speed"],
    /was "speed", which is no benchmark; choose among ingest, encoders, audit, book, features/,
  ],
  [["ingest", "--rows", "0"], /--rows: was "0", expected a whole number above 0/],
  [["logistic", "--rows", "10"], /--rows: was "10", expected a whole number, 1,000 at least/],
  [["book", "--rounds", "0x2"], /--rounds: was "0x2", expected a whole number above 0/],
  [["placebo", "--rows", "10"], /--rows: was given to the benchmark "placebo", .* give --rounds/],
  [["audit", "--input", "a.csv.gz"], /--input: was given to the benchmark "audit", .* leave it/],
  [["ingest", "--input", "none.csv.gz"], /--input: was "none.csv.gz", which is no file/],
])("bench %s is wrong usage", async (args, complaint) => {
  const { code, out, err } = await runCommandLine("bench", ...args);
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).toMatch(complaint);
});

test(
  "bench logistic fits, gets the same weights in each process, and fails without scikit-learn",
  async () => {
    const few = ["--rows", "5000", "--rounds", "2", "--no-install"];
    const { code, out, err } = await bench("logistic", ...few, "--json");
    expect({ code, err: err.slice(0, 500) }).toMatchObject({ code: 1 });
    const { results, facts } = JSON.parse(out) as BenchReport;
    expect(results.map(({ what, bar, ok }) => [what.split(",")[0], bar, ok])).toEqual([
      ["one fit", 1.5, false],
      ["mean log-loss", 1e-6, false],
      ["different weights in 2 processes", 1, true],
      ["choosing the prior and the fit", null, true],
      ["peak memory of the whole process", null, true],
      ["the inputs alone", null, true],
    ]);
    expect(results[0]!.ours).toBeGreaterThan(0);
    expect(results[0]!.note).toMatch(/scikit-learn.*nothing may be installed/);
    expect(results[2]!.ours).toBe(1);
    expect(facts["input"]).toBe("5,000 × 53 doubles, scaled (made, seeded)");
  },
  LIMIT_MS,
);

test(
  "bench lstm steps and predicts through production's code, and fails without PyTorch",
  async () => {
    const few = ["--rows", "8", "--rounds", "1", "--no-install"];
    const { code, out, err } = await bench("lstm", ...few, "--json");
    expect({ code, err: err.slice(0, 500) }).toMatchObject({ code: 1 });
    const { results, facts } = JSON.parse(out) as BenchReport;
    expect(results.map(({ what, unit, bar, ok }) => [what, unit, bar, ok])).toEqual([
      ["training step, 8 windows, beside nn.LSTM", "ms", 1.2, false],
      ["training step, 8 windows, dropout 0.2, beside nn.LSTM", "ms", null, true],
      ["cutting and scaling the batch before a step", "ms", null, true],
      ["peak memory of the whole process, beside nn.LSTM", "MiB", 1, false],
      ["memory that the steps add to what is loaded, beside nn.LSTM", "MiB", null, true],
      ["one window to a probability, p50", "ms", 2, expect.any(Boolean)],
      ["one window to a probability, p50, beside nn.LSTM", "ms", null, true],
      ["one window to a probability, p99, beside nn.LSTM", "ms", null, true],
      ["same probability as nn.LSTM's: differs by", "of 1", 1e-4, false],
      [
        "same loss as nn.LSTM's before a step and after each of 3: differs by",
        "of it",
        1e-4,
        false,
      ],
      ["same gradient as nn.LSTM's, all of it: differs by", "of it", 1e-4, false],
    ]);
    for (const { ours } of results.slice(0, 8)) expect(ours).toBeGreaterThan(0);
    for (const { rival, ratio } of results) expect([rival, ratio]).toEqual([null, null]);
    const said = results.filter(({ note }) =>
      /torch of tools.*nothing may be installed/.test(note ?? ""),
    );
    expect(said.length).toBe(9);
    expect(facts["input"]).toBe("8 windows of 60 steps × 53 inputs (made, seeded)");
    expect(facts["TensorFlow"]).toMatch(
      /^(native|javascript) \d.*, CPU, .* operations of our own$/,
    );
  },
  LIMIT_MS,
);

test(
  "bench transformer is held beside two of PyTorch's, and the bar is for the one that people use",
  async () => {
    const few = ["--rows", "8", "--rounds", "1", "--no-install"];
    const { code, out, err } = await bench("transformer", ...few, "--json");
    expect({ code, err: err.slice(0, 500) }).toMatchObject({ code: 1 });
    const { results } = JSON.parse(out) as BenchReport;
    const steps = results.filter(({ what }) => /^training step, 8 windows, beside/.test(what));
    expect(steps.map(({ what, bar, aim }) => [what.split(", ")[2], bar, aim])).toEqual([
      ["beside nn.TransformerEncoder", 1.5, 1],
      ["beside PyTorch by hand", null, undefined],
    ]);
    for (const { ours, rival } of steps) expect([ours! > 0, rival]).toEqual([true, null]);
    const same = results.filter(({ what }) => /^same (loss|gradient|probability)/.test(what));
    expect(same.map(({ ok, note }) => [ok, /nothing may be installed/.test(note!)])).toEqual(
      new Array(6).fill([false, true]),
    );
  },
  LIMIT_MS,
);
