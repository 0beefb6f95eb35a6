import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { OptionError } from "../core/errors.js";
import {
  DEFAULT_MARKET,
  mirrorFolder,
  rememberedParameters,
  requireMirror,
} from "./remembered-parameters.js";

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "tickbook-remembered-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, text: string): void => writeFileSync(path.join(folder, name), text);

test("a notebook runs again as it last did on the same store, not as on another", () => {
  const parameters = { dataDir: "/lake", exchange: "binance", from: "2024-08-08" };
  write("03-features.json", JSON.stringify({ parameters }));
  expect(rememberedParameters(["03-features"], folder, "/lake")).toEqual(parameters);
  expect(rememberedParameters(["01-ingest", "03-features"], folder, "/lake")).toEqual(parameters);
  const other = rememberedParameters(["03-features"], folder, "/pond");
  expect(other).toEqual({ dataDir: "/pond", source: mirrorFolder("/pond", DEFAULT_MARKET) });
});

test("a record that is cut off or of another shape is as good as none", () => {
  for (const text of ["", "{", "[]", '{"parameters":{}}', '{"parameters":7}', "null"]) {
    write("01-ingest.json", text);
    expect(rememberedParameters(["01-ingest"], folder, "/lake")).toHaveProperty("source");
  }
});

test("a store without its simulated market is told to make one; another source is not its matter", () => {
  const mirror = mirrorFolder(folder, DEFAULT_MARKET);
  expect(() => requireMirror(mirror, folder)).toThrow(OptionError);
  expect(() => requireMirror(mirror, folder)).toThrow(/run `npm start` first/);
  mkdirSync(mirror, { recursive: true });
  expect(() => requireMirror(mirror, folder)).not.toThrow();
  expect(() => requireMirror("tardis", folder)).not.toThrow();
  expect(() => requireMirror(undefined, folder)).not.toThrow();
});
