// What a bucket holds is somebody else's: nothing in it leads out of the store, or takes it down.
import { createHash } from "node:crypto";
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { treeHashes } from "../../faults/tree-hashes.js";
import { manifestText } from "../manifest.js";
import { partitionFolder } from "../partition.js";
import type { Store } from "../store.js";
import { TRADES_KEY, writeTestTrades } from "../test-trades.js";
import type { Answer, S3Answer } from "./test-s3-proxy.js";
import { PREFIX, statuses, syncScene, tree } from "./test-scene.js";

const FOLDER = partitionFolder(TRADES_KEY);
const DAY = "exchange=binance/symbol=BTCUSDT/date=2024-08-08";
const BODY = "body";
const FINGERPRINT = { bytes: 4, sha256: sha256(BODY) };
const ALL = { filter: { isAll: true } };
const scene = syncScene();

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** A manifest as its writer would have sealed it. */
function sealed(fields: Readonly<Record<string, unknown>>): string {
  return manifestText({ ...fields, sha256: sha256(manifestText(fields)) });
}

function derived(
  folder: string,
  files: Readonly<Record<string, unknown>> = { "part-0.parquet": FINGERPRINT },
  origin: unknown = {},
): string {
  const common = { format: 3, writer: "tickbook 3", rows: 1, columns: [] };
  return sealed({ kind: "derived", ...common, folder, files, origin });
}

/** Objects by key: their text, or a text and the size that a list says. */
type Objects = Readonly<Record<string, string | readonly [text: string, listedBytes: number]>>;

