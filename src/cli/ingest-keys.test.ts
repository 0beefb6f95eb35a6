import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import {
  raw,
  status,
  type TestServer,
  testCertificates,
  testServer,
  tracesOf,
} from "../ingest/test-server.js";
import { main } from "./main.js";

const VENDOR_KEY = "TD.canaryVendor/0a1b+2c3d==";
const VENDOR_SECRET = "canarySecret/4e5f+6a7b==";
const SERVER_KEY = "canaryServer/8c9d+0e1f==";
const START_US = Date.parse("2024-08-08") * 1000;
const FILE = gzipSync(
  "exchange,symbol,timestamp,local_timestamp,id,side,price,amount\n" +
    `binance,BTCUSDT,${START_US},${START_US},1,buy,60000,1\n`.repeat(3) +
    "binance,BTCUSDT,bad\n",
);

let folder: string;
let server: TestServer;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "tickbook-cli-keys-"));
  vi.stubEnv("TICKBOOK_CACHE", path.join(folder, "cache"));
  vi.stubEnv("TARDIS_API_KEY", VENDOR_KEY);
  vi.stubEnv("TARDIS_API_SECRET", VENDOR_SECRET);
  vi.stubEnv("TICKBOOK_SERVER_KEY", SERVER_KEY);
  server = await testServer(await testCertificates(folder));
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

/** All that a run prints. */
async function printed(...argv: readonly string[]): Promise<string> {
  let text = "";
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, "write").mockImplementation((chunk) => {
      text += String(chunk);
      return true;
    });
  }
  process.exitCode = undefined;
  await main(argv);
  vi.restoreAllMocks();
  return text;
}

/** All bytes that a run left in files. */
async function written(root: string): Promise<string> {
  let text = "";
  for (const name of await readdir(root, { recursive: true })) {
    const file = path.join(root, name);
    if ((await stat(file)).isFile()) text += `${name}\n${await readFile(file, "latin1")}\n`;
  }
  return text;
}

test("keys of the environment are in nothing that an ingest prints or writes, however the server answers", async () => {
  const wanted = [
    ...["ingest", "--source", server.url, "--certificate", server.certificate],
    ...["--exchange", "binance", "--symbols", "BTC", "--types", "trades", "--from", "2024-08-08"],
    ...["--data", path.join(folder, "store"), "--max-rejected-share", "0.5"],
  ];
  let seen = "";
  for (const answer of [
    status(401),
    status(403),
    status(404),
    raw(`HTTP/1.1 302 Found\r\nlocation: http://x/${SERVER_KEY}\r\ncontent-length: 0\r\n\r\n`),
  ]) {
    server.answers = [answer];
    for (const more of [[], ["--json"], ["--dry-run"]]) seen += await printed(...wanted, ...more);
  }
  server.answers = [(_, response) => response.writeHead(200).end(FILE)];
  seen += await printed(...wanted, "--json");
  expect(seen).toMatch(/"status":"written"/);
  seen += await written(path.join(folder, "store"));
  seen += await written(path.join(folder, "cache"));
  expect(seen).toMatch(/manifest\.json/);
  expect(seen).toMatch(/rejected\.csv/);

  for (const key of [VENDOR_KEY, VENDOR_SECRET, SERVER_KEY]) {
    for (const trace of tracesOf(key)) expect(seen).not.toContain(trace);
  }
  const sent = new Set(server.requests.map(({ headers }) => headers.authorization));
  expect(sent).toEqual(new Set([`Bearer ${SERVER_KEY}`]));
});
