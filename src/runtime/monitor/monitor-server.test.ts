import { request } from "node:http";
import { connect } from "node:net";
import { afterEach, expect, test } from "vitest";
import {
  type MonitorServer,
  type MonitorServerOptions,
  startMonitorServer,
} from "./monitor-server.js";
import { busyBoard } from "./test-board.js";

const TOKEN = "a-token-that-is-long-enough";
const PATHS = ["/", "/api/state", "/health", "/metrics", "/api/events"];

let server: MonitorServer | undefined;

afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function start(options: MonitorServerOptions = {}): Promise<ReturnType<typeof busyBoard>> {
  const busy = busyBoard({}, { minutes: 30 });
  server = await startMonitorServer(busy.board, { everyMs: 20, ...options });
  return busy;
}

interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Of a stream: what came first. */
  readonly text: string;
}

/** By node's own client, since `fetch` lets nobody choose the host's name. */
function ask(path: string, { method = "GET", headers = {} }: Asked = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request(`${server!.url}${path}`, { method, headers }, (response) => {
      let text = "";
      const done = (): void => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
        asked.destroy();
      };
      response.setEncoding("utf8").on("end", done);
      response.on("data", (part: string) => {
        text += part;
        if (path.startsWith("/api/events") && text.includes("event: state")) done();
      });
    });
    asked.on("error", reject).end();
  });
}

test("each path answers, HEAD without a body, and every answer carries the strict headers", async () => {
  await start();
  for (const path of [...PATHS, "/nowhere"]) {
    const expected = path === "/nowhere" ? 404 : 200;
    for (const method of ["GET", "HEAD"]) {
      const { status, headers, text } = await ask(path, { method });
      expect([path, method, status]).toEqual([path, method, expected]);
      if (method === "HEAD") expect(text).toBe("");
      const policy = String(headers["content-security-policy"]);
      expect(policy).toMatch(/^default-src 'none'; script-src ('sha256-[\w+/]{43}='\s?){2};/);
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/unsafe|\*|https?:/);
      expect(headers).toMatchObject({
        "cache-control": "no-store",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
      });
      expect(Object.keys(headers).filter((name) => name.startsWith("access-control"))).toEqual([]);
    }
  }
});

test("nothing but reading is answered", async () => {
  await start();
  for (const method of ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"]) {
    for (const path of [...PATHS, "/nowhere"]) {
      const { status, headers } = await ask(path, { method });
      expect([method, path, status, headers["allow"]]).toEqual([method, path, 405, "GET, HEAD"]);
    }
  }
});

test("a name of this machine that is not its own is refused on loopback", async () => {
  await start();
  for (const host of ["evil.example", "127.0.0.1.evil.example:80", "0.0.0.0"]) {
    for (const path of PATHS) expect((await ask(path, { headers: { host } })).status).toBe(403);
  }
  expect((await ask("/health", { headers: { host: "localhost:9" } })).status).toBe(200);
});

test("with a token every path asks for it, and a link leaves it in a cookie and not in the address", async () => {
  await start({ token: TOKEN });
  for (const path of [
    ...PATHS,
    "/nowhere",
    `/api/state?token=${TOKEN}`,
    "/?token=wrong",
    "/?token=a&token=b",
  ]) {
    const { status, headers, text } = await ask(path);
    expect([path, status]).toEqual([path, 401]);
    expect(headers["www-authenticate"]).toMatch(/^Bearer/);
    expect(text).not.toContain(TOKEN);
  }
  for (const path of PATHS) {
    expect((await ask(path, { headers: { authorization: `Bearer ${TOKEN}` } })).status).toBe(200);
  }
  const first = await ask(`/?token=${TOKEN}`);
  expect([first.status, first.headers["location"]]).toEqual([303, "/"]);
  const [set = ""] = first.headers["set-cookie"] as string[];
  expect(set).toMatch(/; HttpOnly; SameSite=Lax; Path=\/$/);
  expect(set).not.toContain(TOKEN);
  for (const path of PATHS) {
    expect((await ask(path, { headers: { cookie: set.split(";")[0]! } })).status).toBe(200);
  }
});

test("another host than loopback needs a token, and then answers under any name", async () => {
  await expect(start({ host: "0.0.0.0" })).rejects.toThrow(/--host: was "0\.0\.0\.0"/);
  await start({ host: "0.0.0.0", token: TOKEN });
  const headers = { host: "box.example", authorization: `Bearer ${TOKEN}` };
  server = { ...server!, url: server!.url.replace("0.0.0.0", "127.0.0.1") };
  expect((await ask("/health", { headers })).status).toBe(200);
  expect((await ask("/health", { headers: { host: "box.example" } })).status).toBe(401);
});

test("a port that is taken is refused in one sentence", async () => {
  await start();
  const port = Number(new URL(server!.url).port);
  await expect(startMonitorServer(busyBoard().board, { port })).rejects.toThrow(
    /--port: was \d+, which cannot be listened on/,
  );
});

test("health is 200 or 503 with its reasons", async () => {
  const { board, clock } = await start();
  expect((await ask("/health")).status).toBe(200);
  board.standing("halted", "an operator said so");
  const halted = await ask("/health");
  expect([halted.status, JSON.parse(halted.text)]).toMatchObject([
    200,
    { reasons: [{ name: "halted" }] },
  ]);
  clock.ms += 6000;
  const stale = await ask("/health");
  expect(stale.status).toBe(503);
  expect(JSON.parse(stale.text)).toMatchObject({
    status: "unhealthy",
    reasons: [{ name: "feed-stale" }, {}, {}, {}],
  });
});

test("the state as JSON is that of the board, with null for what is not known", async () => {
  const { board } = await start();
  board.limits({ phase: "funded", initialUsd: 100_000, targetUsd: Number.NaN });
  const { headers, text } = await ask("/api/state");
  expect(headers["content-type"]).toMatch(/^application\/json/);
  const state = JSON.parse(text) as {
    account: { targetUsd: unknown };
    equity: { atUs: unknown[] };
  };
  expect(state).toMatchObject({ run: "demo-strong", isSimulated: true, phase: "running" });
  expect(state.account.targetUsd).toBe(null);
  expect(state.equity.atUs).toHaveLength(30);
});

test("the stream begins with the course and the state", async () => {
  await start();
  const { headers, text } = await ask("/api/events");
  expect(headers["content-type"]).toBe("text/event-stream; charset=utf-8");
  expect(text).toMatch(/^retry: 1000\n\nevent: equity\ndata: \{.*\}\n\nevent: state\ndata: \{.*/);
});

test("what is no request at all ends with an answer or an end, and the next one is answered", async () => {
  await start();
  const port = Number(new URL(server!.url).port);
  for (const bytes of [
    "\0\0\0\r\n\r\n",
    "GET / HTTP/1.1\r\n\r\n",
    `GET /${"a".repeat(1e5)} HTTP/1.1\r\n\r\n`,
    "GET /%zz HTTP/1.1\r\nhost: localhost\r\n\r\n",
    "GET / HTTP/1.0\r\n\r\n",
  ]) {
    const answer = await new Promise<string>((resolve) => {
      let text = "";
      const socket = connect(port, "127.0.0.1", () => socket.end(bytes));
      socket.on("data", (part) => {
        text += part;
      });
      socket.on("error", () => {}).on("close", () => resolve(text));
    });
    expect(answer).toMatch(/^(HTTP\/1\.1 4\d\d|$)/);
  }
  expect((await ask("/health")).status).toBe(200);
});
