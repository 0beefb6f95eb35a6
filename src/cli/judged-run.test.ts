import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { BAR_US } from "../features/test-market.js";
import type { Acceptance } from "../runtime/acceptance/acceptance.js";
import type { Parity } from "../runtime/acceptance/parity.js";
import { equalParity, equalSymbol, NO_DIFFERENCES } from "../runtime/acceptance/test-parity.js";
import { BEGIN_US, DAYS, type RunStore, runStore } from "../runtime/acceptance/test-run-store.js";
import { openReader } from "../runtime/journal/open-reader.js";
import { parityLines } from "./parity-lines.js";
import { type EndedCommand, runCommandLine } from "./test-output.js";

let place: RunStore;

beforeAll(async () => {
  place = await runStore({ steps: 1 });
  // The embedded database serves one at a time.
  await place.journal.close();
});

afterAll(() => place.close());

const run = (...argv: string[]): Promise<EndedCommand> =>
  runCommandLine(...argv, "--data", place.root);

test("parity prints that nothing differs, and the days that were asked for", async () => {
  const equal = await run("parity", "--run", "test");
  expect(equal).toMatchObject({ code: 0, err: "" });
  expect(equal.out).toMatch(/^test: 0 of 300 bars of BTCUSDT differ from the store\n/);
  const none = await run("parity", "--run", "test", "--to", DAYS[1], "--json");
  // What was not looked at is not known to be equal.
  expect(none.code).toBe(1);
  expect(JSON.parse(none.out)).toMatchObject({
    run: "test",
    bars: 0,
    differentBars: 0,
  } satisfies Partial<Parity>);
});

/** Changes the run's record behind everybody's back, for as long as something is done. */
async function withRecord<Result>(
  [column, was, is]: readonly [string, string, string],
  work: () => Promise<Result>,
): Promise<Result> {
  const change = async (from: string, to: string): Promise<void> => {
    const reader = await openReader({ data: place.root });
    const replaced = `replace(${column}::text, '${from}', '${to}')`;
    const type = column === "symbols" ? "::jsonb" : "";
    const statement = `update tickbook.runs set ${column} = ${replaced}${type}`;
    await reader.ask((db) => sql.raw(statement).execute(db));
    await reader.close();
  };
  await change(was, is);
  try {
    return await work();
  } finally {
    await change(is, was);
  }
}

test("a symbol of which nothing was compared is named, and is a finding", async () => {
  const both = ["symbols", '"BTCUSDT"', '"BTCUSDT", "ETHUSDT"'] as const;
  const { code, out } = await withRecord(both, () => run("parity", "--run", "test"));
  expect(code).toBe(1);
  expect(out).toContain("● BTCUSDT: 300 bars, 0 differ\n");
  expect(out).toContain("■ ETHUSDT: 0 bars, NO BAR WAS COMPARED\n");
});

test("of a stream the bounds are told with what they mean, and beyond them is a finding", async () => {
  const streamed = ["settings", '"feed":"replay"', '"feed":"stream"'] as const;
  await withRecord(streamed, async () => {
    const near = await run("parity", "--run", "test");
    expect(near).toMatchObject({ code: 0, err: "" });
    expect(near.out).toMatch(/at most 5 % of the bars may be apart \(.*, 40 % of the staked bars/);
    expect(near.out).toMatch(
      /● BTCUSDT: 300 bars, 0 apart \(0.0 %\), 0 of \d+ staked bars with another side \(0.0 %\)/,
    );
    // The same days, each bar beside the one after the next.
    const moved = ["bar_end_us = bar_end_us + 1e9", "bar_end_us = bar_end_us - 1e9 + 2e6"];
    await change(moved);
    const far = await run("parity", "--run", "test", "--json");
    expect(far.code).toBe(1);
    expect(JSON.parse(far.out)).toMatchObject({
      bounds: { rows: 0.05, sides: 0.4, lacking: 0.5 },
      faults: ["BTCUSDT: too many bars are apart", "BTCUSDT: too many sides are others"],
    });
    await change(["bar_end_us = bar_end_us + 1e9", "bar_end_us = bar_end_us - 1e9 - 2e6"]);
  });
});

/** Changes all decisions, one statement after the other: no two may have one key meanwhile. */
async function change(statements: readonly string[]): Promise<void> {
  const reader = await openReader({ data: place.root });
  for (const one of statements) {
    await reader.ask((db) => sql.raw(`update tickbook.decisions set ${one}`).execute(db));
  }
  await reader.close();
}

test("acceptance prints every gate, what stands beside it and the verdict", async () => {
  const { code, out } = await run("acceptance", "--run", "test");
  expect(out).toMatch(/^SIMULATED · UNPROMOTED · test: logistic@\w{12}, paper on a replay\n/);
  for (const gate of ["win-rate", "profit-factor", "no-breach", "journal-whole"]) {
    expect(out).toContain(` ${gate} `);
  }
  expect(out).toMatch(/● parity +pass +0; features and decisions/);
  expect(out).toMatch(
    /◆ paper-5-days +undecided 0.003; .*\n {2}test, compressed: a replay of 0.1 hours/,
  );
  // Two inputs of a random market earn nothing: enough trades say so.
  expect(out).toMatch(/■ win-rate +fail/);
  expect(out).toMatch(/■ not challenge-ready\n$/);
  expect(code).toBe(1);
  const { out: json } = await run("acceptance", "--run", "test", "--json");
  expect(JSON.parse(json)).toMatchObject({
    verdict: "fail",
    isSimulated: true,
  } satisfies Partial<Acceptance>);
});

test("a run that nobody began is told with those that are there", async () => {
  for (const command of ["parity", "acceptance"]) {
    const { code, err } = await run(command, "--run", "nobody");
    expect(code).toBe(2);
    expect(err).toBe(
      'tickbook: --run: was "nobody", which the journal has no run of; choose among test\n',
    );
    expect((await run(command)).code).toBe(2);
  }
});

test("a difference is told with its place, and days that were not compared with their names", () => {
  const day = { exchange: "simulated", symbol: "BTCUSDT", date: DAYS[1] };
  const differences = { ...NO_DIFFERENCES, mid: 2, probability: 1 };
  const lines = parityLines({
    ...equalParity("test", ["BTCUSDT"], 1000),
    ...{ differentBars: 2, circumstances: { "limit: orders a day": 7 }, missingDays: [day] },
    symbols: [{ ...equalSymbol("BTCUSDT", 1000), differentBars: 2, differences }],
    first: { ...day, barEndUs: BEGIN_US + BAR_US, part: "mid", logged: "1", computed: "2" },
    differences,
  });
  expect(lines).toEqual([
    "test: 2 of 1,000 bars of BTCUSDT differ from the store",
    "■ BTCUSDT: 1,000 bars, 2 differ",
    "  mid: 2",
    "  probability: 1",
    `  first: BTCUSDT at ${DAYS[1]}T00:00:01.000Z, mid: logged 1, computed 2`,
    "  compared as far as the signal goes: 7 (limit: orders a day)",
    `  no features stored, not compared: BTCUSDT ${DAYS[1]}`,
  ]);
});
