// Several writers of one place at the same time, in the bucket and in the store.
import { rm } from "node:fs/promises";
import { expect, test } from "vitest";
import { requireIntact } from "../integrity.js";
import { partitionFolder } from "../partition.js";
import type { Store } from "../store.js";
import { TRADES_KEY, writeTestTrades } from "../test-trades.js";
import { type Answer, passOn, refusal, type S3Request } from "./test-s3-proxy.js";
import { PREFIX, statuses, syncScene, tree } from "./test-scene.js";

const FOLDER = partitionFolder(TRADES_KEY);
const MANIFEST = `${PREFIX}/${FOLDER}/manifest.json`;
const DAYS = ["2024-08-08", "2024-08-09", "2024-08-10"];
const scene = syncScene();

async function storeOf(name: string, rows: number, days: readonly string[] = DAYS): Promise<Store> {
  const store = await scene.store(name);
  for (const date of days) await writeTestTrades(store, rows, { date });
  return store;
}

function isManifestPut({ method, url }: S3Request): boolean {
  return method === "PUT" && url.includes("/manifest.json");
}

function isManifestGet({ method, url }: S3Request): boolean {
  return method === "GET" && url.includes("/manifest.json");
}

/** Does something just before the first request of a kind is passed on. */
function before(isIt: (request: S3Request) => boolean, act: () => Promise<unknown>): Answer {
  let isDone = false;
  return async (request, forward) => {
    if (!isDone && isIt(request)) {
      isDone = true;
      await act();
    }
    return forward();
  };
}

/** Holds back the writes of manifests until two have come. */
function meeting(): Answer {
  const waiting: (() => void)[] = [];
  return async (request, forward) => {
    if (isManifestPut(request)) {
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
        if (waiting.length % 2 === 0) for (const go of waiting.splice(0)) go();
      });
    }
    return forward();
  };
}

/** What a fresh store gets out of the bucket, every file hashed. */
async function pulled(name: string): Promise<Readonly<Record<string, string>>> {
  const store = await scene.store(name);
  await scene.pull(store);
  return tree(store);
}

test("two pushes of the same tables at once both succeed and leave them whole", async () => {
  const [one, other] = [await storeOf("one", 20), await storeOf("other", 20)];
  scene.proxy.answer = meeting();
  const results = await Promise.all([scene.push(one), scene.push(other)]);
  for (const result of results) expect(statuses(result)).toEqual(["copied", "copied", "copied"]);
  scene.proxy.answer = passOn;
  expect(await pulled("target")).toEqual(await tree(one));
  expect(await scene.server.keys(scene.bucket)).toHaveLength(6);
});

test("of two pushes of different tables at once one wins each, the other is told, and what is there is whole", async () => {
  const [one, other] = [await storeOf("one", 20), await storeOf("other", 30)];
  scene.proxy.answer = meeting();
  const [first, second] = await Promise.all([scene.push(one), scene.push(other)]);
  scene.proxy.answer = passOn;
  const target = await scene.store("target");
  await scene.pull(target);
  for (const [i, { folder, sha256, status, reason }] of first.entries()) {
    expect([status, second[i]!.status].sort()).toEqual(["conflict", "copied"]);
    const winner = status === "copied" ? sha256 : second[i]!.sha256;
    expect((await requireIntact(target, folder)).sha256).toBe(winner);
    expect(reason ?? second[i]!.reason).toMatch(/somebody else meanwhile/);
  }
});

test("a table that another writer replaces while it is to be replaced stays the other's", async () => {
  const [old, mine, theirs] = [
    await storeOf("old", 1, ["2024-08-08"]),
    await storeOf("mine", 2, ["2024-08-08"]),
    await storeOf("theirs", 3, ["2024-08-08"]),
  ];
  await scene.push(old);
  const replace = (): Promise<unknown> => scene.push(theirs, { overwrite: true });
  scene.proxy.answer = before(isManifestPut, replace);
  expect(statuses(await scene.push(mine, { overwrite: true }))).toEqual(["conflict"]);
  expect(await pulled("target")).toEqual(await tree(theirs));
});

