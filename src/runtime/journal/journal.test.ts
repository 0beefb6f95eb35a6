import { describe, expect, test } from "vitest";
import { startPostgres } from "../../faults/runtime/postgres-server.js";
import type { JournalRecord } from "../records.js";
import { type Conflict, conflictText } from "./conflicts.js";
import type { JournalPlace } from "./connector.js";
import { Journal } from "./journal.js";
import { listRuns, readRecords, readRun } from "./read-run.js";
import { byKind, PATIENT, storedRecords } from "./test-databases.js";
import { sampleEquity, sampleOrder, sampleRecords, sampleRun } from "./test-records.js";
import { testServer } from "./test-server.js";

const own = testServer(startPostgres);
const { data } = own;

const PLACES: Readonly<Record<string, () => JournalPlace>> = {
  PostgreSQL: () => ({ data, databaseUrl: own.server.url }),
  PGlite: () => ({ data }),
};

describe.each(Object.entries(PLACES))("on %s", (name, placeOf) => {
  const runName = (what: string): string => `${name}-${what}`;

  test("records of every kind come back to the bit, and once however often they are written", async () => {
    const run = runName("round-trip");
    const records = [0, 1, 2, 3].flatMap((seed) => sampleRecords(run, seed));
    for (let time = 0; time < 2; time++) {
      const journal = await Journal.open({ ...placeOf(), run, limits: PATIENT });
      expect(journal.state).toEqual({ name: "up" });
      for (const some of [[sampleRun(run)], records, records.slice(5, 20)]) {
        const written = await journal.write(some, { needs: "database" });
        expect(written).toEqual({ where: "database", conflicts: [] });
      }
      expect(await journal.close()).toEqual({ remaining: 0 });
    }
    const stored = await storedRecords(placeOf(), run);
    expect(stored).toEqual(byKind([sampleRun(run), ...records]));
  });

  test("what an operator has to know is kept, also where several things happen in one moment", async () => {
    const run = runName("moment");
    const journal = await Journal.open({ ...placeOf(), run, limits: PATIENT });
    const events = ["blocked: a", "blocked: b", "blocked: a"].map((detail): JournalRecord => {
      return { kind: "risk", run, atUs: 7, name: "block", symbol: "", detail };
    });
    for (let time = 0; time < 2; time++) {
      const { conflicts } = await journal.write(events, { needs: "database" });
      expect(conflicts).toEqual([]);
    }
    await journal.close();
    expect(await storedRecords(placeOf(), run)).toEqual(events.slice(0, 2));
  });

  test("a record of the same key and other content is told, noted and not written", async () => {
    const run = runName("conflict");
    const told: Conflict[] = [];
    const onConflict = (conflict: Conflict): number => told.push(conflict);
    const journal = await Journal.open({ ...placeOf(), run, limits: PATIENT, onConflict });
    const [order, other] = [sampleOrder(run, 1), sampleOrder(run, 2)];
    const changed = { ...order, amount: Number.NaN };
    await journal.write([order], { needs: "database" });
    const [, both] = await Promise.all([
      journal.write([other], { needs: "database" }),
      journal.write([changed, sampleEquity(run, 1)], { needs: "database" }),
    ]);
    expect(both.conflicts.map(({ refused }) => refused)).toEqual([changed]);
    expect(told).toEqual(both.conflicts);
    expect(conflictText(told[0]!)).toBe(
      `the order of id ${run}-1 was written before with other content, which stays`,
    );
    await journal.close();
    expect(await storedRecords(placeOf(), run)).toEqual(
      byKind([order, other, sampleEquity(run, 1)]),
    );
  });

  test("many records of keys that are taken are told from those that are not", async () => {
    const run = runName("conflicts");
    const journal = await Journal.open({ ...placeOf(), run, limits: PATIENT });
    const first = Array.from({ length: 1200 }, (_, i) => sampleEquity(run, 2 * i));
    await journal.write(first, { needs: "database" });
    const second = Array.from({ length: 2400 }, (_, i) => ({
      ...sampleEquity(run, i),
      balanceUsd: i % 4 === 0 ? 0 : 1e5,
    }));
    const { conflicts } = await journal.write(second, { needs: "database" });
    expect(conflicts.map(({ refused }) => refused)).toEqual(second.filter((_, i) => i % 4 === 0));
    await journal.close();
    const stored = await storedRecords(placeOf(), run);
    expect(stored).toEqual([...first, ...second.filter((_, i) => i % 2 === 1)]);
  });

  test("what a run was begun with is told, and who drove it", async () => {
    const run = runName("known");
    const journal = await Journal.open({ ...placeOf(), run, limits: PATIENT });
    const records = [1, 2, 3].flatMap((seed) => sampleRecords(run, seed));
    await journal.write([sampleRun(run), ...records], { needs: "local" });
    const of = <Kind extends JournalRecord["kind"]>(kind: Kind) =>
      records.filter((record) => record.kind === kind);
    expect(await readRun(journal, run)).toEqual({
      run: sampleRun(run),
      models: of("model"),
      sessions: of("session"),
    });
    expect(await readRun(journal, "no such run")).toBeUndefined();
    expect(await listRuns(journal)).toContainEqual(sampleRun(run));
    await journal.close();
  });

  test("more records than are read at once come in order", async () => {
    const run = runName("many");
    const journal = await Journal.open({ ...placeOf(), run, limits: PATIENT });
    // Not by time, but as they were written.
    const records = Array.from({ length: 4500 }, (_, i) => sampleEquity(run, 10_000 - i));
    await journal.write(records, { needs: "local" });
    const read: JournalRecord[] = [];
    for await (const record of readRecords(journal, run, "equity")) read.push(record);
    expect(read).toEqual(records);
    await journal.close();
  });

  test("a second process that would drive the run is refused, and the first goes on", async () => {
    const run = runName("twice");
    const journal = await Journal.open({ ...placeOf(), run, limits: PATIENT });
    await expect(Journal.open({ ...placeOf(), run, limits: PATIENT })).rejects.toThrow(
      `the run "${run}" is in use by process ${process.pid}`,
    );
    const written = await journal.write([sampleEquity(run, 1)], { needs: "database" });
    expect(written.where).toBe("database");
    await journal.close();
    await (await Journal.open({ ...placeOf(), run, limits: PATIENT })).close();
  });

  test("a record of another run, or with a time that is none, is refused and nothing written", async () => {
    const run = runName("wrong");
    const journal = await Journal.open({ ...placeOf(), run, limits: PATIENT });
    const wrong = [sampleEquity("other", 1), { ...sampleEquity(run, 1), atUs: Number.NaN }];
    for (const record of wrong) {
      const write = journal.write([sampleEquity(run, 2), record], { needs: "local" });
      await expect(write).rejects.toThrow("expected");
    }
    await journal.close();
    expect(await storedRecords(placeOf(), run)).toEqual([]);
  });
});

test.each(["", "..", "../x", "a/b", "journal", "halted.json", ".hidden", "a b"])(
  "a run cannot be called %j",
  async (run) => {
    await expect(Journal.open({ data, run })).rejects.toMatchObject({ exitCode: 2 });
  },
);
