import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { cleanUpNow } from "../../faults/clean-up.js";
import { type PostgresServer, startPostgres } from "../../faults/runtime/postgres-server.js";
import { smallDisk } from "../../faults/small-disk.js";
import { Journal } from "./journal.js";
import { byKind, PATIENT, storedRecords, temporaryData } from "./test-databases.js";
import { sampleEquity, sampleOrder } from "./test-records.js";
import { WalFile } from "./wal-file.js";

const { data, remove } = temporaryData();
const disk = smallDisk(path.join(data, "disk"));
let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterEach(() => {
  vi.restoreAllMocks();
});
afterAll(async () => {
  await server.remove();
  disk?.remove();
  remove();
  cleanUpNow();
});

const full = Object.assign(new Error("no space"), { code: "ENOSPC", path: "journal.wal" });

test("while the file takes nothing entries are refused and exits go to the database alone", async () => {
  const place = { data, databaseUrl: server.url };
  const journal = await Journal.open({ ...place, run: "full", limits: PATIENT });
  await journal.write([sampleEquity("full", 1)], { needs: "local" });
  const append = vi.spyOn(WalFile.prototype, "append").mockRejectedValue(full);
  const entry = journal.write([sampleOrder("full", 1)], { needs: "database" });
  const exit = journal.write([sampleEquity("full", 2)], { needs: "local" });
  await expect(entry).rejects.toThrow("journal.wal: could not be written (ENOSPC); make room");
  expect(await exit).toEqual({ where: "database", conflicts: [] });
  await server.kill();
  while (journal.state.name === "up") await new Promise((resolve) => setTimeout(resolve, 10));
  const lost = journal.write([sampleEquity("full", 3)], { needs: "local" });
  await expect(lost).rejects.toThrow("could not be written");
  append.mockRestore();
  const kept = await journal.write([sampleEquity("full", 4)], { needs: "local" });
  expect(kept).toEqual({ where: "file", conflicts: [] });
  await server.start();
  expect(await journal.close({ deadlineMs: 50_000 })).toEqual({ remaining: 0 });
  // What could be put nowhere was kept in memory, and is written after all.
  const stored = await storedRecords(place, "full");
  expect(stored).toEqual([1, 2, 3, 4].map((i) => sampleEquity("full", i)));
});

test.skipIf(disk === undefined)(
  "a disk that is really full loses no record that was taken, and takes them again when there is room",
  async () => {
    const place = { data: path.join(disk!.folder, "store"), databaseUrl: server.url };
    mkdirSync(place.data);
    const journal = await Journal.open({ ...place, run: "small", limits: PATIENT });
    await server.stop();
    while (journal.state.name === "up") await new Promise((resolve) => setTimeout(resolve, 10));
    const filler = path.join(disk!.folder, "filler");
    const taken = [];
    let isFull = false;
    for (let i = 1; i < 400 && !isFull; i++) {
      if (i === 5) fill(filler);
      try {
        await journal.write([sampleEquity("small", i)], { needs: "database" });
        taken.push(sampleEquity("small", i));
      } catch (error) {
        expect(String(error)).toContain("journal.wal: could not be written (ENOSPC)");
        isFull = true;
      }
    }
    expect(isFull).toBe(true);
    rmSync(filler);
    await journal.write([sampleOrder("small", 1)], { needs: "local" });
    // As a kill leaves it: what was taken is in the file.
    expect(await journal.close({ deadlineMs: 0 })).toEqual({ remaining: taken.length + 1 });
    await server.start();
    await (await Journal.open({ ...place, run: "small", limits: PATIENT })).close({
      deadlineMs: 50_000,
    });
    const stored = await storedRecords(place, "small");
    expect(stored).toEqual(byKind([...taken, sampleOrder("small", 1)]));
  },
);

/** Until nothing goes in any more. */
function fill(file: string): void {
  for (let bytes = 1 << 20; bytes >= 1; ) {
    try {
      writeFileSync(file, Buffer.alloc(bytes, 1), { flag: "a" });
    } catch {
      bytes >>= 1;
    }
  }
}