/** A server that lists and gives what no S3 server would keep: any keys, and sizes that are not so. */
function hostileBucket(objects: Objects): Answer {
  return ({ method, url }) => {
    const { pathname, searchParams } = new URL(url, "http://localhost");
    if (method !== "GET") return { status: 405 };
    if (searchParams.get("list-type") === "2") return listed(objects);
    // The path as it was sent: a URL would walk its `..`.
    const sent = decodeURIComponent(url.split("?")[0]!.replace(/^\/[^/]*\//, ""));
    const found = objects[sent] ?? objects[decodeURIComponent(pathname.replace(/^\/[^/]*\//, ""))];
    if (found === undefined) return { status: 404 };
    return { status: 200, headers: { etag: '"1"' }, body: textOf(found) };
  };
}

function textOf(object: Objects[string]): string {
  return typeof object === "string" ? object : object[0];
}

function listed(objects: Objects): S3Answer {
  const entries = Object.entries(objects).map(([key, object]) => {
    const bytes = typeof object === "string" ? Buffer.byteLength(object) : object[1];
    const name = key.replace(/[&<>\p{Cc}]/gu, (one) => `&#${one.codePointAt(0)};`);
    return `<Contents><Key>${name}</Key><ETag>&quot;1&quot;</ETag><Size>${bytes}</Size></Contents>`;
  });
  const body = `<ListBucketResult><IsTruncated>false</IsTruncated>${entries.join("")}</ListBucketResult>`;
  return { status: 200, headers: { "content-type": "application/xml" }, body };
}

/** A table with its one file, under any folder. */
function table(folder: string, manifest = derived(folder)): Objects {
  return {
    [`${PREFIX}/${folder}/manifest.json`]: manifest,
    [`${PREFIX}/${folder}/part-0.${FINGERPRINT.sha256}.parquet`]: BODY,
  };
}

test("keys that lead elsewhere are no tables: nothing is written, in the store or outside", async () => {
  const folders = [
    ...["../../evil", `../${FOLDER}`, `lake/../../${DAY}`, `/${FOLDER}`, `/etc/${DAY}`],
    ...[`lake/trades/../${DAY}`, `lake//${DAY}`, `.tmp/x/${DAY}`, `features/.hidden/${DAY}`],
    ...[`features\\..\\..\\evil/${DAY}`, `C:/features/${DAY}`, `features/a\u0000b/${DAY}`],
    ...[`registry/models/${DAY}`, `features/${DAY}/`, `features/${DAY}/..`, `features/${DAY}/more`],
    `features/${DAY.replace("binance", "..")}`,
    `features/${DAY.replace("binance", "a%2f..%2fb")}`,
    `features/${DAY.replace("08-08", "02-31")}`,
    `features/${"x".repeat(300)}\n/${DAY}`,
  ];
  const evil = Object.assign({}, ...folders.map((folder) => table(folder)));
  const others = {
    [`${FOLDER}/manifest.json`]: derived(FOLDER),
    [`${PREFIX}`]: "",
    [`${PREFIX}/`]: "",
    [`${PREFIX}/manifest.json`]: "{}",
  };
  scene.proxy.answer = hostileBucket({ ...evil, ...others, ...table(`features/${DAY}`) });
  const store = await scene.store("in/store");
  await mkdir(path.join(scene.folder, "in"));
  const pulled = await scene.pull(store, ALL);
  expect(pulled.map(({ folder, status }) => [folder, status])).toEqual([
    [`features/${DAY}`, "copied"],
  ]);
  await tree(store);
  const found = Object.entries(await treeHashes(scene.folder));
  expect(found.filter(([, what]) => what !== "folder").map(([name]) => name)).toEqual([
    `in/store/features/${DAY}/manifest.json`,
    `in/store/features/${DAY}/part-0.parquet`,
  ]);
});

test("manifests that name other folders, other files or none fail their own table, in a sentence", async () => {
  const lake = `lake/trades/${DAY}`;
  const day = (n: number): string => `features/${DAY.replace("08-08", `08-${n}`)}`;
  const long = `features/${"x".repeat(300)}/${DAY}`;
  const origin = JSON.parse('{ "__proto__": { "polluted": true } }');
  const ticks = { format: 3, writer: "w", rows: 0, columns: [], files: {}, rejected: {} };
  const source = { kind: "file", path: "x", ...FINGERPRINT };
  const key = { type: "trades", exchange: "../../..", symbol: "x", date: "2024-08-08" };
  const cases: readonly (readonly [folder: string, manifest: string, reason: RegExp])[] = [
    [lake, derived(lake), /folder: was not what a manifest/],
    [day(10), derived(`features/${DAY}`), /was the manifest of features/],
    [day(11), derived("../../../evil"), /was the manifest of \.\.\/\.\.\/\.\.\/evil/],
    [day(12), derived(day(12), { "../../evil": FINGERPRINT }), /was not what a manifest/],
    [day(13), derived(day(13), { "/etc/evil": FINGERPRINT }), /was not what a manifest/],
    [day(14), derived(day(14), { "manifest.json": FINGERPRINT }), /was not what a manifest/],
    [day(15), derived(day(15), {}), /named no table/],
    [day(16), derived(day(16), undefined, origin), /a name that no field has/],
    [
      day(17),
      sealed({ kind: "ticks", ...ticks, ...key, source, first: null, last: null }),
      /was the manifest of lake\/trades\/exchange=\.\.\/\.\.\/\.\./,
    ],
    [day(18), `{"a":${"[".repeat(1e5)}${"]".repeat(1e5)}}`, /nested too deeply/],
    [day(19), `{"a":"${"x".repeat(5 << 20)}"}`, /has more than 4194304 bytes/],
    [day(20), "\u0000\u001b[2J", /was not valid JSON/],
    [day(21), "", /was not valid JSON/],
    [long, derived(long), /\(ENAMETOOLONG/],
    [
      day(22),
      derived(day(22), { "part-0.parquet": { bytes: 4, sha256: sha256("xxxx") } }),
      /is not in the bucket although its manifest is/,
    ],
    [
      day(23),
      derived(day(23), { "part-0.parquet": { ...FINGERPRINT, bytes: 2 ** 52 } }),
      /has 4 bytes, its manifest says 4503599627370496/,
    ],
  ];
  const objects = cases.map(([folder, manifest]) => table(folder, manifest));
  scene.proxy.answer = hostileBucket(Object.assign({}, ...objects, table(day(30))));
  const store = await scene.store("store");
  const pulled = await scene.pull(store, ALL);
  for (const [folder, , reason] of cases) {
    expect(pulled.find((one) => one.folder === folder)).toMatchObject({
      status: "failed",
      reason: expect.stringMatching(reason),
    });
  }
  expect(pulled).toHaveLength(cases.length + 1);
  const files = Object.keys(await tree(store)).filter((name) => name.endsWith("manifest.json"));
  expect(files).toEqual([`${day(30)}/manifest.json`]);
  expect(Reflect.get({}, "polluted")).toBeUndefined();
});

test("objects that are not what the list said are noticed: other bytes, more of them, without an end", async () => {
  const folder = `features/${DAY}`;
  const [manifestKey, parquetKey] = Object.keys(table(folder)) as [string, string];
  const store = await scene.store("store");
  for (const [body, reason] of [
    ["ydob", /had SHA-256/],
    ["bo", /had 2 bytes/],
    ["x".repeat(1 << 20), /had more than 4 bytes/],
  ] as const) {
    scene.proxy.answer = hostileBucket({
      [manifestKey]: derived(folder),
      [parquetKey]: [body, BODY.length],
    });
    expect(await scene.pull(store, ALL)).toMatchObject([
      { status: "failed", reason: expect.stringMatching(reason) },
    ]);
  }
  const bucket = hostileBucket(table(folder));
  scene.proxy.answer = (request, forward, response) => {
    if (!request.url.includes(".parquet")) return bucket(request, forward, response);
    response.writeHead(200);
    const timer = setInterval(() => response.write(Buffer.alloc(1 << 16)), 1);
    response.on("close", () => clearInterval(timer));
    return undefined;
  };
  expect(statuses(await scene.pull(store, ALL))).toEqual(["failed"]);
  expect(await tree(store)).toEqual({});
});

test("a list that never ends, or is none, is wrong input; one that names too little or too much does no harm", async () => {
  const store = await scene.store("store");
  await writeTestTrades(store, 3);
  await scene.push(store);
  const page = (inside: string): Answer => {
    const body = `<ListBucketResult>${inside}</ListBucketResult>`;
    return (request, forward) =>
      request.url.includes("list-type=2") ? { status: 200, body } : forward();
  };
  const next = "<NextContinuationToken>same</NextContinuationToken>";
  for (const inside of [
    `<IsTruncated>true</IsTruncated>${next}`,
    "<IsTruncated>true</IsTruncated>",
    "",
  ]) {
    scene.proxy.answer = page(inside);
    await expect(scene.pull(store)).rejects.toThrow(/does not answer as S3 does/);
  }
  const before = await scene.server.objects(scene.bucket);
  scene.proxy.answer = page("<IsTruncated>false</IsTruncated>");
  expect(statuses(await scene.push(store))).toEqual(["copied"]);
  expect(await scene.server.objects(scene.bucket)).toEqual(before);
});

test("a tag that lies is found out by verify", async () => {
  const store = await scene.store("store");
  await writeTestTrades(store, 3);
  await scene.push(store);
  const key = `${PREFIX}/${FOLDER}/manifest.json`;
  const before = await scene.server.objects(scene.bucket);
  const stale = await listing();
  await scene.server.put(scene.bucket, key, "{}");
  scene.proxy.answer = (request, forward) =>
    request.url.includes("list-type=2") ? stale : forward();
  expect(statuses(await scene.push(store))).toEqual(["kept"]);
  expect(statuses(await scene.push(store, { verify: true }))).toEqual(["mended"]);
  expect(await scene.server.objects(scene.bucket)).toEqual(before);
});

async function listing(): Promise<S3Answer> {
  let last: S3Answer | undefined;
  scene.proxy.answer = async (_, forward) => (last = await forward());
  await scene.push(await scene.store("none"));
  return last!;
}

/** A store whose place for a table leads out of it, and the folder where it leads. */
async function linkedStore(link: string): Promise<{ store: Store; outside: string }> {
  const outside = path.join(scene.folder, "outside");
  await mkdir(outside);
  await writeFile(path.join(outside, "part-0.parquet"), "precious");
  const store = await scene.store("store");
  const place = store.path(link);
  await mkdir(path.dirname(place), { recursive: true });
  await symlink(link.endsWith(".parquet") ? path.join(outside, "part-0.parquet") : outside, place);
  return { store, outside };
}

test.each(["lake", "lake/trades", path.dirname(FOLDER), FOLDER])(
  "a link at %s in the store is not followed by a pull",
  async (link) => {
    const source = await scene.store("source");
    await writeTestTrades(source, 3);
    await scene.push(source);
    const { store, outside } = await linkedStore(link);
    const before = await treeHashes(outside);
    for (const dryRun of [true, false]) {
      expect(await scene.pull(store, { overwrite: true, dryRun })).toMatchObject([
        { status: "failed", reason: expect.stringMatching(/is a link or below one/) },
      ]);
    }
    expect(await treeHashes(outside)).toEqual(before);
  },
);

test("a file of a partition that is a link is not pushed; a pull puts the file there and leaves the link's target", async () => {
  const source = await scene.store("source");
  await writeTestTrades(source, 3);
  await scene.push(source);
  const { store, outside } = await linkedStore(`${FOLDER}/part-0.parquet`);
  const before = await treeHashes(outside);
  const manifest = await readFile(source.path(`${FOLDER}/manifest.json`));
  await writeFile(store.path(`${FOLDER}/manifest.json`), manifest);
  expect(await scene.push(store)).toMatchObject([
    { status: "failed", reason: expect.stringMatching(/is a link or no file/) },
  ]);
  expect(statuses(await scene.pull(store))).toEqual(["mended"]);
  expect(await tree(store)).toEqual(await tree(source));
  expect(await treeHashes(outside)).toEqual(before);
});
