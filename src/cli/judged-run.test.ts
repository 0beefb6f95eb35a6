import { afterAll, beforeAll, expect, test } from "vitest";
import { BAR_US } from "../features/test-market.js";
import type { Acceptance } from "../runtime/acceptance/acceptance.js";
import type { Parity } from "../runtime/acceptance/parity.js";
import { BEGIN_US, DAYS, type RunStore, runStore } from "../runtime/acceptance/test-run-store.js";
import { parityLines } from "./parity.js";
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
  const lines = parityLines({
    ...{ run: "test", model: "logistic@0", isExact: true, symbols: ["BTCUSDT"], bars: 1000 },
    ...{ differentBars: 2, circumstances: { "limit: orders a day": 7 }, distances: null },
    ...{ missingDays: [day], apartDays: [] },
    first: { ...day, barEndUs: BEGIN_US + BAR_US, part: "mid", logged: "1", computed: "2" },
    differences: {
      ...{ "decision missing": 0, "stored row missing": 0, features: 0, mask: 0 },
      ...{ mid: 2, probability: 1, side: 0, reason: 0 },
    },
  });
  expect(lines).toEqual([
    "test: 2 of 1,000 bars of BTCUSDT differ from the store",
    "  mid: 2",
    "  probability: 1",
    `  first: BTCUSDT at ${DAYS[1]}T00:00:01.000Z, mid: logged 1, computed 2`,
    "  compared as far as the signal goes: 7 (limit: orders a day)",
    `  no features stored, not compared: BTCUSDT ${DAYS[1]}`,
  ]);
});
