// What a push or pull does when the server or the way to it fails.
import { expect, test } from "vitest";
import type { Store } from "../store.js";
import { writeTestTrades } from "../test-trades.js";
import { UnreachableError } from "./bucket-error.js";
import { BUCKET_LIMITS } from "./bucket-limits.js";
import { type Answer, passOn, refusal, type S3Request } from "./test-s3-proxy.js";
import { statuses, syncScene, tree, writeLarge } from "./test-scene.js";

const DAYS = Array.from({ length: 12 }, (_, i) => `2024-08-${String(i + 1).padStart(2, "0")}`);
const scene = syncScene();

async function storeOf(name: string, days: readonly string[]): Promise<Store> {
  const store = await scene.store(name);
  for (const date of days) await writeTestTrades(store, 2000, { date });
  return store;
}

function isParquet({ url }: S3Request): boolean {
  return url.includes(".parquet");
}

/** Answers every request of a kind with a fault, or the first ones only. */
function faulty(
  isIt: (request: S3Request) => boolean,
  fault: Answer,
  most = Number.POSITIVE_INFINITY,
): Answer {
  let count = 0;
  return (request, forward, response) =>
    isIt(request) && count++ < most ? fault(request, forward, response) : forward();
}

const failing: Answer = () => refusal(500, "InternalError");
const busy: Answer = () => refusal(503, "SlowDown");

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
const archived: Answer = () => refusal(403, "InvalidObjectState");

/** Ends the connection in the middle of a body. */
const cut: Answer = async (_, forward, response) => {
  const { status, headers, body = "" } = await forward();
  response.writeHead(status, headers).write(body.slice(0, body.length >> 1));
  setTimeout(() => response.destroy(), 20);
  return undefined;
};

/** Changes one bit on the way. */
const flip: Answer = async (request, forward) => {
  if (request.method === "PUT") return forward(flipped(request.body));
  const answer = await forward();
  return { ...answer, body: flipped(Buffer.from(answer.body ?? "")) };
};

function flipped(bytes: Buffer): Buffer {
  const other = Buffer.from(bytes);
  other[other.length >> 1]! ^= 1;
  return other;
}

test.each<readonly [what: string, fault: Answer, most: number]>([
  ["500", failing, 3],
  // The SDK waits longer after these.
  ["503", busy, 1],
  ["reset", (_, __, response) => void response.destroy(), 3],
  ["reset in the body", cut, 3],
])(
  "a server that answers some requests with %s is asked again, and all is moved",
  async (_, fault, most) => {
    const source = await storeOf("source", DAYS.slice(0, 2));
    const target = await scene.store("target");
    for (const move of [() => scene.push(source), () => scene.pull(target)]) {
      let count = 0;
      scene.proxy.answer = faulty(() => count++ % 3 === 0, fault, most);
      expect(statuses(await move())).toEqual(["copied", "copied"]);
    }
    expect(await tree(target)).toEqual(await tree(source));
  },
);

test("a server that fails from the start is wrong input; one that fails midway fails what is left, at once", async () => {
  const source = await storeOf("source", DAYS);
  scene.proxy.answer = failing;
  await expect(scene.push(source)).rejects.toThrow(UnreachableError);
  await expect(scene.pull(source)).rejects.toThrow(/could not be reached \(status 500\)/);

  let passed = 0;
  scene.proxy.answer = faulty(({ method }) => method === "PUT" && ++passed > 5, failing);
  scene.proxy.requests.length = 0;
  const pushed = await scene.push(source);
  // A table is two writes.
  const left = pushed.filter(({ status }) => status !== "copied");
  expect(left.length).toBeGreaterThan(9);
  for (const { status, reason } of left) {
    expect([status, reason]).toEqual(["failed", expect.stringMatching(/run the same command ag/)]);
  }
  // Four tables at once, each with five tries of what it was at; the others are not tried.
  expect(scene.proxy.requests.filter(({ method }) => method === "PUT").length).toBeLessThan(30);

  scene.proxy.answer = passOn;
  const resumed = await scene.push(source);
  const copiedNow = resumed.filter(({ status }) => status === "copied");
  expect(copiedNow.map(({ folder }) => folder)).toEqual(left.map(({ folder }) => folder));
  const target = await scene.store("target");
  await scene.pull(target);
  expect(await tree(target)).toEqual(await tree(source));
});

