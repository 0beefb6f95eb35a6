import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { smallDisk } from "../faults/small-disk.js";
import { type Bundle, hasBundle, readBundle, writeAtomically, writeBundle } from "./bundles.js";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), "tickbook-bundles-"));
});
afterEach(async () => {
  await rm(root, { recursive: true });
});

const bundle: Bundle = {
  name: "lstm",
  version: "0a1b2c",
  trial: "0a1b2c3d",
  content: { seed: 1, features: ["a", "b"] },
  files: {
    "fold1.safetensors": Uint8Array.of(1, 2, 3),
    "predictions.safetensors": Uint8Array.of(9),
  },
};
const folder = () => path.join(root, "registry", "models", "lstm", "0a1b2c");

test("what is written is read back, and nothing temporary stays but the mark that its trial takes away", async () => {
  expect(await hasBundle(root, "lstm", "0a1b2c")).toBe(false);
  const hash = await writeBundle(root, bundle);
  expect(await hasBundle(root, "lstm", "0a1b2c")).toBe(true);
  expect(await readBundle(root, "lstm", "0a1b2c", hash)).toEqual(bundle);
  expect(await readdir(path.dirname(folder()))).toEqual(["0a1b2c", "0a1b2c.unrecorded"]);
});

test("the same content may be written again, other content under its name may not", async () => {
  const hash = await writeBundle(root, bundle);
  expect(await writeBundle(root, bundle)).toBe(hash);
  const other = { ...bundle, files: { ...bundle.files, "fold1.safetensors": Uint8Array.of(7) } };
  await expect(writeBundle(root, other)).rejects.toThrow("not the one that its trial recorded");
  expect(await readBundle(root, "lstm", "0a1b2c", hash)).toEqual(bundle);
});

test.each([
  ["fold1.safetensors", "had another SHA-256"],
  ["bundle.json", "not the one that its trial recorded"],
])("a changed %s is refused by name, a missing one too", async (name, message) => {
  const hash = await writeBundle(root, bundle);
  const file = path.join(folder(), name);
  const bytes = await readFile(file);
  bytes[1]! ^= 1;
  await writeFile(file, bytes);
  const read = () => readBundle(root, "lstm", "0a1b2c", hash);
  await expect(read()).rejects.toThrow(message);
  await rm(file);
  await expect(read()).rejects.toThrow(`${name}: is not there`);
});

test("a full disk is named with the file, and keeps nothing of what did not fit", async ({
  skip,
}) => {
  const disk = smallDisk(path.join(root, "disk"));
  if (disk === undefined) return skip("nothing may be mounted here");
  const large = new Uint8Array(40 << 20);
  const models = path.join(disk.folder, "registry", "models", "lstm");
  const files = { ...bundle.files, "predictions.safetensors": large };
  const refused = (name: string) => ({ code: "ENOSPC", path: expect.stringContaining(name) });
  await expect(writeBundle(disk.folder, { ...bundle, files })).rejects.toMatchObject(
    refused("predictions.safetensors"),
  );
  await expect(writeAtomically(path.join(models, "card.json"), large)).rejects.toMatchObject(
    refused("card.json"),
  );
  expect(await readdir(models)).toEqual([]);
  disk.remove();
});

test("a damaged bundle without its card is written again in its folder, and what else is there stays", async () => {
  const hash = await writeBundle(root, bundle);
  const evaluation = path.join(folder(), "evaluations", "0a1b2c3d4e5f.json");
  await mkdir(path.dirname(evaluation));
  await writeFile(evaluation, "{}");
  await rm(path.join(folder(), "fold1.safetensors"));
  await mkdir(path.join(folder(), "fold1.safetensors", "x"), { recursive: true });
  const read = () => readBundle(root, "lstm", "0a1b2c", hash);
  await expect(read()).rejects.toThrow(
    "fold1.safetensors: is a folder, expected a file; delete the bundle.json beside it, leave evaluations/ there and train again",
  );
  await expect(writeBundle(root, bundle)).rejects.toThrow("is a folder");
  await rm(path.join(folder(), "bundle.json"));
  await expect(read()).rejects.toThrow(
    "bundle.json: is not there; leave evaluations/ there and train again",
  );
  expect(await writeBundle(root, bundle)).toBe(hash);
  expect(await read()).toEqual(bundle);
  expect(await readFile(evaluation, "utf8")).toBe("{}");
  expect(await readdir(path.dirname(folder()))).toEqual(["0a1b2c", "0a1b2c.unrecorded"]);
});

test("a file in a bundle's place is to be taken away", async () => {
  const hash = await writeBundle(root, bundle);
  await rm(folder(), { recursive: true });
  await writeFile(folder(), "x");
  const said = /0a1b2c: is a file, expected a folder; take it away/;
  await expect(readBundle(root, "lstm", "0a1b2c", hash)).rejects.toThrow(said);
  await expect(writeBundle(root, bundle)).rejects.toThrow(said);
});

test.each(["../lstm", "lstm/..", "", ".", "LSTM", "/etc"])(
  "the name %j is refused",
  async (name) => {
    await expect(readBundle(root, name, "0a1b2c", "")).rejects.toThrow("no model or version");
    await expect(writeBundle(root, { ...bundle, version: name })).rejects.toThrow(
      "no model or version",
    );
  },
);
