import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { SECOND_US } from "../../core/time.js";
import { BAR_US, START_US } from "../../features/test-market.js";
import type { JournalRecord } from "../records.js";
import type { Control, Standing } from "./control.js";
import type { OpenRun, RunParts } from "./open-run.js";
import { OUTSIDE, priorOf } from "./prior.js";
import type { RunSettings } from "./run-settings.js";
import type { SessionState } from "./session-state.js";
import { MemoryJournal, markets, SETTINGS, SYMBOLS, testRun, timeless } from "./test-run.js";

const BARS = 200;
const all = markets(BARS);

/** Breaks of the market, before each of which the account is made flat. */
const BREAKS: RunSettings = {
  ...SETTINGS,
  risk: {
    ...SETTINGS.risk,
    rules: {
      ...SETTINGS.risk.rules,
      phases: SETTINGS.risk.rules.phases.map((phase) => ({ ...phase, flatBeforeBreakHours: 0 })),
    },
    guard: { ...SETTINGS.risk.guard, breakMinutes: 2 / 60 },
    calendar: {
      newsUs: [],
      breaks: Array.from({ length: 6 }, (_, i) => {
        const fromUs = START_US + (25 + 30 * i) * SECOND_US;
        return { fromUs, untilUs: fromUs + 5 * SECOND_US };
      }),
    },
  },
};

/** Somebody who halts or demotes at bars. */
function control(standing: (bar: number) => Partial<Standing>, first = 0): Control {
  let bar = first;
  return { look: async () => ({ halted: "", demoted: "", ...standing(bar++) }) } as Control;
}

const recordsOf = (journal: MemoryJournal): readonly JournalRecord[] =>
  [...journal.records.values()].map(timeless);

const copied = (state: SessionState): SessionState => JSON.parse(JSON.stringify(state));

/** What a run is driven with until a bar at which it is gone, with the state that it left some bars before. */
async function goneAt(
  journal: MemoryJournal,
  { saved, gone }: { readonly saved: number; readonly gone: number },
  parts: Partial<RunParts> = {},
): Promise<SessionState> {
  let state: SessionState | undefined;
  let bar = 0;
  const run = await testRun(all, journal, {
    ...parts,
    onBar: async (_, save) => {
      if (bar === saved) state = copied(save());
      if (bar++ === gone) throw new Error("gone");
    },
  });
  await expect(run.run()).rejects.toThrow("gone");
  return state!;
}

const goOn = async (
  journal: MemoryJournal,
  saved: SessionState | undefined,
  parts: Partial<RunParts> = {},
): Promise<OpenRun> => {
  const prior = priorOf([...journal.records.values()]);
  const run = await testRun(all, journal, { ...parts, saved, prior });
  await run.run();
  expect(journal.conflicts).toEqual([]);
  return run;
};

const barOf = ({ barEndUs }: { readonly barEndUs: number }): number =>
  Math.round((barEndUs - START_US) / BAR_US) - 1;

test("a run that is stopped in the middle of bars goes on as one that was never stopped", async () => {
  const whole = new MemoryJournal();
  await (await testRun(all, whole)).run();
  const journal = new MemoryJournal();
  let state: SessionState | undefined;
  let stops = 0;
  for (let isEnded = false; !isEnded; stops++) {
    let save: (() => SessionState) | undefined;
    let fills = 0;
    // A fill is booked within a bar.
    const write = journal.write.bind(journal);
    const stopping = Object.assign(Object.create(journal) as MemoryJournal, {
      write: async (...given: Parameters<typeof write>) => {
        if (given[0].some(({ kind }) => kind === "fill") && ++fills === 9) run.stop();
        return await write(...given);
      },
    });
    const run: OpenRun = await testRun(all, stopping, {
      saved: state,
      onBar: async (_, given) => {
        save = given;
      },
    });
    isEnded = await run.run();
    state = copied(save!());
  }
  expect(stops).toBeGreaterThan(10);
  expect(journal.conflicts).toEqual([]);
  expect(recordsOf(journal)).toEqual(recordsOf(whole));
});

