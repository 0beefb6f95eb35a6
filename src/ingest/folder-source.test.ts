import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { DataError } from "../core/errors.js";
import { folderSource } from "./folder-source.js";
import { ingest } from "./ingest.js";
import { planIngest } from "./plan.js";
import { cleanUp, csv, freshStore, KEY, mirror, trade } from "./test-mirror.js";
import { vendorPath } from "./vendor-path.js";

let root: string;
let file: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), "tickbook-folder-"));
  file = path.join(root, vendorPath(KEY));
  await mkdir(path.dirname(file), { recursive: true });
});
afterEach(async () => {
  await rm(root, { recursive: true, force: true });
  await cleanUp();
});

test("a file that is not there is absent; one behind a link is there", async () => {
  const source = await folderSource(root);
  expect(await source.size(KEY)).toBeUndefined();
  expect(await source.fetch(KEY, "")).toBeUndefined();
  expect(await source.size({ ...KEY, date: "2024-08-09" })).toBeUndefined();
  expect(await source.size({ ...KEY, exchange: "nope" })).toBeUndefined();
  await writeFile(path.join(root, "elsewhere"), "12345");
  await symlink(path.join(root, "elsewhere"), file);
  expect(await source.size(KEY)).toBe(5);
  expect(await source.fetch(KEY, "")).toBe(file);
});

const PLACE = vendorPath(KEY);
const DAY = path.dirname(PLACE);

test.each([
  ["a folder", () => mkdir(file), `${PLACE}: is a folder, expected a file; put the file`],
  ["a device", () => symlink("/dev/null", file), `${PLACE}: is no file; put the file`],
  [
    "a link that leads nowhere",
    () => symlink("/nowhere/at/all", file),
    `${PLACE}: is a link that leads nowhere; mend the link or remove it`,
  ],
  ["a link to itself", () => symlink(file, file), `${PLACE}: could not be looked at (ELOOP); let`],
  [
    "a day that is a link that leads nowhere",
    async () => {
      await rm(path.dirname(file), { recursive: true });
      await symlink("/nowhere/at/all", path.dirname(file));
    },
    `${DAY}: is a link that leads nowhere; mend`,
  ],
  [
    "a day that is a file",
    async () => {
      await rm(path.dirname(file), { recursive: true });
      await writeFile(path.dirname(file), "");
    },
    `${PLACE}: could not be looked at (ENOTDIR); let`,
  ],
] as const)(
  "%s in the place of a file is a failure that is named, not absence",
  async (_, place, said) => {
    await place();
    const source = await folderSource(root);
    for (const look of [() => source.size(KEY), () => source.fetch(KEY, "")]) {
      const failure = await look().catch((error: Error) => error);
      expect(failure).toBeInstanceOf(DataError);
      expect((failure as Error).message).toContain(said);
    }
  },
);

test("such a file fails its own partition and no other, and a plan says why it is refused", async () => {
  const good = await mirror({
    "BTCUSDT 2024-08-08": csv([trade(1)]),
    "ETHUSDT 2024-08-08": csv([]),
  });
  const at = path.join(good, vendorPath({ ...KEY, symbol: "ETHUSDT" }));
  await rm(at);
  await mkdir(at);
  const store = await freshStore();
  const request = { exchange: "binance", symbols: ["BTCUSDT", "ETHUSDT"], days: [KEY.date] };
  const source = await folderSource(good);
  const plan = await planIngest(store, source, request);
  expect(plan).toMatchObject([{ status: "new" }, { status: "refused", bytes: null }]);
  expect(plan[1]!.reason).toContain("ETHUSDT.csv.gz: is a folder");
  const [btc, eth] = await ingest(store, source, request);
  expect(btc).toMatchObject({ symbol: "BTCUSDT", status: "written" });
  expect(eth).toMatchObject({ symbol: "ETHUSDT", status: "failed" });
  expect(eth!.reason).toContain("ETHUSDT.csv.gz: is a folder");
});

test("a folder in the place of a stored file is refused by a plan, as it fails in a run", async () => {
  const good = await mirror({ "BTCUSDT 2024-08-08": csv([trade(1)]) });
  const store = await freshStore();
  const source = await folderSource(good);
  const request = { exchange: "binance", symbols: ["BTCUSDT"], days: [KEY.date] };
  await ingest(store, source, request);
  const at = path.join(good, vendorPath(KEY));
  await rm(at);
  await mkdir(at);
  const [planned] = await planIngest(store, source, request);
  expect(planned).toMatchObject({ status: "refused", bytes: null, storedBytes: null });
  const [run] = await ingest(store, source, request);
  expect(run).toMatchObject({ status: "failed", reason: planned!.reason });
});
