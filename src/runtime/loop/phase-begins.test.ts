import { expect, test } from "vitest";
import { emptyBoard } from "../monitor/test-board.js";
import { type JournalRecord, PHASE_BEGINS } from "../records.js";
import type { OpenRun } from "./open-run.js";
import type { RunSettings } from "./run-settings.js";
import { MemoryJournal, markets, SETTINGS, SYMBOLS, testRun } from "./test-run.js";
import { showRun } from "./watch-run.js";

const { risk } = SETTINGS;
const [challenge, verification, funded] = risk.rules.phases;

/** A target that a little luck reaches. */
const EASY: RunSettings = {
  ...SETTINGS,
  feeBps: 0,
  risk: {
    ...risk,
    costRatio: 0,
    rules: {
      ...risk.rules,
      phases: [
        { ...challenge!, targetRatio: 1e-6, leastDays: 0 },
        { ...verification!, targetRatio: 1e-6, leastDays: 0 },
        funded!,
      ],
    },
  },
};

test("a phase that begins is told before what the account is worth in it, and breaks the board's course there", async () => {
  const journal = new MemoryJournal();
  const { board } = emptyBoard({ symbols: SYMBOLS });
  const told: JournalRecord[] = [];
  let run: OpenRun | undefined;
  let events = 0;
  run = await testRun(markets(200), journal, {
    settings: EASY,
    watcher: {
      record: (record) => {
        told.push(record);
        board.record(record);
      },
      journalTook: () => {},
      event: (symbol, atUs) => {
        board.event(symbol, atUs);
        const beside = { journal: { isUp: true, waiting: 0 }, halted: "", connection: undefined };
        // Now and then, as a clock would have it.
        if (run !== undefined && events++ % 37 === 0) showRun(board, run, EASY, beside);
      },
    },
  });
  await run.run();
  const begun = journal.of("risk").filter(({ name }) => name === PHASE_BEGINS);
  expect(begun.map(({ detail }) => detail)).toEqual(["verification", "funded"]);
  const equity = journal.of("equity");
  for (const phase of begun) {
    const first = equity.find(({ atUs }) => atUs >= phase.atUs)!;
    const last = equity.filter(({ atUs }) => atUs < phase.atUs).at(-1)!;
    expect(told.indexOf(phase)).toBeLessThan(told.indexOf(first));
    expect(told.indexOf(phase)).toBeGreaterThan(told.indexOf(last));
  }
  const { phases, phaseNumber, atUs } = board.equity();
  expect(phases).toEqual(["challenge", "verification", "funded"]);
  const expected = equity.map((one) => begun.filter((phase) => phase.atUs <= one.atUs).length);
  expect(atUs).toEqual(equity.map((one) => one.atUs));
  expect(phaseNumber).toEqual(expected);
  expect(new Set(phaseNumber)).toEqual(new Set([0, 1, 2]));
  expect(board.snapshot().account).toMatchObject({ phase: "funded", phaseNumber: 2 });
});