test("what a bar left to be closed is closed at the same moment by whoever goes on", async () => {
  const whole = new MemoryJournal();
  const states: SessionState[] = [];
  const onBar: RunParts["onBar"] = async (_, save) => {
    states.push(copied(save()));
  };
  await (await testRun(all, whole, { settings: BREAKS, onBar })).run();
  expect(whole.of("order").filter(({ purpose }) => purpose === "flatten").length).toBeGreaterThan(
    5,
  );
  const closing = states.filter(({ desk }) => desk.risk.action === "flatten");
  expect(closing.length).toBeGreaterThan(10);
  // Of each break one state, some bars apart.
  for (const saved of closing.filter((_, i) => i % 5 === 1)) {
    const journal = new MemoryJournal();
    await (await testRun(all, journal, { settings: BREAKS, saved })).run();
    const later = new Map([...journal.records].map(([key, record]) => [key, timeless(record)]));
    for (const [key, record] of later) expect(record).toEqual(timeless(whole.records.get(key)!));
    for (const order of whole.of("order")) {
      if (order.decidedUs > saved.nextUs) expect([...later.keys()]).toContain(`order ${order.id}`);
    }
  }
});

test("an order to stop is obeyed over a restart, at no bar that was decided on before, and until it is lifted", async () => {
  const journal = new MemoryJournal();
  const halted = "halted since noon: look";
  const standing = (bar: number): Partial<Standing> =>
    bar >= 60 && bar < 120 ? { halted } : { halted: "" };
  const gone = { saved: 40, gone: 63 };
  const state = await goneAt(journal, gone, { control: control(standing) });
  const before = recordsOf(journal);
  await goOn(journal, state, { control: control(standing, 64) });
  expect(recordsOf(journal).slice(0, before.length)).toEqual(before);
  const entries = journal.of("order").filter(({ purpose }) => purpose === "entry");
  const bars = new Set(entries.map(barOf));
  expect([...bars].filter((bar) => bar > 60 && bar < 120)).toEqual([]);
  expect(Math.min(...[...bars].filter((bar) => bar > 100))).toBeLessThan(130);
  expect(journal.of("order").some(({ purpose }) => purpose === "flatten")).toBe(true);
  const told = journal.of("risk").filter(({ name }) => name.startsWith("halt"));
  expect(told.map(({ name }) => name)).toEqual(["halted", "halt-lifted"]);
});

test("an order to stop that was found within a bar is found there again, and what it closed is closed then", async () => {
  const journal = new MemoryJournal();
  let isHalted = false;
  const stopping = control(() => (isHalted ? { halted: "halted: within a bar" } : {}));
  let state: SessionState | undefined;
  let bar = 0;
  const run = await testRun(all, journal, {
    control: stopping,
    onBar: async (_, save) => {
      if (bar === 40) state = copied(save());
      if (bar++ === 60) {
        isHalted = true;
        // Half a second later it is looked for.
        await sleep(510);
      } else if (bar === 64) throw new Error("gone");
    },
  });
  await expect(run.run()).rejects.toThrow("gone");
  const told = journal.of("risk").find(({ name }) => name === "halted")!;
  expect(told.atUs % BAR_US).toBeGreaterThan(0);
  const flattened = journal.of("order").filter(({ purpose }) => purpose === "flatten");
  expect(flattened.map(({ decidedUs }) => decidedUs)).toContain(told.atUs);
  const before = recordsOf(journal);
  await goOn(journal, state, { control: stopping });
  expect(recordsOf(journal).slice(0, before.length)).toEqual(before);
});

test("one that was halted while nothing ran decides again as it did before, and closes at its first new bar", async () => {
  const journal = new MemoryJournal();
  const state = await goneAt(journal, { saved: 40, gone: 60 });
  const before = recordsOf(journal);
  await goOn(journal, state, { control: control(() => ({ halted: "halted: now" })) });
  expect(recordsOf(journal).slice(0, before.length)).toEqual(before);
  const flattened = journal.of("order").filter(({ purpose }) => purpose === "flatten");
  expect(flattened.length).toBeGreaterThan(0);
  expect(barOf(flattened[0]!)).toBeGreaterThan(60);
});