test("an object that never arrives whole fails its own table, and leaves nothing of it", async () => {
  const source = await storeOf("source", DAYS.slice(0, 2));
  await scene.push(source);
  const target = await scene.store("target");
  const isFirst = (request: S3Request): boolean =>
    isParquet(request) && request.url.includes("2024-08-01");
  for (const [fault, reason] of [
    [cut, /broke off before its end \(ECONNRESET\)/],
    [flip, /had SHA-256 \w+, its manifest says \d+ bytes with SHA-256/],
    [archived, /is archived; restore it first/],
    [() => refusal(404, "NoSuchKey"), /is not in the bucket although its manifest is/],
    [() => refusal(400, "InvalidRequest"), /was refused with status 400/],
  ] as const satisfies readonly (readonly [Answer, RegExp])[]) {
    scene.proxy.answer = faulty(isFirst, fault);
    const [failed, other] = await scene.pull(target);
    expect(failed).toMatchObject({ status: "failed", reason: expect.stringMatching(reason) });
    expect(["copied", "kept"]).toContain(other!.status);
    expect(Object.keys(await tree(target)).filter((name) => name.endsWith("json"))).toHaveLength(1);
  }
  scene.proxy.answer = passOn;
  expect(statuses(await scene.pull(target))).toEqual(["copied", "kept"]);
  expect(await tree(target)).toEqual(await tree(source));
});

test("a transfer that fails while it is verified is no damage: nothing is written", async () => {
  const source = await storeOf("source", DAYS.slice(0, 1));
  await scene.push(source);
  scene.proxy.requests.length = 0;
  for (const [fault, said] of [
    [faulty(isParquet, cut), /broke off .*; run the same command again$/],
    [faulty(isParquet, archived), /is archived; restore it first$/],
    [faulty(({ url }) => url.includes("manifest"), archived), /is archived; restore it first$/],
  ] as const) {
    scene.proxy.answer = fault;
    for (const [move, dryRun] of [
      [scene.push, false],
      [scene.push, true],
      [scene.pull, false],
    ] as const) {
      const [table] = await move(source, { verify: true, dryRun });
      expect(table).toMatchObject({ status: "failed", reason: expect.stringMatching(said) });
    }
  }
  expect(scene.proxy.requests.filter(({ method }) => method === "PUT")).toEqual([]);
});

test("a body that is altered on its way to the server is refused there, and its table fails", async () => {
  const source = await storeOf("source", DAYS.slice(0, 1));
  scene.proxy.answer = faulty(isParquet, flip);
  expect(await scene.push(source)).toMatchObject([
    { status: "failed", reason: expect.stringMatching(/was refused with status 400/) },
  ]);
  expect(await scene.server.keys(scene.bucket)).toEqual([]);
});

test("a push whose part fails leaves no unfinished upload, and the next one completes it", async () => {
  const source = await scene.store("source");
  await writeLarge(source, 9 << 20);
  const isPart = ({ url }: S3Request): boolean => url.includes("partNumber=2");
  for (const fault of [failing, flip]) {
    scene.proxy.answer = faulty(isPart, fault);
    expect(statuses(await scene.push(source))).toEqual(["failed"]);
    expect(await scene.server.unfinished(scene.bucket)).toEqual([]);
    expect(await scene.server.keys(scene.bucket)).toEqual([]);
  }
  scene.proxy.answer = passOn;
  expect(statuses(await scene.push(source))).toEqual(["copied"]);
  const target = await scene.store("target");
  expect(statuses(await scene.pull(target))).toEqual(["copied"]);
  expect(await tree(target)).toEqual(await tree(source));
});

test("a server that stands still or sends drop by drop is given up", async () => {
  const source = await storeOf("source", DAYS.slice(0, 1));
  await scene.push(source);
  const target = await scene.store("target");
  const drops: Answer = async (_, forward, response) => {
    const { status, headers, body = "" } = await forward();
    response.writeHead(status, headers);
    let sent = 0;
    const timer = setInterval(() => response.write(body.slice(sent, ++sent)), 20);
    response.on("close", () => clearInterval(timer));
    return undefined;
  };
  const silent: Answer = () => undefined;
  const limits = { ...BUCKET_LIMITS, idleMs: 400, requestMs: 1000, pauseMs: 5, tries: 2 };
  const isList = ({ url }: S3Request): boolean => url.includes("list-type=2");
  for (const fault of [silent, drops]) {
    scene.proxy.answer = faulty(isList, fault);
    await expect(scene.pull(target, { limits })).rejects.toThrow(
      /could not be reached \(\w+Error\)/,
    );
    scene.proxy.answer = faulty(isParquet, fault);
    const reason = expect.stringMatching(
      fault === silent ? /could not be reached \(TimeoutError\)/ : /brought \d+ bytes in 0\.4 s/,
    );
    expect(await scene.pull(target, { limits })).toMatchObject([{ status: "failed", reason }]);
    expect(await tree(target)).toEqual({});
  }
  scene.proxy.answer = passOn;
  expect(statuses(await scene.pull(target))).toEqual(["copied"]);
});
