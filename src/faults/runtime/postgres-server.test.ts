import { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type PostgresServer, startPostgres } from "./postgres-server.js";

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(async () => {
  await server.remove();
});

async function ask(sql: string): Promise<readonly unknown[]> {
  const client = new Client({ connectionString: server.url, connectionTimeoutMillis: 300 });
  client.on("error", () => {});
  await client.connect();
  try {
    return (await client.query({ text: sql, rowMode: "array" })).rows.flat();
  } finally {
    await client.end();
  }
}

test("what was committed is there after the server was killed, and after it was stopped", async () => {
  await ask("create table kept as select 7 as number");
  await server.kill();
  await expect(ask("select 1")).rejects.toThrow();
  await server.start();
  expect(await ask("select number from kept")).toEqual([7]);
  await server.stop();
  await expect(ask("select 1")).rejects.toThrow();
  await server.start();
  expect(await ask("select number from kept")).toEqual([7]);
});

test("a paused server answers nobody until it is resumed", async () => {
  server.pause();
  await expect(ask("select 1")).rejects.toThrow("timeout");
  server.resume();
  expect(await ask("select 1")).toEqual([1]);
});