test.each([
  ["40 bars before", 20],
  ["never", Number.POSITIVE_INFINITY],
])(
  "a database that is down at a restart undoes nothing that was decided before, with a state written %s",
  async (_, saved) => {
    const journal = new MemoryJournal();
    const state = await goneAt(journal, { saved, gone: 60 });
    const before = recordsOf(journal);
    const sent = journal.of("order").length;
    journal.isUp = false;
    journal.answers = false;
    const run = await goOn(journal, state);
    expect(recordsOf(journal).slice(0, before.length)).toEqual(before);
    const later = journal.of("order").slice(sent);
    expect(later.filter(({ purpose }) => purpose === "entry")).toEqual([]);
    expect(later.length).toBeGreaterThan(0);
    for (const i of SYMBOLS.keys()) expect(run.portfolio.position(i)).toBe(0);
    const decisions = journal.of("decision").filter((one) => barOf(one) > 60);
    expect(decisions.every(({ reason }) => reason.startsWith(OUTSIDE))).toBe(true);
  },
);

test("an entry that the broker knows of an earlier process is not taken back, though the database is down", async () => {
  const journal = new MemoryJournal();
  const state = await goneAt(journal, { saved: 40, gone: 60 });
  const sent = new Set(journal.of("order").map(({ id }) => id));
  const last = journal.of("order").filter((order) => barOf(order) === 60);
  expect(last.map(({ purpose }) => purpose)).toContain("entry");
  journal.isUp = false;
  journal.answers = false;
  await goOn(journal, state, {
    brokerFor: (paper) =>
      Object.assign(Object.create(paper) as typeof paper, {
        knows: async (id: string) => sent.has(id),
      }),
  });
  expect(journal.of("order-end").filter(({ status }) => status === "withdrawn")).toEqual([]);
  const filled = new Set(journal.of("fill").map(({ orderId }) => orderId));
  for (const { id } of last) expect(filled).toContain(id);
});

test("an entry that the database did not take stays taken back over a restart, and what it reduced is reduced once", async () => {
  const journal = new MemoryJournal();
  let bar = 0;
  const onBar: RunParts["onBar"] = async () => {
    bar++;
    journal.answers = bar % 3 !== 0;
  };
  const reference = await testRun(all, journal, { onBar });
  await reference.run();
  const ends = journal.of("order-end").filter(({ status }) => status === "withdrawn");
  const exits = new Set(journal.of("order").map(({ id }) => id));
  expect(ends.length).toBeGreaterThan(5);
  // Some of them stood between a long and a short position.
  const both = journal
    .of("order")
    .filter(({ purpose, id }) => purpose === "entry" && ends.some((end) => end.orderId === id))
    .filter(({ symbol, barEndUs }) =>
      journal
        .of("order")
        .some(
          (one) => one.purpose === "exit" && one.symbol === symbol && one.barEndUs === barEndUs,
        ),
    );
  expect(both.length).toBeGreaterThan(0);
  expect(exits.size).toBe(journal.of("order").length);
  journal.answers = true;
  const before = recordsOf(journal);
  const again = await goOn(journal, undefined);
  expect(recordsOf(journal)).toEqual(before);
  expect(again.portfolio.save()).toEqual(reference.portfolio.save());
});

test("nothing is entered where nobody may, be it what an earlier order could not fill", async () => {
  const journal = new MemoryJournal();
  let bar = 0;
  const onBar: RunParts["onBar"] = async () => {
    bar++;
    journal.answers = bar < 50;
  };
  // Taken back at bar 50 and 51; from 52 on the model is demoted.
  const demoted = control((at) => (at >= 52 ? { demoted: "was demoted" } : {}));
  await (await testRun(all, journal, { onBar, control: demoted })).run();
  const later = journal.of("order").filter((order) => barOf(order) >= 52);
  expect(later.filter(({ purpose }) => purpose === "entry")).toEqual([]);
  expect(later.length).toBeGreaterThan(0);
});
