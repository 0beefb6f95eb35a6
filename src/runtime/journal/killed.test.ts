import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { seededRandom } from "../../core/random.js";
import { builtSources } from "../../core/test-build.js";
import { type PostgresServer, startPostgres } from "../../faults/runtime/postgres-server.js";
import type { JournalRecord } from "../records.js";
import type { JournalPlace } from "./connector.js";
import { recordOf } from "./record-text.js";
import { storedRecords, temporaryData } from "./test-databases.js";
import { sampleEquity } from "./test-records.js";
import { readWal } from "./wal-lines.js";

/** Kills of one run; more of them find no other kinds of places. */
const KILLS = { PostgreSQL: 10, PGlite: 3 };

const { data, remove } = temporaryData();
let server: PostgresServer;
let compiled: string;
beforeAll(async () => {
  server = await startPostgres();
  compiled = await builtSources();
});
afterAll(async () => {
  await server.remove();
  remove();
});

/** Writes the account at 1, 2, 3 … µs, three at a time, and says which of them it was told are written. */
const WRITER = `
  const { Journal } = require(modules + "/journal.js");
  const { sampleEquity } = require(modules + "/test-records.js");
  const { writeSync } = require("node:fs");
  (async () => {
    const journal = await Journal.open({ ...place, run, limits: { cutBytes: 2000, writeMs: 30_000, answerMs: 30_000 } });
    const one = async (i) => {
      await journal.write([sampleEquity(run, i)], { needs: i % 3 === 0 ? "local" : "database" });
      writeSync(1, i + "\\n");
    };
    for (let i = first; ; i += 3) await Promise.all([one(i), one(i + 1), one(i + 2)]);
  })();`;

/** Starts the writer, and kills it some µs after it said that it has written so many; returns the last it said. */
async function killedWriter(
  given: Readonly<Record<string, unknown>>,
  { after, waitMs }: { readonly after: number; readonly waitMs: number },
): Promise<number> {
  const names = Object.entries({ ...given, modules: path.join(compiled, "runtime", "journal") });
  const head = names.map(([name, value]) => `const ${name} = ${JSON.stringify(value)};`).join("");
  const child = spawn(process.execPath, ["-e", head + WRITER], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let out = "";
  let err = "";
  child.stderr.on("data", (text) => {
    err += text;
  });
  const ended = new Promise((resolve) => child.once("close", resolve));
  await new Promise<void>((resolve) => {
    child.stdout.on("data", (text) => {
      out += text;
      if (out.split("\n").length > after) resolve();
    });
    void ended.then(() => resolve());
  });
  await sleep(waitMs);
  child.kill("SIGKILL");
  await ended;
  expect(err).toBe("");
  const said = out.split("\n").slice(0, -1).map(Number);
  return Math.max(...said);
}

function inFile(
  run: string,
): readonly { readonly number: number; readonly records: readonly JournalRecord[] }[] {
  const file = path.join(data, "runtime", run, "journal.wal");
  return readWal(readFileSync(file), file).batches.map(({ number, records }) => ({
    number,
    records: records.map(recordOf),
  }));
}

test.each([
  ["PostgreSQL", (): JournalPlace => ({ data, databaseUrl: server.url })],
  ["PGlite", (): JournalPlace => ({ data })],
] as const)(
  "on %s, whenever a process is killed, database and file together hold what was written, in order and once",
  async (name, placeOf) => {
    const run = `killed-${name}`;
    const random = seededRandom(9, run);
    let first = 1;
    let cut = 0;
    for (let kill = 0; kill < KILLS[name]; kill++) {
      const at = { after: 1 + random.below(40), waitMs: random.below(5) };
      const said = await killedWriter({ run, place: placeOf(), first }, at);
      const stored = await storedRecords(placeOf(), run);
      const waiting = inFile(run);
      if ((waiting[0]?.number ?? 2) > 1) cut++;
      const known = new Set(stored.map((record) => JSON.stringify(record)));
      const left = waiting
        .flatMap(({ records }) => records)
        .filter((record) => !known.has(JSON.stringify(record)));
      const all = [...stored, ...left];
      expect(all.length).toBeGreaterThanOrEqual(said);
      expect(all).toEqual(all.map((_, i) => sampleEquity(run, i + 1)));
      first = all.length + 1;
    }
    // Some of the kills met a file from which shipped batches had been cut.
    expect(cut).toBeGreaterThan(0);
  },
);
