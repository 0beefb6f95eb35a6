import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import { afterEach, expect, test } from "vitest";
import type { Alert } from "./alert.js";
import { AlertHook, type AlertHookOptions } from "./alert-hook.js";

const PATH = "/services/T000/B000/abcdefghij";
const RUN = { run: "demo", isSimulated: true, isUnpromoted: true };
const ALERT: Alert = {
  name: "daily-floor",
  symbol: "",
  severity: "critical",
  detail: "equity 95,849.99 below 95,850.00",
  atUs: 1_709_280_000e6,
};

interface Post {
  readonly text: string;
  readonly [field: string]: unknown;
}

let server: Server;

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

type Behaviour = (number: number, request: IncomingMessage, response: ServerResponse) => void;

/** A webhook that behaves so at its first, second … request. */
async function hook(behave: Behaviour, options: AlertHookOptions = {}): Promise<Scene> {
  const posts: Post[] = [];
  const outcomes: string[] = [];
  let requests = 0;
  server = createServer((request, response) => {
    let body = "";
    request.on("data", (part) => {
      body += part;
    });
    request.on("end", () => {
      posts.push(JSON.parse(body) as Post);
      behave(requests++, request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const made = new AlertHook(`http://127.0.0.1:${port}${PATH}`, RUN, {
    firstRetryMs: 1,
    retries: 3,
    timeoutMs: 2000,
    onOutcome: (outcome, { name, symbol }, why) =>
      outcomes.push([outcome, name, symbol, why].filter((part) => part !== "").join(" ")),
    ...options,
  });
  return { hook: made, posts, outcomes };
}

interface Scene {
  readonly hook: AlertHook;
  readonly posts: readonly Post[];
  readonly outcomes: readonly string[];
}

const answer =
  (status: number): Behaviour =>
  (_, __, response) => {
    response.writeHead(status).end("an answer");
  };

test("an alert arrives as one message that people and programs can read", async () => {
  const { hook: made, posts, outcomes } = await hook(answer(200));
  made.send(ALERT);
  await made.close();
  expect(posts).toEqual([
    {
      text: "■ SIMULATED · UNPROMOTED · run demo · daily-floor: equity 95,849.99 below 95,850.00",
      source: "tickbook",
      ...RUN,
      name: "daily-floor",
      symbol: "",
      severity: "critical",
      detail: "equity 95,849.99 below 95,850.00",
      marketTime: "2024-03-01T08:00:00.000Z",
      repeated: 0,
    },
  ]);
  expect(outcomes).toEqual(["sent daily-floor"]);
});

test("a name from data neither calls a channel nor becomes a link", async () => {
  const { hook: made, posts } = await hook(answer(200));
  made.send({ ...ALERT, symbol: "<!channel>", detail: "<https://evil.example|click> & more" });
  await made.close();
  expect(posts[0]!.text).toContain(
    "daily-floor &lt;!channel&gt;: &lt;https://evil.example|click&gt; &amp; more",
  );
  expect(posts[0]!["symbol"]).toBe("<!channel>");
});

test("a server that fails is tried again, and the alerts keep their order", async () => {
  const {
    hook: made,
    posts,
    outcomes,
  } = await hook((number, request, response) => {
    if (number === 0) request.socket.destroy();
    else answer(number === 1 ? 503 : 200)(number, request, response);
  });
  for (const symbol of ["A", "B"]) made.send({ ...ALERT, symbol });
  await made.close();
  expect(posts.map(({ symbol }) => symbol)).toEqual(["A", "A", "A", "B"]);
  expect(outcomes).toEqual(["sent daily-floor A", "sent daily-floor B"]);
});

test("what is refused is not tried again, and no redirect is followed", async () => {
  const {
    hook: made,
    posts,
    outcomes,
  } = await hook((number, request, response) => {
    response.setHeader("location", "/elsewhere");
    answer(number === 0 ? 403 : 307)(number, request, response);
  });
  for (const symbol of ["A", "B"]) made.send({ ...ALERT, symbol });
  await made.close();
  expect(posts).toHaveLength(2);
  expect(outcomes).toEqual([
    "failed daily-floor A the answer was 403",
    "failed daily-floor B the answer was 307",
  ]);
});

test("a server that never answers holds up nobody, and the next alert is tried as well", async () => {
  const { hook: made, posts, outcomes } = await hook(() => {}, { timeoutMs: 20, retries: 1 });
  for (const symbol of ["A", "B"]) made.send({ ...ALERT, symbol });
  // Nothing has been sent yet: the loop goes on first.
  expect(posts).toHaveLength(0);
  await made.close();
  expect(outcomes).toEqual([
    "failed daily-floor A no answer in time",
    "failed daily-floor B no answer in time",
  ]);
});

test("an end that cannot wait drops what is left, and takes nothing more", async () => {
  const { hook: made, outcomes } = await hook(() => {}, { timeoutMs: 60_000 });
  for (const symbol of ["A", "B"]) made.send({ ...ALERT, symbol });
  await made.close(20);
  made.send({ ...ALERT, symbol: "C" });
  expect(outcomes).toEqual([
    "failed daily-floor A the run ended",
    "dropped daily-floor B the run ended",
  ]);
});

test("a queue that is full drops its oldest, and the newest arrives", async () => {
  const { hook: made, posts, outcomes } = await hook(answer(200), { mostWaiting: 3 });
  for (let i = 0; i < 1000; i++) made.send({ ...ALERT, symbol: String(i) });
  await made.close();
  expect(posts.map(({ symbol }) => symbol)).toEqual(["997", "998", "999"]);
  expect(outcomes.filter((text) => text.startsWith("dropped"))).toHaveLength(997);
});

test("of the same name and symbol one is sent in a window, and the next says how many there were", async () => {
  const clock = { ms: 0 };
  const { hook: made, posts } = await hook(answer(200), { windowMs: 1000, clock: () => clock.ms });
  const send = (name: string, symbol: string): void => made.send({ ...ALERT, name, symbol });
  send("flatten", "BTC");
  send("flatten", "BTC");
  send("flatten", "ETH");
  clock.ms = 999;
  send("flatten", "BTC");
  clock.ms = 1000;
  send("flatten", "BTC");
  await made.close();
  expect(posts.map(({ symbol, repeated }) => [symbol, repeated])).toEqual([
    ["BTC", 0],
    ["ETH", 0],
    ["BTC", 2],
  ]);
  expect(posts[2]!.text).toContain("2 more of it before");
});

test("the address is in no outcome, no error and no picture of the hook", async () => {
  const { hook: made, outcomes } = await hook(answer(500), { retries: 0 });
  expect(inspect(made, { depth: 9, showHidden: true })).not.toContain("abcdefghij");
  expect(JSON.stringify(made)).not.toContain("abcdefghij");
  made.send(ALERT);
  await made.close();
  const told: string[] = [];
  const onOutcome = (_: unknown, __: unknown, why: string): number => told.push(why);
  const nowhere = new AlertHook(`http://127.0.0.1:1${PATH}`, RUN, { retries: 0, onOutcome });
  nowhere.send(ALERT);
  await nowhere.close();
  expect([...outcomes, ...told].join()).not.toContain("abcdefghij");
  expect(told[0]).toMatch(/^no connection/);
  for (const address of [`ftp://x${PATH}`, `no address ${PATH}`, `https://me:abcdefghij@x/`]) {
    expect(() => new AlertHook(address, RUN)).toThrow(/^TICKBOOK_WEBHOOK: (?!.*abcdefghij)/);
  }
});
