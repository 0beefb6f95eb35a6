import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startMonitor } from "./start-monitor.js";
import { busyBoard, START_US } from "./test-board.js";

const TOKEN = "a-token-that-is-long-enough";

let folder = "";
let webhook: Server;
let posts: string[] = [];
let status = 200;

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "tickbook-monitor-"));
  posts = [];
  status = 200;
  webhook = createServer((request, response) => {
    request.on("data", (part) => posts.push((JSON.parse(String(part)) as { name: string }).name));
    request.on("end", () => response.writeHead(status).end());
  });
  await new Promise<void>((resolve) => webhook.listen(0, "127.0.0.1", resolve));
});

afterEach(() => {
  webhook.closeAllConnections();
  webhook.close();
  rmSync(folder, { recursive: true, force: true });
});

test("a run is watched from its start to its end: page, log, alerts, and no secret in any of them", async () => {
  const { board } = busyBoard();
  const { port } = webhook.address() as AddressInfo;
  const address = `http://127.0.0.1:${port}/services/abcdefghij`;
  const alerts = { address, staleAfterMs: 0 };
  const monitor = await startMonitor(board, { folder, server: { token: TOKEN }, alerts });
  monitor.log.warn(`the page asks for ${TOKEN}, alerts go to ${address}`);
  const headers = { authorization: `Bearer ${TOKEN}` };
  expect((await fetch(`${monitor.url}/health`, { headers })).status).toBe(200);
  const of = { kind: "risk", run: "demo", atUs: START_US, symbol: "", detail: "" } as const;
  board.record({ ...of, name: "daily-floor" });
  board.standing("breached", "daily floor");
  await monitor.close("asked to stop");
  expect(posts).toEqual(["process-start", "daily-floor", "breached", "process-stop"]);
  await expect(fetch(`${monitor.url}/health`, { headers })).rejects.toThrow();
  const log = readFileSync(path.join(folder, "log.jsonl"), "utf8");
  expect(log).toMatch(/"detail":"process \d+ drives the run","text":"process-start"/);
  expect(log).toContain('"detail":"asked to stop","text":"process-stop"');
  expect(board.snapshot().log.map(({ text }) => text)).toContain("process-stop");
  expect(log + JSON.stringify(board.snapshot())).not.toMatch(/abcdefghij|a-token-that/);
  expect(await board.metrics.text(board.snapshot())).toMatch(
    /^tickbook_alerts_total\{outcome="sent"\} 4$/m,
  );
});

test("a webhook that refuses is told in the log and stops nothing", async () => {
  const { board } = busyBoard();
  const { port } = webhook.address() as AddressInfo;
  const alerts = { address: `http://127.0.0.1:${port}/abcdefghij`, staleAfterMs: 0 };
  status = 404;
  const monitor = await startMonitor(board, { folder, alerts });
  expect(monitor.url).toBe(undefined);
  await monitor.close("asked to stop");
  const log = readFileSync(path.join(folder, "log.jsonl"), "utf8");
  for (const name of ["process-start", "process-stop"]) {
    const why = "the answer was 404";
    expect(log).toContain(`"name":"${name}","symbol":"","why":"${why}","text":"alert failed"`);
  }
  expect(log).not.toContain("abcdefghij");
});

test("a monitor that may not be served leaves nothing open", async () => {
  const { board } = busyBoard();
  await expect(startMonitor(board, { folder, server: { host: "0.0.0.0" } })).rejects.toThrow(
    /--host/,
  );
  const again = await startMonitor(board, { folder, server: {} });
  await again.close("done");
});
