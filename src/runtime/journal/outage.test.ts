import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Client } from "pg";
import { afterEach, expect, test } from "vitest";
import { startPostgres } from "../../faults/runtime/postgres-server.js";
import type { Conflict } from "./conflicts.js";
import { Journal, type JournalOptions } from "./journal.js";
import type { JournalState } from "./state.js";
import { byKind, PATIENT, storedRecords, temporaryData } from "./test-databases.js";
import { sampleEquity, sampleOrder } from "./test-records.js";
import { testServer } from "./test-server.js";

const own = testServer(startPostgres);
const { data } = own;

/** An open journal that tells what became of its state. */
class Watched {
  readonly states: JournalState[] = [];
  private told: () => void = () => {};

  journal!: Journal;

  async open(run: string, options: Partial<JournalOptions> = {}): Promise<Journal> {
    const onState = (state: JournalState): void => {
      this.states.push(state);
      this.told();
    };
    const place = { data, databaseUrl: own.server.url };
    this.journal = await Journal.open({ ...place, run, onState, ...options });
    return this.journal;
  }

  async until(name: JournalState["name"]): Promise<void> {
    while (this.journal.state.name !== name) {
      await new Promise<void>((resolve) => {
        this.told = resolve;
      });
    }
  }
}

afterEach(async () => {
  own.server.resume();
});

async function query(text: string): Promise<readonly unknown[]> {
  const client = new Client({ connectionString: own.server.url });
  await client.connect();
  const { rows } = await client.query({ text, rowMode: "array" });
  await client.end();
  return rows.flat();
}

test("an older copy of the write-ahead file is refused: what is written to it would count as shipped before", async () => {
  const run = "older-copy";
  const place = { data, databaseUrl: own.server.url, run, keeps: true, limits: PATIENT };
  const file = path.join(data, "runtime", run, "journal.wal");
  const journal = await Journal.open(place);
  for (const i of [1, 2]) await journal.write([sampleEquity(run, i)], { needs: "database" });
  const older = readFileSync(file);
  await journal.write([sampleEquity(run, 3)], { needs: "database" });
  await journal.close();
  const last = readFileSync(file);
  writeFileSync(file, older);
  await expect(Journal.open(place)).rejects.toThrow(
    "holds 3 batches of this run's write-ahead file, which has 2: it is an older copy",
  );
  writeFileSync(file, last);
  await (await Journal.open(place)).close();
});

test("a server that is killed in mid-run and started again loses nothing and holds nothing twice", async () => {
  const watched = new Watched();
  const journal = await watched.open("killed-server", { limits: PATIENT });
  const records = Array.from({ length: 400 }, (_, i) => sampleEquity("killed-server", i));
  const written: Promise<unknown>[] = [];
  for (const [i, record] of records.entries()) {
    written.push(journal.write([record], { needs: i % 2 === 0 ? "database" : "local" }));
    if (i % 7 === 0) await written.at(-1);
    if (i === 150) await own.server.kill();
    if (i === 250) await own.server.start();
  }
  await Promise.all(written);
  await watched.until("up");
  const last = await journal.write([sampleOrder("killed-server", 1)], { needs: "database" });
  expect(last.where).toBe("database");
  expect(await journal.close()).toEqual({ remaining: 0 });
  const stored = await storedRecords({ data, databaseUrl: own.server.url }, "killed-server");
  expect(stored).toEqual(byKind([...records, sampleOrder("killed-server", 1)]));
  expect(watched.states.map(({ name }) => name)).toEqual(["up", "down", "up"]);
});

test("a server that stands still is seen as down, also when nothing is written; exits go on, and are shipped once", async () => {
  const watched = new Watched();
  const journal = await watched.open("paused");
  await journal.write([sampleEquity("paused", 1)], { needs: "database" });
  own.server.pause();
  await watched.until("down");
  expect(watched.states.at(-1)).toMatchObject({
    reason: "the database did not answer within 500 ms",
    isFinal: false,
  });
  const exits = [2, 3, 4].map((i) => sampleEquity("paused", i));
  for (const exit of exits) {
    expect((await journal.write([exit], { needs: "local" })).where).toBe("file");
  }
  const entry = await journal.write([sampleOrder("paused", 1)], { needs: "database" });
  expect(entry).toEqual({ where: "file", conflicts: [] });
  expect(journal.unshipped).toEqual([...exits, sampleOrder("paused", 1)]);
  own.server.resume();
  await watched.until("up");
  expect(journal.unshipped).toEqual([]);
  expect(await journal.close()).toEqual({ remaining: 0 });
  const stored = await storedRecords({ data, databaseUrl: own.server.url }, "paused");
  expect(stored).toEqual(byKind([sampleEquity("paused", 1), ...exits, sampleOrder("paused", 1)]));
});

test("a write that the server falls silent at comes back as in the file, and is there once after all", async () => {
  for (let seed = 0; seed < 3; seed++) {
    const run = `silent-${seed}`;
    const watched = new Watched();
    const journal = await watched.open(run);
    const writes = [1, 2, 3].map((i) =>
      journal.write([sampleEquity(run, i)], { needs: "database" }),
    );
    if (seed > 0) await writes[0];
    own.server.pause();
    const last = await journal.write([sampleEquity(run, 4)], { needs: "database" });
    expect(last.where).toBe("file");
    own.server.resume();
    await watched.until("up");
    await journal.close();
    const stored = await storedRecords({ data, databaseUrl: own.server.url }, run);
    expect(stored).toEqual([1, 2, 3, 4].map((i) => sampleEquity(run, i)));
  }
});

