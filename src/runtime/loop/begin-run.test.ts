import { expect, test } from "vitest";
import { DataError } from "../../core/errors.js";
import type { Journal } from "../journal/journal.js";
import { beginRun, settingsHash } from "./begin-run.js";
import { MemoryJournal, MODEL, SETTINGS } from "./test-run.js";

const REQUEST = { settings: SETTINGS, model: MODEL, feed: "stream" } as const;
const OTHER = { ...REQUEST, settings: { ...SETTINGS, feeBps: 9 } };

/** A database that cannot be asked. */
const AWAY = {
  ask: async () => {
    throw new DataError({ message: "the journal's database is down" });
  },
} as unknown as Journal;

test("while the database is away, the state that a run left says whether it is the same run", async () => {
  const own = Object.assign(new MemoryJournal(), { isUp: false });
  const left = [settingsHash(REQUEST)];
  await expect(beginRun(OTHER, AWAY, own, { session: "2", left })).rejects.toThrow(
    'was "test", a run that was begun with other settings',
  );
  expect(own.records.size).toBe(0);
  await beginRun(REQUEST, AWAY, own, { session: "2", left });
  await beginRun(REQUEST, AWAY, own, { session: "3", left: [] });
  expect(own.of("session").length).toBe(1);
});

test("a database that is there and cannot be asked ends the start", async () => {
  const own = new MemoryJournal();
  await expect(beginRun(REQUEST, AWAY, own, { session: "1", left: [] })).rejects.toThrow("is down");
});
