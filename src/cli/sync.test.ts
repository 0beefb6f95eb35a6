import { writeFile } from "node:fs/promises";
import path from "node:path";
import { beforeEach, expect, test, vi } from "vitest";
import { tracesOf } from "../ingest/test-server.js";
import { type Answer, refusal } from "../store/sync/test-s3-proxy.js";
import { awsEnvironment } from "../store/sync/test-s3-server.js";
import { syncScene, tree } from "../store/sync/test-scene.js";
import { writeTestTrades } from "../store/test-trades.js";
import { main } from "./main.js";
import { captureOutput } from "./test-output.js";

const FOLDER = "lake/trades/exchange=binance/symbol=BTCUSDT/date=2024-08-08";
const scene = syncScene();
const output = captureOutput();

beforeEach(() => {
  vi.stubEnv("TICKBOOK_DEBUG", "");
  for (const [name, value] of Object.entries(awsEnvironment(scene.proxy.url))) {
    vi.stubEnv(name, value);
  }
});

function data(name: string): string {
  return path.join(scene.folder, name);
}

/** Two days of trades in a store below the test's folder. */
async function fill(name: string, rows = 3): Promise<void> {
  const store = await scene.store(name);
  await writeTestTrades(store, rows);
  await writeTestTrades(store, rows, { date: "2024-08-09" });
  await store.close();
}

/** Runs `sync` on a store below the test's folder. */
async function sync(
  direction: string,
  name: string,
  ...flags: readonly string[]
): Promise<{ code: number; out: string; err: string }> {
  output.printed = "";
  output.complained = "";
  process.exitCode = undefined;
  const code = await main(["sync", direction, scene.url, "--data", data(name), ...flags]);
  return { code, out: output.printed, err: output.complained };
}