test("a table that another writer puts between the list and the look at it is whole, not damaged", async () => {
  const [old, mine, theirs] = [
    await storeOf("old", 1, ["2024-08-08"]),
    await storeOf("mine", 2, ["2024-08-08"]),
    await storeOf("theirs", 3, ["2024-08-08"]),
  ];
  await scene.push(old);
  const replace = (): Promise<unknown> => scene.push(theirs, { overwrite: true });
  scene.proxy.answer = before(isManifestGet, replace);
  expect(statuses(await scene.push(mine))).toEqual(["conflict"]);
  scene.proxy.answer = before(isManifestGet, () => scene.push(old, { overwrite: true }));
  const target = await scene.store("target");
  expect(statuses(await scene.pull(target))).toEqual(["copied"]);
  expect(await tree(target)).toEqual(await tree(old));
});

test("a manifest that is removed while its table is replaced is told, and the next push puts it", async () => {
  const [old, mine] = [
    await storeOf("old", 1, ["2024-08-08"]),
    await storeOf("mine", 2, ["2024-08-08"]),
  ];
  await scene.push(old);
  scene.proxy.answer = before(isManifestPut, () => scene.server.remove(scene.bucket, MANIFEST));
  expect(statuses(await scene.push(mine, { overwrite: true }))).toEqual(["conflict"]);
  expect(statuses(await scene.push(mine))).toEqual(["copied"]);
});

test("a write whose answer is lost counts as done when it is tried again", async () => {
  const store = await storeOf("store", 2, ["2024-08-08"]);
  let lost = 0;
  scene.proxy.answer = async (request, forward, response) => {
    const answer = await forward();
    if (!isManifestPut(request) || lost++ > 0) return answer;
    response.destroy();
    return undefined;
  };
  expect(statuses(await scene.push(store))).toEqual(["copied"]);
  expect(scene.proxy.requests.filter(isManifestPut)).toHaveLength(2);
  expect(await pulled("target")).toEqual(await tree(store));
});

// S3 answers 409 ConditionalRequestConflict where another write of the key is under way, and wants the request again:
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
test("a write that meets another at the same moment is tried again, three times in all", async () => {
  const store = await storeOf("store", 2, ["2024-08-08"]);
  let conflicts = 0;
  const conflictUpTo =
    (most: number): Answer =>
    (request, forward) =>
      isManifestPut(request) && conflicts++ < most
        ? refusal(409, "ConditionalRequestConflict")
        : forward();
  scene.proxy.answer = conflictUpTo(9);
  expect(statuses(await scene.push(store))).toEqual(["conflict"]);
  expect(conflicts).toBe(3);
  conflicts = 0;
  scene.proxy.answer = conflictUpTo(2);
  expect(statuses(await scene.push(store))).toEqual(["copied"]);
});

test("a partition that comes into the store while it is pulled stays there", async () => {
  const source = await storeOf("source", 2, ["2024-08-08"]);
  await scene.push(source);
  const target = await scene.store("target");
  const other = await scene.store("target");
  const isParquet = ({ url }: S3Request): boolean => url.includes(".parquet");
  scene.proxy.answer = before(isParquet, () => writeTestTrades(other, 9));
  expect(statuses(await scene.pull(target))).toEqual(["conflict"]);
  expect(await requireIntact(target, FOLDER)).toMatchObject({ rows: 9 });
  scene.proxy.answer = passOn;
  expect(statuses(await scene.pull(target, { overwrite: true }))).toEqual(["replaced"]);
  await other.close();
  expect(await tree(target)).toEqual(await tree(source));
});

test("two pulls into one store at once give what one gives", async () => {
  const source = await storeOf("source", 20);
  await scene.push(source);
  const [one, other] = [await scene.store("target"), await scene.store("target")];
  const results = await Promise.all([scene.pull(one), scene.pull(other)]);
  for (const status of results.flatMap(statuses)) expect(["copied", "kept"]).toContain(status);
  await other.close();
  expect(await tree(one)).toEqual(await tree(source));
});

test("a partition that is written anew while it is pushed is not pushed half old, half new", async () => {
  const store = await storeOf("store", 2, ["2024-08-08"]);
  await scene.push(await storeOf("old", 1, ["2024-08-08"]));
  scene.proxy.answer = before(isManifestGet, () => writeTestTrades(store, 9));
  const changed = await scene.push(store, { overwrite: true });
  expect(changed).toMatchObject([
    { status: "failed", reason: expect.stringMatching(/written anew while it was pushed/) },
  ]);
  scene.proxy.answer = before(isManifestGet, () => rm(store.path(FOLDER), { recursive: true }));
  expect(statuses(await scene.push(store, { overwrite: true }))).toEqual(["failed"]);
  expect(await pulled("target")).toEqual(await tree(await storeOf("same", 1, ["2024-08-08"])));
});
