import { sql } from "kysely";
import { Client } from "pg";
import { expect, test } from "vitest";
import { DataError } from "../../core/errors.js";
import { startPostgres } from "../../faults/runtime/postgres-server.js";
import { beginRun } from "../loop/begin-run.js";
import { requireLater } from "../loop/require-later.js";
import { MODEL, SETTINGS } from "../loop/test-run.js";
import { Journal, type JournalLimits } from "./journal.js";
import { JournalOfRun } from "./journal-of-run.js";
import { readRun } from "./read-run.js";
import { PATIENT } from "./test-databases.js";
import { testServer } from "./test-server.js";

const own = testServer(startPostgres);

async function open(run: string, limits: JournalLimits = {}): Promise<Journal> {
  const place = { data: own.data, databaseUrl: own.server.url };
  return await Journal.open({ ...place, run, keeps: true, limits });
}

async function query(text: string): Promise<void> {
  const client = new Client({ connectionString: own.server.url });
  await client.connect();
  await client.query(text);
  await client.end();
}

/** What becomes of a database between the opening of a journal and its first question, and how it comes back. */
const GONE = {
  paused: { go: async () => own.server.pause(), come: async () => own.server.resume() },
  "cut off": { go: () => query(CUT_OFF), come: async () => {} },
  killed: { go: () => own.server.kill(), come: () => own.server.start() },
};

const CUT_OFF =
  "select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'tickbook %'";

test.each(["paused", "cut off", "killed"] as const)(
  "a database that is %s while a run begins is away, and the run begins",
  async (how) => {
    const run = how.replace(" ", "-");
    const { go, come } = GONE[how];
    const journal = await open(run, { askMs: 300, heartbeatMs: 60_000 });
    const begun = { settings: { ...SETTINGS, run }, model: MODEL, feed: "stream" } as const;
    const written = new JournalOfRun(journal);
    const source = { beginsBefore: async () => undefined };
    const { signal } = new AbortController();
    const following = { settings: begun.settings, source, signal };
    await go();
    try {
      const asked = readRun(journal, run).catch((error) => [error, journal.state.name]);
      expect(await asked).toEqual([expect.any(DataError), "down"]);
      const before = (): Promise<void> => requireLater(following, journal, 0);
      await beginRun(begun, journal, written, { session: "1", left: [], before });
      await written.readPrior(run, 0);
    } finally {
      await come();
      await journal.close();
    }
    const again = await open(run, PATIENT);
    expect((await readRun(again, run))?.sessions).toMatchObject([{ id: "1", event: "start" }]);
    await again.close();
  },
);

test("a question has more time than a write, and one that is wrong is no outage", async () => {
  const journal = await open("slow", { answerMs: 300 });
  await journal.ask((db) => sql`select pg_sleep(0.6)`.execute(db));
  await expect(journal.ask((db) => sql`select nothing`.execute(db))).rejects.toThrow(DataError);
  expect(journal.state).toEqual({ name: "up" });
  expect(await journal.close()).toEqual({ remaining: 0 });
});