test("a push and a pull print one JSON document each, and exit with 0", async () => {
  await fill("source");
  const pushed = await sync("push", "source", "--json");
  expect([pushed.code, pushed.out.split("\n").length]).toEqual([0, 2]);
  const json = JSON.parse(pushed.out);
  expect(json).toMatchObject({ direction: "push", dryRun: false });
  expect(json.partitions).toHaveLength(2);
  expect(json.partitions[0]).toEqual({
    folder: FOLDER,
    type: "trades",
    exchange: "binance",
    symbol: "BTCUSDT",
    date: "2024-08-08",
    status: "copied",
    rows: 3,
    bytes: expect.any(Number),
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  const pulled = await sync("pull", "target", "--from", "2024-08-08", "--json");
  expect(pulled.code).toBe(0);
  expect(JSON.parse(pulled.out)).toEqual({
    direction: "pull",
    dryRun: false,
    partitions: [json.partitions[0]],
  });
});

test("people are told what was moved, one line each, and a sum; what is kept is only counted", async () => {
  await fill("source");
  const planned = await sync("push", "source", "--dry-run");
  expect(planned.out).toMatch(
    /^copied {3}lake.*08-08: [\d,]+ bytes\ncopied .*\nnothing done; it wo/,
  );
  const pushed = await sync("push", "source");
  expect([pushed.code, pushed.err]).toEqual([0, ""]);
  expect(pushed.out).toMatch(
    /^copied .*\ncopied .*\n2 partitions: 2 copied; [\d,]+ bytes moved\n$/,
  );
  const kept = await sync("push", "source");
  expect(kept.out).toBe("2 partitions: 2 kept; 0 bytes moved\n");
  const one = await sync("push", "source", "--from", "2024-08-08");
  expect(one.out).toBe("1 partition: 1 kept; 0 bytes moved\n");
});

test("a conflict or a damaged partition exits with 1 and says how to go on; the others are moved", async () => {
  await fill("source");
  await sync("push", "source", "--from", "2024-08-08");
  await fill("other", 7);
  const conflict = await sync("push", "other");
  expect(conflict.code).toBe(1);
  expect(conflict.out).toMatch(/^conflict lake.*08-08: has another.*; give --overwrite to repl/);
  expect(conflict.out).toMatch(/\ncopied .*08-09: /);
  expect((await sync("push", "other", "--overwrite")).out).toMatch(/^replaced .*08-08: /);

  const store = await scene.store("other");
  await writeFile(store.path(`${FOLDER}/part-0.parquet`), "cut");
  const failed = await sync("push", "other");
  expect(failed.code).toBe(1);
  expect(failed.out).toMatch(/^failed {3}lake.*had 3 bytes, its manifest says .*ingest --verify/);
  const mended = await sync("pull", "other", "--verify", "--json");
  expect(JSON.parse(mended.out).partitions).toMatchObject([
    { status: "mended", reason: expect.stringMatching(/had 3 bytes/) },
    { status: "kept" },
  ]);
});

/** Answers with an error that repeats what the request was signed with, as a server may. */
function echo(status: number, code: string): Answer {
  return ({ headers }) => refusal(status, code, `${headers.authorization} SECRET_CANARY_TEXT`);
}

/** Answers with any text. */
function page(status: number, body: string): Answer {
  return () => ({ status, body });
}

test.each<readonly [what: string, answer: Answer, said: RegExp]>([
  ["an unknown key", echo(403, "InvalidAccessKeyId"), /access key that the server does not know/],
  ["a wrong secret", echo(403, "SignatureDoesNotMatch"), /secret key that does not fit its acc/],
  ["an old session", echo(400, "ExpiredToken"), /session token that has expired/],
  ["a wrong clock", echo(403, "RequestTimeTooSkewed"), /clock that is wrong by more than 15 min/],
  ["too few rights", echo(403, "AccessDenied"), /may not be used so .*; allow listing, getting/],
  ["a code that is a key", ({ headers }) => refusal(403, `${headers.authorization}`), /may not be/],
  ["another region", echo(301, "PermanentRedirect"), /in another region than was asked; set AWS_R/],
  ["a server without it", echo(501, "NotImplemented"), /perhaps conditional writes/],
  [
    "an odd refusal",
    echo(400, "Odd"),
    /does not answer as S3 does \(status 400\); look at AWS_END/,
  ],
  ["a web page", page(200, "<html><body>hello</body></html>"), /does not answer as S3 does/],
  ["no XML", page(200, "hello {"), /does not answer as S3 does \(status 200\)/],
  ["a page not found", page(404, "<html>"), /does not answer as S3 does \(status 404\)/],
  ["a failing server", page(500, "<html>"), /could not be reached \(status 500\)/],
])(
  "%s exits with 2 in one sentence that shows no key, and writes nothing",
  async (_, answer, said) => {
    scene.proxy.answer = answer;
    const before = await scene.server.objects(scene.bucket);
    await fill("source");
    for (const [direction, name] of [
      ["push", "source"],
      ["pull", "target"],
    ] as const) {
      const { code, out, err } = await sync(direction, name, "--json");
      expect([code, out]).toEqual([2, ""]);
      expect(err).toMatch(said);
      expect(err).toMatch(/^tickbook: s3:\/\/bucket-\d+: [^\n]*; [^\n]*\n$/);
      expectNoKey(err);
    }
    expect(await scene.server.objects(scene.bucket)).toEqual(before);
    expect(await tree(await scene.store("target"))).toEqual({});
  },
);

test.each<readonly [what: string, environment: Record<string, string>, said: RegExp]>([
  ["no region", { AWS_REGION: "" }, /asked without a region that is one; set AWS_REGION/],
  ["an odd region", { AWS_REGION: "over there!" }, /asked without a region that is one/],
  ["no keys", { AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "" }, /needs credentials, and none/],
  [
    "a profile that is not there",
    { AWS_PROFILE: "nobody", AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "" },
    /needs credentials, and none could be loaded; .*AWS_PROFILE/,
  ],
  ["a closed port", { AWS_ENDPOINT_URL_S3: "http://127.0.0.1:1" }, /\(ECONNREFUSED\)/],
  ["no address", { AWS_ENDPOINT_URL_S3: "nowhere" }, /endpoint that is no address; write AWS_END/],
  ["half an address", { AWS_ENDPOINT_URL_S3: "localhost:9000" }, /endpoint that is no address/],
])("%s exits with 2 in one sentence that shows no key", async (_, environment, said) => {
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  const { code, out, err } = await sync("pull", "target");
  expect([code, out]).toEqual([2, ""]);
  expect(err).toMatch(said);
  expect(err).toMatch(/^tickbook: s3:\/\/bucket-\d+: [^\n]*; [^\n]*\n$/);
  expectNoKey(err);
});

test("a server that speaks no TLS where it should exits with 2 in one sentence", async () => {
  vi.stubEnv("AWS_ENDPOINT_URL_S3", scene.proxy.url.replace("http:", "https:"));
  const { code, err } = await sync("pull", "target");
  expect(code).toBe(2);
  expect(err).toMatch(/could not be reached \(E\w+\)/);
});

test("a bucket that is not there exits with 2", async () => {
  await fill("source");
  for (const [direction, name] of [
    ["push", "source"],
    ["pull", "target"],
  ] as const) {
    const url = "s3://no-such-bucket/lab";
    expect(await main(["sync", direction, url, "--data", data(name)])).toBe(2);
    expect(output.complained).toMatch(/s3:\/\/no-such-bucket: is no bucket that exists; make it/);
  }
});

test("nothing of what was asked for exits with 2 and names the place", async () => {
  expect(await sync("push", "empty")).toMatchObject({
    code: 2,
    err: expect.stringMatching(/empty"/),
  });
  const pulled = await sync("pull", "target");
  expect(pulled).toMatchObject({ code: 2, err: expect.stringMatching(`"${scene.url}"`) });
  await fill("source");
  await sync("push", "source");
  for (const flags of [
    ["--exchange", "nowhere"],
    ["--types", "features"],
    ["--from", "2023-01-01"],
  ]) {
    const { code, err } = await sync("pull", "target", ...flags);
    expect([code, err]).toEqual([2, expect.stringMatching(/found no partitions.*--all\n$/)]);
  }
});

test.each<readonly [what: string, argv: readonly string[], said: RegExp]>([
  ["no direction", [], /missing required argument 'direction'/],
  ["no address", ["push"], /missing required argument 'url'/],
  ["another direction", ["mirror", "s3://ticks"], /was asked to "mirror", which it does not do/],
  [
    "another address",
    ["push", "http://ticks/lab"],
    /url: was "http:\/\/ticks\/lab", which is no p/,
  ],
  ["a key in it", ["push", "s3://AKIA:SECRET_CANARY_TEXT@ticks"], /url: .* may hold credentials/],
  ["a coin alone", ["push", "s3://ticks", "--symbols", "BTC"], /--symbols: was "BTC" without an e/],
  ["no day", ["pull", "s3://ticks", "--from", "today"], /--from: was "today"/],
  [
    "no type",
    ["pull", "s3://ticks", "--types", "ticks"],
    /--types: was "ticks".*use one of trades/,
  ],
  ["another option", ["pull", "s3://ticks", "--delete"], /unknown option '--delete'/],
])("%s is wrong usage: exit code 2, one sentence, no request", async (_, argv, said) => {
  expect(await main(["sync", ...argv, "--data", data("store")])).toBe(2);
  expect(output.complained).toMatch(said);
  expect(output.complained.trim().split("\n")).toHaveLength(1);
  expect(output.printed).toBe("");
  expectNoKey(output.complained);
  expect(scene.proxy.requests).toEqual([]);
});

test("rights to list and not to write are told before anything is there", async () => {
  await fill("source");
  scene.proxy.answer = (request, forward, response) =>
    request.method === "PUT" ? echo(403, "AccessDenied")(request, forward, response) : forward();
  const { code, err } = await sync("push", "source");
  expect([code, err]).toEqual([2, expect.stringMatching(/may not be used so/)]);
  expectNoKey(err);
  expect(await scene.server.objects(scene.bucket)).toEqual({});
});

test("no key is in what a whole run prints or writes, also when something unexpected happens", async () => {
  await fill("source");
  vi.stubEnv("AWS_SESSION_TOKEN", "session/token+of+this+test==");
  let seen = "";
  for (const [direction, name] of [
    ["push", "source"],
    ["pull", "target"],
  ] as const) {
    for (const flags of [[], ["--json"], ["--verify"], ["--dry-run"]]) {
      const { code, out, err } = await sync(direction, name, ...flags);
      expect(code).toBe(0);
      seen += out + err;
    }
  }
  for (const body of Object.values(await scene.server.objects(scene.bucket))) {
    seen += body.toString("latin1");
  }
  vi.stubEnv("TICKBOOK_DEBUG", "1");
  scene.proxy.answer = ({ headers }) => refusal(418, "Odd", JSON.stringify(headers));
  seen += (await sync("pull", "target")).err;
  expect(seen).toMatch(/"status":"kept".*status 418/s);
  expectNoKey(seen);
  expect(scene.proxy.requests.at(-1)!.headers["x-amz-security-token"]).toMatch(/^session/);
});

/** Neither whole, nor in parts, nor coded: the keys of the test's environment. */
function expectNoKey(text: string): void {
  for (const name of ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"]) {
    const key = process.env[name] ?? "";
    for (const trace of key === "" ? [] : tracesOf(key)) expect(text).not.toContain(trace);
  }
  expect(text).not.toMatch(/CANARY|Credential=|Signature=/);
}
