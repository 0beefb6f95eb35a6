// What a query says of times does not depend on the zone of the machine; this file's process lives in another than UTC.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { query } from "./query.js";
import { openStore, type Store } from "./store.js";

// DuckDB asks for the zone when it is loaded.
vi.hoisted(() => {
  process.env["TZ"] = "America/New_York";
});

let root: string;
let store: Store;

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), "tickbook-zone-"));
  store = await openStore(root);
});
afterAll(async () => {
  await store.close();
  await rm(root, { recursive: true, force: true });
});

test("days of times with a zone are those of UTC", async () => {
  expect(new Date(2024, 7, 8).getUTCHours()).toBe(4);
  const time = "TIMESTAMPTZ '2024-08-08 01:02:03+00'";
  const sql = `SELECT date_trunc('day', ${time}), ${time}::DATE::VARCHAR, hour(${time})::INTEGER, TIMESTAMP '2024-08-08'::TIMESTAMPTZ = TIMESTAMPTZ '2024-08-08 00:00:00+00'`;
  const { rows } = await query(store, sql);
  expect(rows).toEqual([["2024-08-08 00:00:00+00", "2024-08-08", 1, true]]);
});