test("an end does not wait for a server that stands still, nor for one that is being connected to", async () => {
  for (const isDown of [false, true]) {
    const watched = new Watched();
    const journal = await watched.open(`closing-${isDown}`);
    own.server.pause();
    if (isDown) await watched.until("down");
    await journal.write([sampleEquity(`closing-${isDown}`, 1)], { needs: "local" });
    expect(await journal.close({ deadlineMs: 100 })).toEqual({ remaining: 1 });
    const late = journal.write([sampleEquity(`closing-${isDown}`, 2)], { needs: "local" });
    await expect(late).rejects.toThrow("was closed before");
    own.server.resume();
    await (await new Watched().open(`closing-${isDown}`)).close();
    const stored = await storedRecords({ data, databaseUrl: own.server.url }, `closing-${isDown}`);
    expect(stored).toEqual([sampleEquity(`closing-${isDown}`, 1)]);
  }
});

test("a run starts while the database is away, and ships when it comes; what is left at the end stays in the file", async () => {
  await own.server.stop();
  const first = await new Watched().open("offline");
  expect(first.state).toMatchObject({ name: "down", isFinal: false });
  expect(JSON.stringify(first.state)).toContain("ECONNREFUSED");
  await first.write([sampleEquity("offline", 1)], { needs: "local" });
  expect(await first.close({ deadlineMs: 50 })).toEqual({ remaining: 1 });
  const watched = new Watched();
  const second = await watched.open("offline");
  expect(second.unshipped).toEqual([sampleEquity("offline", 1)]);
  await expect(second.ask(async () => {})).rejects.toThrow("the journal's database is down");
  await second.write([sampleEquity("offline", 2)], { needs: "local" });
  await own.server.start();
  await watched.until("up");
  await second.close();
  const stored = await storedRecords({ data, databaseUrl: own.server.url }, "offline");
  expect(stored).toEqual([1, 2].map((i) => sampleEquity("offline", i)));
});

test("a run that another machine drives is refused, and one whose run is taken meanwhile stays down", async () => {
  const mine = new Watched();
  const journal = await mine.open("taken");
  const elsewhere = temporaryData();
  const place = { databaseUrl: own.server.url, data: elsewhere.data };
  await expect(Journal.open({ ...place, run: "taken" })).rejects.toThrow(
    'the run "taken" is driven by another process from 127.0.0.1',
  );
  // The other one waits for the lock, and has it as soon as the connection is lost.
  const thief = new Client({ connectionString: own.server.url });
  await thief.connect();
  const key =
    "select (classid::int8 << 32) | objid::int8 from pg_locks where locktype = 'advisory'";
  const [number] = await query(key);
  const taken = thief.query(`select pg_advisory_lock(${number})`);
  await query(
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'tickbook %'",
  );
  await taken;
  await mine.until("down");
  while (!(journal.state.name === "down" && journal.state.isFinal)) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  expect(JSON.stringify(journal.state)).toContain("is driven by another process");
  const exit = await journal.write([sampleEquity("taken", 1)], { needs: "local" });
  expect(exit.where).toBe("file");
  expect(await journal.close()).toEqual({ remaining: 1 });
  await thief.end();
  elsewhere.remove();
});

test("a file that was not cut after its batches were shipped ships nothing twice, and tells again what was refused", async () => {
  const run = "uncut";
  const file = path.join(data, "runtime", run, "journal.wal");
  const first = await new Watched().open(run, { limits: PATIENT });
  const refused = { ...sampleOrder(run, 1), amount: Number.NaN };
  await first.write([sampleOrder(run, 1), sampleEquity(run, 1)], { needs: "database" });
  await first.write([refused], { needs: "database" });
  const uncut = readFileSync(file);
  await first.close();
  writeFileSync(file, uncut);
  await query(`delete from tickbook.equity where run = '${run}'`);
  const told: unknown[] = [];
  const onConflict = (conflict: Conflict): number => told.push(conflict.refused);
  const second = await new Watched().open(run, { limits: PATIENT, onConflict });
  await second.write([sampleEquity(run, 2)], { needs: "database" });
  await second.close();
  expect(told).toEqual([refused]);
  const noted = await query(`select count(*) from tickbook.conflicts where run = '${run}'`);
  expect(noted.map(Number)).toEqual([1]);
  const stored = await storedRecords({ data, databaseUrl: own.server.url }, run);
  expect(stored).toEqual(byKind([sampleOrder(run, 1), sampleEquity(run, 2)]));
});

test("a database that does not hold what was shipped is refused", async () => {
  const run = "moved";
  const first = await new Watched().open(run, { limits: PATIENT });
  await first.write([sampleEquity(run, 1)], { needs: "database" });
  await first.close();
  await query("delete from tickbook.wal_positions where run = 'moved'");
  await expect(new Watched().open(run)).rejects.toThrow(
    "holds 0 batches of this run's write-ahead file, expected 1 or more",
  );
});
